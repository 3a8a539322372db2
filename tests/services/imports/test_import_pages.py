"""The browser pages of importing: upload, preview, say how to read it, confirm."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services.models import ImportBatch, ImportProfile
from services.roles import Role
from tests.services.factories import make_council, make_line, make_member_of, make_period, the_officer
from tests.services.imports.support import csv_bytes, fingerprint, position_of, xlsx_bytes

HERE = "/north-borough/working/2023-24/p7/import/"


@pytest.fixture
def council(db):
    council = make_council()
    for name in ("Fostering", "Adoption"):
        make_line(council, name)
    make_period(council)
    return council


@pytest.fixture
def officer(client, council):
    client.force_login(the_officer(council))
    return client


def send(client, content, name="return.csv", **given):
    return client.post(HERE, {"file": SimpleUploadedFile(name, content), **given})


def sent(client, content, name="return.csv", **given):
    """Upload a file that is accepted, and return the address of its preview."""
    response = send(client, content, name, **given)
    assert response.status_code == 302, response.content.decode()[:3000]
    return response["Location"]


def text_of(response) -> str:
    return response.content.decode()


def test_a_file_is_uploaded_looked_at_and_confirmed(officer, council):
    before = position_of(council)
    address = sent(officer, csv_bytes(("Fostering", "1000.00", "1200.00"), ("Adoption", "50", "40")))
    page = text_of(officer.get(address))
    assert "Nothing is written yet" in page
    assert "Import 2 lines into Month 7, October 2023" in page
    assert position_of(council) == before
    response = officer.post(address + "apply/", follow=True)
    assert "2 lines changed" in text_of(response)
    assert {line.name: line.position.forecast_outturn for line in position_of(council).lines} == {
        "Adoption": 40,
        "Fostering": 1200,
    }


def test_a_second_click_or_a_second_tab_imports_once(officer, council):
    address = sent(officer, csv_bytes(("Fostering", "1000.00", "1200.00")))
    assert sent(officer, csv_bytes(("Fostering", "1000.00", "1200.00"))) == address
    officer.post(address + "apply/")
    before = fingerprint()
    response = officer.post(address + "apply/", follow=True)
    assert "has already been imported, by Finance officer" in text_of(response)
    assert fingerprint() == before


def test_a_file_that_is_no_table_is_refused_on_the_spot_and_not_kept(officer, council):
    before = fingerprint()
    response = send(officer, b"%PDF-1.7", "return.csv")
    assert response.status_code == 422
    assert "The file is a PDF" in text_of(response)
    assert send(officer, b"").status_code == 422
    assert fingerprint() == before


def test_problems_are_listed_and_the_file_is_kept_to_be_read_again(officer, council):
    address = sent(officer, csv_bytes(("Fostering", "1000", "12.345"), ("Nowhere", "1", "2")))
    page = text_of(officer.get(address))
    assert "Nothing can be written yet: 2 problems" in page
    assert "finer than a penny" in page
    response = officer.post(address + "apply/")
    assert response.status_code == 422
    assert not ImportBatch.objects.filter(state="applied").exists()
    rows = list(
        csv.DictReader(io.StringIO(officer.get(address + "problems.csv").content.decode("utf-8-sig")))
    )
    assert [row["Where"] for row in rows] == [
        "row 2, column “Forecast outturn”",
        "row 3, column “service line”",
    ]


def test_a_finding_is_ticked_or_nothing_is_written(officer, council):
    address = sent(
        officer, csv_bytes(("Fostering", "100", "110"), ("Adoption", "5", "6"), ("Total", "105", "116"))
    )
    assert "These rows look like totals" in text_of(officer.get(address))
    response = officer.post(address + "apply/")
    assert response.status_code == 422
    assert "still to be confirmed" in text_of(response)
    officer.post(address + "apply/", {"total-row": "on"})
    assert ImportBatch.objects.get().outcome["confirmed"] == ["total-row"]


def test_headings_that_nobody_knows_are_explained_in_the_browser_and_kept_as_a_profile(officer, council):
    content = csv_bytes(
        ("Fostering", "1", "2", "(1)"), ("All", "1", "2", "(1)"), headings=("Area", "Money", "Guess", "Gap")
    )
    address = sent(officer, content)
    page = text_of(officer.get(address))
    assert "No row of headings was found" in page
    given = {
        "column_0": "service_line", "column_1": "revised_budget", "column_2": "forecast_outturn", "column_3": "variance",
        "units": "thousands", "overspend": "negative", "total_rows": "All", "save_as": "Quarterly table",
    }  # fmt: skip
    response = officer.post(address + "read/", given, follow=True)
    assert "The file is read as you said" in text_of(response)
    again = response.redirect_chain[-1][0]
    officer.post(again + "apply/")
    line = next(line for line in position_of(council).lines if line.name == "Fostering").position
    assert (line.revised_budget, line.forecast_outturn, line.variance_before_reserves) == (1000, 2000, 1000)
    profile = ImportProfile.objects.get()
    assert profile.name == "Quarterly table"
    assert officer.get(again + "profile.toml").content.decode() == profile.toml
    assert sent(officer, content.replace(b"All,1,2,(1)\r\n", b""), profile=profile.pk)


def test_a_workbook_is_previewed_with_what_is_hidden_in_it(officer, council):
    def hide(workbook, _):
        workbook.add_worksheet("Old").hide()

    address = sent(officer, xlsx_bytes(("Fostering", 1000, 1200), edit=hide), "return.xlsx")
    assert "sheet “Old” is hidden (0 rows) and was not read" in text_of(officer.get(address))


def test_words_from_a_file_are_inert_on_the_page(officer, council):
    content = csv_bytes(("<script>alert(1)</script>", "1", "2"), ("{{ 7|add:7 }}", "1", "2"))
    page = text_of(officer.get(sent(officer, content, "<b>.csv")))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7|add:7 }}" in page
    assert "<b>.csv" not in page


def test_a_file_put_aside_is_not_imported(officer, council):
    address = sent(officer, csv_bytes(("Fostering", "1000.00", "1200.00")))
    assert "put aside" in text_of(officer.post(address + "abandon/", follow=True))
    assert "was put aside" in text_of(officer.post(address + "apply/", follow=True))
    assert position_of(council).lines[1].position.forecast_outturn is None


@pytest.mark.parametrize(
    "role", [Role.SCRUTINY_MEMBER, Role.CLERK, Role.BUDGET_HOLDER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_only_who_may_import_gets_there(client, council, officer, role):
    address = sent(officer, csv_bytes(("Fostering", "1000.00", "1200.00")))
    client.force_login(make_member_of(council, role))
    for path in (HERE, address, address + "problems.csv", address + "profile.toml"):
        assert client.get(path).status_code in (403, 404)
    for path in (HERE, address + "apply/", address + "abandon/", address + "read/"):
        assert client.post(path).status_code in (403, 404)


def test_another_councils_file_is_not_there(client, council, officer):
    address = sent(officer, csv_bytes(("Fostering", "1000.00", "1200.00")))
    other = make_council("south-borough", "South Borough")
    make_period(other)
    client.force_login(the_officer(other))
    assert client.get(address).status_code == 404
    assert client.get(address.replace("north", "south")).status_code == 404


def test_what_is_to_be_confirmed_is_shown_beside_the_problems_too(officer, council):
    address = sent(
        officer, csv_bytes(("Fostering", "100", "110"), ("Nowhere", "5", "6"), ("Total", "105", "116"))
    )
    assert "To be confirmed once the problems are put right" in text_of(officer.get(address))


def test_a_page_number_that_is_not_there_shows_the_first(officer, council):
    address = sent(officer, csv_bytes(("Fostering", "100", "110")))
    assert officer.get(address + "?page=99").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_lines(council, django_assert_max_num_queries):
    from tests.services.imports.support import imported

    def file(count, forecast):
        return csv_bytes(*((f"Line {number}", "100.00", forecast) for number in range(count)))

    toml = "create_missing_lines = true"
    imported(council, file(400, "110.00"), toml=toml)
    for count in (1, 400):
        with django_assert_max_num_queries(45):
            assert imported(council, file(count, f"{110 + count}.00"), toml=toml).rows_changed == count
