"""A council's lines as a workbook, out and back: download, upload with its preview, and save; milliseconds, queries, bytes.

Run: python -m benchmarks.workbook [lines]   (makes its own database in a temporary folder)
"""

import io
import re
import sys
import time
from decimal import Decimal

from benchmarks.position_page import make_council, measure, prepare


def filled_in(content: bytes, changes: int) -> bytes:
    """The workbook with the forecast outturn of its first lines put up by a pound, as somebody in Excel would."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Lines"]
    for row in range(2, changes + 2):
        held = Decimal(repr(sheet[f"I{row}"].value))
        sheet[f"I{row}"].value = held + 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main(lines: int) -> None:
    """Make the council, measure, print."""
    prepare()
    council, periods, people = make_council(lines, 1)
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from services.position.workbook import workbook_lines

    client = Client()
    client.force_login(people["officer"])
    last = periods[-1]
    here = f"/bench/working/{last.period.slug}/workbook/"
    assert client.get("/bench/working/").status_code == 200  # the site has started; no grid has been read
    started = time.perf_counter()
    content = client.get(f"{here}lines.xlsx").content
    first = (time.perf_counter() - started) * 1000
    key = sum(len(part) for part in _key(content))
    print(
        f"{lines} lines, SQLite; milliseconds. The workbook has {len(content):,} bytes, its key {key:,} characters. "
        f"The first download, no grid read before: {first:.0f} ms"
    )
    print(f"{'':<44} {'queries':>7} {'elapsed':>9} {'processor':>9} {'size':>9}")

    def upload(sent: bytes) -> object:
        response = client.post(here, {"file": SimpleUploadedFile("figures.xlsx", sent)})
        assert response.status_code == 200, response.content.decode()[:3000]
        return response

    measure("lines to be filled in", lambda: workbook_lines(council, last, directorate_ids=None))
    measure("download", lambda: client.get(f"{here}lines.xlsx"))
    measure("upload and preview, nothing changed", lambda: upload(content))
    for changes in (10, lines):
        sent = filled_in(content, changes)
        measure(f"upload and preview, {changes} figures changed", lambda sent=sent: upload(sent))
    page = upload(filled_in(content, lines)).content.decode()
    proposal = re.search(r'name="proposal" value="([^"]+)"', page)[1]
    sent = {"proposal": proposal, "key": "benchmark", "reason": "A pound more on every line."}

    def save() -> object:
        response = client.post(f"{here}confirm/", sent)
        assert response.status_code == 302, response.content.decode()[:3000]
        return response

    started = time.perf_counter()
    save()
    print(f"{f'save {lines} lines':<44} {'':>7} {(time.perf_counter() - started) * 1000:>9.1f}")
    measure("the same form again, which changes nothing", save)


def _key(content: bytes) -> list[str]:
    import openpyxl

    about = openpyxl.load_workbook(io.BytesIO(content))["About"]
    return [row[1].value for row in about.iter_rows() if str(row[0].value).startswith("Key ")]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
