"""Workbooks as people treat them: downloaded, filled in, sent back, and tampered with."""

import io
import re
import zipfile

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from services.models import ServiceLine
from tests.services.pages import BASE, Office, make_office

HERE = f"{BASE}workbook/"
NAME = "figures.xlsx"


def make_workbook_office() -> Office:
    """The office, with Placements in row 2 of its workbook, Fostering in row 3 and Top-ups in row 4."""
    office = make_office()
    ServiceLine.objects.filter(pk=office.fostering.pk).update(order=1)
    return office


def downloaded(client) -> bytes:
    """The workbook this person is given."""
    response = client.get(f"{HERE}lines.xlsx")
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content


def edited(content: bytes, cells=None, edit=None) -> bytes:
    """The workbook with these cells typed over, `{"I2": 5}`; `edit(book)` does what else is to be done."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in (cells or {}).items():
        book["Lines"][place].value = value
    if edit:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_xml(content: bytes, place: str, cell: str) -> bytes:
    """The workbook with the XML of one cell of “Lines” put in by hand, as only Excel itself writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text, count = re.subn(rf'<c r="{place}"[^>]*?(/>|>.*?</c>)', cell, part.decode())
                assert count == 1
                part = text.encode()
            new.writestr(name, part)
    return out.getvalue()


def send(client, content: bytes, name: str = NAME):
    """Upload; the answer is the page with every difference."""
    return client.post(HERE, {"file": SimpleUploadedFile(name, content)})


def confirmation(response) -> dict[str, str]:
    """What a browser sends from the preview's form as it was served."""
    form = response.context["confirm"]
    return {bound.html_name: str(bound.value() or "") for bound in form.hidden_fields()}


def confirm(client, response, reason="Agreed with the service.", **choices):
    """Press the button of a preview, with a reason for what looks odd in it."""
    sent = confirmation(response) | {"reason": reason} | choices
    return client.post(f"{HERE}confirm/", sent, follow=True)


def differences(response) -> list[tuple[str, str, str, str, str]]:
    """The table of differences: line, figure, when downloaded, held now, in the file."""
    return [
        (row.line, row.figure, row.base, row.theirs, row.yours)
        for row in response.context["differences"].all_rows
    ]


def problems(response) -> list[str]:
    """The problems that the preview lists, each with its place."""
    return [f"{row.where}: {row.what}" for row in response.context["problems"].all_rows]


def remarks(response) -> str:
    """What is said to be worth knowing."""
    return " ".join(response.context["uploaded"].remarks)
