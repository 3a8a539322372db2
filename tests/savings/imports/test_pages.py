"""The browser pages of importing a schedule: upload, preview, say how to read it, confirm."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from savings.imports.profile import parse_schedule_profile
from savings.models import PhasingVersion, SavingsProposal, ScheduleImport, ScheduleProfile
from services.roles import Role
from tests.savings.imports.support import amounts, case, fingerprint, imported, proposal, schedule, workbook
from tests.services.factories import make_council, make_directorate, make_member_of, make_period, the_officer
from tests.services.pages import words

HERE = "/north-borough/working/savings/import/"
ROW = ("A1", "Contracts", "(1,000)", "(500)", "(1,500)")


@pytest.fixture
def council(db):
    council = make_council()
    make_period(council)
    return council


@pytest.fixture
def officer(client, council):
    client.force_login(the_officer(council))
    return client


def send(client, content, name="schedule.csv", **given):
    return client.post(HERE, {"file": SimpleUploadedFile(name, content), **given})


def sent(client, content, name="schedule.csv", **given):
    """Upload a file that is accepted, and return the address of its preview."""
    response = send(client, content, name, **given)
    assert response.status_code == 302, response.content.decode()[:3000]
    return response["Location"]


def reading(**given):
    """What the form of how to read a file sends."""
    return {"kind": "saving", "stage": "proposal"} | given


def test_the_published_schedule_is_uploaded_looked_at_and_confirmed(officer, council):
    rows = [[row["label"], *row["printed"]] for row in case("walsall.json")["rows"]]
    address = sent(officer, schedule(*rows, headings=["label", *case("walsall.json")["columns"]]))
    page = words(officer.get(address))
    assert "Nothing is written yet" in page
    assert "OP16 Families First for Children Pathfinder Programme: total = sum of its years" in page
    assert "−£4,440,656.00 −£4,440,657.00 £1.00 £2.50 within rounding" in page
    assert "puts £645,032.00 in 2027/28 back into the base" in page
    assert "11 proposals will be recorded, and 0 will get a new version" in page
    assert not SavingsProposal.objects.exists()
    done = words(officer.post(address + "apply/", follow=True))
    assert "Imported: 11 proposals recorded" in done
    assert "£1.00" in done
    assert amounts(council, "OP18")["2027/28"] == "645032.00"


def test_a_changed_amount_is_shown_old_and_new(officer, council):
    imported(council, schedule(ROW, ("A2", "Fees", "(5)", "0", "(5)")))
    later = schedule(("A1", "Contracts", "(900)", "(500)", "(1,400)"), ("A2", "Fees", "(5)", "0", "(5)"))
    address = sent(officer, later)
    page = words(officer.get(address))
    assert "A1 Contracts 2026/27 −1,000.00 −900.00" in page
    assert "A1 Contracts Total as printed −1,500.00 −1,400.00" in page
    assert "0 proposals will be recorded, and 1 will get a new version of its amounts" in page
    officer.post(address + "apply/")
    assert proposal(council, "A1").phasings.count() == 2
    assert proposal(council, "A2").phasings.count() == 1


def test_a_file_that_would_change_nothing_says_so_and_has_no_button(officer, council):
    imported(council, schedule(ROW))
    page = words(officer.get(sent(officer, schedule(ROW))))
    assert "This file has been imported already" in page
    assert "Import 1 proposal" not in page


def test_a_second_click_or_a_second_tab_imports_once(officer):
    address = sent(officer, schedule(ROW))
    assert sent(officer, schedule(ROW)) == address
    officer.post(address + "apply/")
    before = fingerprint()
    assert "has already been imported, by Finance officer" in words(
        officer.post(address + "apply/", follow=True)
    )
    assert fingerprint() == before


def test_a_file_that_is_no_table_is_refused_on_the_spot_and_not_kept(officer):
    before = fingerprint()
    response = send(officer, b"%PDF-1.7", "schedule.csv")
    assert response.status_code == 422
    assert "The file is a PDF" in words(response)
    assert send(officer, b"").status_code == 422
    assert fingerprint() == before


def test_problems_are_listed_with_sheet_row_and_column_and_can_be_taken_away(officer):
    content = workbook(("A1", "Contracts", "ten", "(500)", ""), ("A2", "", "(1)", "0", ""))
    address = sent(officer, content, "schedule.xlsx")
    page = words(officer.get(address))
    assert "Nothing can be written yet: 2 problems" in page
    assert "sheet Return, row 2, column “2026/27”" in page
    assert officer.post(address + "apply/").status_code == 422
    assert not ScheduleImport.objects.filter(state="applied").exists()
    rows = list(
        csv.DictReader(io.StringIO(officer.get(address + "problems.csv").content.decode("utf-8-sig")))
    )
    assert [row["Where"] for row in rows] == [
        "sheet Return, row 2, column “2026/27”", "sheet Return, row 3, column “Title”",
    ]  # fmt: skip


def test_a_finding_is_ticked_or_nothing_is_written(officer):
    address = sent(officer, schedule(ROW, ("", "Total savings", "(1,000)", "(500)", "(1,500)")))
    assert "These rows look like totals" in words(officer.get(address))
    response = officer.post(address + "apply/")
    assert response.status_code == 422
    assert "still to be confirmed" in words(response)
    officer.post(address + "apply/", {"total-row": "on"})
    assert ScheduleImport.objects.get().outcome["confirmed"] == ["total-row"]
    assert SavingsProposal.objects.count() == 1


def test_headings_that_nobody_knows_are_explained_in_the_browser_and_kept_as_a_profile(officer, council):
    content = schedule(
        ("Contracts", "1", "2", "3"), ("All", "1", "2", "3"), headings=("Area", "One", "Two", "Both")
    )
    address = sent(officer, content)
    assert "No row of headings was found" in words(officer.get(address))
    given = reading(
        column_0="title", column_1="year:2026/27", column_2="year:2027/28", column_3="total", units="thousands",
        printed="positive", total_rows="All", save_as="Budget paper",
    )  # fmt: skip
    response = officer.post(address + "read/", given, follow=True)
    assert "The file is read as you said" in words(response)
    again = response.redirect_chain[-1][0]
    officer.post(again + "apply/")
    assert [one.phases.first().amount for one in PhasingVersion.objects.all()] == [-1000]
    held = ScheduleProfile.objects.get()
    assert held.name == "Budget paper"
    assert officer.get(again + "profile.toml").content.decode() == held.toml
    assert parse_schedule_profile(held.toml).negative is False
    assert sent(officer, content.replace(b"Contracts", b"Fees"), profile=held.pk)


def test_a_schedule_of_growth_is_said_to_be_one(officer):
    content = schedule(("Demand", "10"), headings=("Pressure", "2026/27"))
    address = sent(officer, content)
    assert "Nothing says how the schedule prints savings" in words(officer.get(address))
    given = reading(kind="growth", column_0="title", column_1="year:2026/27")
    again = officer.post(address + "read/", given, follow=True).redirect_chain[-1][0]
    assert "growth and pressures" in words(officer.get(again))
    officer.post(again + "apply/")
    assert SavingsProposal.objects.get().kind == "growth"


def test_a_reading_that_cannot_be_is_refused_beside_what_was_typed(officer):
    address = sent(officer, schedule(ROW))
    response = officer.post(address + "read/", reading(stage="agreed", column_1="title"))
    assert response.status_code == 422
    assert "decided_by must say who decided" in words(response)


def test_words_from_a_file_are_inert_on_the_page(officer):
    content = schedule(
        ("A1", "<script>alert(1)</script>", "(1)", "", ""), ("A2", "{{ 7|add:7 }}", "(1)", "", "")
    )
    page = officer.get(sent(officer, content, "<b>.csv")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7|add:7 }}" in page
    assert "<b>.csv" not in page


def test_a_file_put_aside_is_not_imported(officer):
    address = sent(officer, schedule(ROW))
    assert "put aside" in words(officer.post(address + "abandon/", follow=True))
    assert "was put aside" in words(officer.post(address + "apply/", follow=True))
    assert not SavingsProposal.objects.exists()


def test_the_page_is_among_the_imports(officer):
    assert f'href="{HERE}"' in officer.get("/north-borough/working/2023-24/p7/import/").content.decode()
    assert "No schedule has been read for this council" in words(officer.get(HERE))


@pytest.mark.parametrize(
    "role", [Role.SCRUTINY_MEMBER, Role.CLERK, Role.BUDGET_HOLDER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_only_who_may_import_gets_there(client, council, officer, role):
    address = sent(officer, schedule(ROW))
    client.force_login(make_member_of(council, role))
    for path in (HERE, address, address + "problems.csv", address + "profile.toml"):
        assert client.get(path).status_code in (403, 404)
    for path in (HERE, address + "apply/", address + "abandon/", address + "read/"):
        assert client.post(path).status_code in (403, 404)


def test_an_officer_of_one_directorate_may_not_import_the_whole_councils_schedule(client, council):
    part = make_member_of(council, Role.FINANCE_OFFICER, directorate=make_directorate(council, "Education"))
    client.force_login(part)
    assert client.get(HERE).status_code == 403


def test_another_councils_file_is_not_there(client, council, officer):
    address = sent(officer, schedule(ROW))
    other = make_council("south-borough", "South Borough")
    client.force_login(the_officer(other))
    assert client.get(address).status_code == 404
    assert client.get(address.replace("north", "south")).status_code == 404
