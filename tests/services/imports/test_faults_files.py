"""Files that must not get in: each is refused in words, and nothing changes. The rows are those of the catalogue of faults."""

import io
import struct
import time
import zipfile

import pytest

from services.imports.problems import UnreadableFileError
from services.imports.profile import parse_profile
from services.imports.xlsx_structure import structure_of
from tests.services.factories import make_council, make_line
from tests.services.imports.support import (
    HEADINGS,
    codes_of,
    csv_bytes,
    imported,
    problems_of,
    refused,
    remarks_of,
    xlsx_bytes,
)

CREATE = "create_missing_lines = true"
GOOD = ("Fostering", "1000.00", "1200.00")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def council(db):
    council = make_council()
    make_line(council, "Fostering")
    return council


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def repacked(content: bytes, *, replace=None, add=None) -> bytes:
    """A workbook with parts replaced (by a function) or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            part = source.read(name)
            archive.writestr(name, replace(name, part) if replace else part)
        for name, part in (add or {}).items():
            archive.writestr(name, part)
    return target.getvalue()


@pytest.mark.parametrize("content", [b"", b"  \r\n \n"])
def test_i01_an_empty_file_is_refused(council, content):
    assert "The file is empty" in problems_of(refused(council, content))


@pytest.mark.parametrize("content", [csv_bytes(), xlsx_bytes()])
def test_i02_headings_alone_are_no_rows_and_delete_nothing(council, content):
    name = "return.xlsx" if content.startswith(b"PK") else "return.csv"
    told = problems_of(refused(council, content, name=name))
    assert "No rows found" in told
    assert "Nothing is deleted" in told


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (csv_bytes(GOOD), "holds plain text"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (OLE + b"\x00" * 600, "old Excel"),
        (
            zipped(
                content__x=b"",
                **{
                    "content.xml": b"<office/>",
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                },
            ),
            "OpenDocument",
        ),
        (zipped(word__document_xml=b"", **{"word/document.xml": b"<w/>"}), "Word document"),
        (zipped(a=b"nothing"), "zip archive"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"<!DOCTYPE html><table></table>", "web page"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_i03_a_file_is_what_its_content_says_and_not_its_name(council, content, says):
    told = problems_of(refused(council, content, name="return.xlsx"))
    assert says in told
    assert ".xlsx" in told or "Open it in Excel" in told


def test_i04_a_workbook_with_a_password_is_to_be_sent_without(council):
    content = OLE + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le")
    assert "Remove the password" in problems_of(refused(council, content, name="return.xlsx"))


def test_i05_a_small_file_that_unpacks_to_fifty_megabytes_is_refused_at_once(council):
    sheet = b"<sheetData>" + b"<row><c><v>1</v></c></row>" * 2_000_000 + b"</sheetData>"
    content = repacked(xlsx_bytes(GOOD), replace=lambda name, part: sheet if "sheet1" in name else part)
    assert len(content) < 400_000
    started = time.perf_counter()
    found = refused(council, content, name="return.xlsx")
    assert time.perf_counter() - started < 1
    assert "It was not opened" in problems_of(found)


def test_i06_ten_thousand_parts_are_refused(council):
    content = repacked(xlsx_bytes(GOOD), add={f"xl/p{number}.xml": b"<a/>" for number in range(10_000)})
    assert "parts inside" in problems_of(refused(council, content, name="return.xlsx"))


def test_i06_an_archive_in_the_archive_is_refused(council):
    content = repacked(xlsx_bytes(GOOD), add={"xl/media/more.zip": zipped(a=b"1")})
    assert "packed inside" in problems_of(refused(council, content, name="return.xlsx"))


def test_i06_overlapping_parts_are_refused(council):
    content = bytearray(xlsx_bytes(GOOD))
    entries = [place for place in range(len(content) - 4) if content[place : place + 4] == b"PK\x01\x02"]
    first = struct.unpack_from("<I", content, entries[0] + 42)
    struct.pack_into("<I", content, entries[1] + 42, first[0])
    told = problems_of(refused(council, bytes(content), name="return.xlsx"))
    assert "overlap" in told or "damaged" in told or "not what its directory says" in told


def test_i06_a_part_larger_than_the_directory_says_stops_there(council):
    content = bytearray(xlsx_bytes(*[GOOD] * 3))
    entries = [place for place in range(len(content) - 4) if content[place : place + 4] == b"PK\x01\x02"]
    for entry in entries:
        size = struct.unpack_from("<I", content, entry + 24)[0]
        struct.pack_into("<I", content, entry + 24, max(size - 40, 1))
    assert "not what its directory says" in problems_of(refused(council, bytes(content), name="return.xlsx"))


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
    ],
)
def test_i07_entities_are_refused_and_no_path_is_told(council, declaration):
    def poisoned(name, part):
        return part.replace(b"?>", b"?>" + declaration, 1) if "sheet1" in name else part

    told = problems_of(refused(council, repacked(xlsx_bytes(GOOD), replace=poisoned), name="return.xlsx"))
    assert "entities" in told
    assert "/etc" not in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_i07_a_sheet_that_defines_entities_is_refused_in_any_encoding(encoding):
    """Written in UTF-16 the declaration has other bytes, which a search of the file would pass over."""
    sheet = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "1">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(UnreadableFileError):
        structure_of(sheet.encode(encoding), name="Return")


def test_i08_a_sheet_that_says_it_is_endless_is_read_by_its_real_cells(council):
    def endless(name, part):
        return part.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"') if "sheet1" in name else part

    content = repacked(xlsx_bytes(GOOD), replace=endless)
    found = imported(council, content, name="return.xlsx")
    assert found.rows_matched == 1


def test_i08_a_stray_cell_far_away_is_named_and_not_read(council):
    content = xlsx_bytes(GOOD, edit=lambda _, sheet: sheet.write(1_048_575, 16_383, "stray"))
    started = time.perf_counter()
    told = problems_of(refused(council, content, name="return.xlsx"))
    assert "as far as row 1,048,576" in told
    assert time.perf_counter() - started < 1


def test_i09_more_than_fifty_thousand_lines_are_refused_with_the_count(council):
    rows = b"\r\n".join(b"Line %d,1,1" % number for number in range(50_200))
    assert "50,2" in problems_of(
        refused(council, b"Service line,Revised budget,Forecast outturn\r\n" + rows, toml=CREATE)
    )


def test_i10_a_formula_with_its_value_is_read_and_told(council):
    content = xlsx_bytes(
        ("Fostering", 1000), edit=lambda _, sheet: sheet.write_formula("C2", "=B2*1.2", None, 1200)
    )
    found = imported(council, content, name="return.xlsx")
    assert "1 figure is from a formula; the saved value was read: C2" in remarks_of(found)


def test_i11_a_formula_without_its_value_is_never_a_blank(council):
    content = xlsx_bytes(
        ("Fostering", 1000), edit=lambda _, sheet: sheet.write_formula("C2", "=B2*1.2", None, "")
    )
    found = refused(council, content, name="return.xlsx")
    (problem,) = found.problems
    assert (problem.sheet, problem.row, problem.column) == ("Return", 2, "Forecast outturn")
    assert "without a saved value" in problem.what


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_i12_an_error_in_a_cell_is_named_with_its_cell(council, error):
    content = xlsx_bytes(
        ("Fostering", 1000), edit=lambda _, sheet: sheet.write_formula("C2", "=1/0", None, error)
    )
    (problem,) = refused(council, content, name="return.xlsx").problems
    assert error in problem.what
    assert (problem.row, problem.column) == (2, "Forecast outturn")


def test_i13_hidden_sheets_are_listed_with_their_rows_and_not_read(council):
    def hide(workbook, _):
        for name, hidden in (("Old", "hide"), ("Secret", "very_hidden")):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, HEADINGS)
            sheet.write_row(1, 0, ("Fostering", 9, 9))
            getattr(sheet, hidden)()

    found = imported(council, xlsx_bytes(GOOD, edit=hide), name="return.xlsx")
    assert "sheet “Old” is hidden (2 rows) and was not read" in found.reading.facts
    assert "sheet “Secret” is very hidden (2 rows) and was not read" in found.reading.facts


def test_i13_hidden_rows_and_columns_are_left_out_only_when_that_is_confirmed(council):
    make_line(council, "Adoption")

    def hide(_, sheet):
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.autofilter("A1:C3")

    content = xlsx_bytes(GOOD, ("Adoption", 5, 6), edit=hide)
    found = refused(council, content, name="return.xlsx")
    assert codes_of(found) == {"hidden"}
    assert "1 hidden rows" in found.confirmations[0].details[0]
    assert "sheet “Return” has a filter" in found.reading.facts
    assert imported(council, content, name="return.xlsx", confirmed=["hidden"]).rows_matched == 1


def test_i14_cells_merged_over_the_figures_are_named(council):
    make_line(council, "Adoption")
    content = xlsx_bytes(GOOD, ("Adoption", 5, 6), edit=lambda _, sheet: sheet.merge_range("C2:C3", 1200))
    told = problems_of(refused(council, content, name="return.xlsx"))
    assert "C2:C3" in told


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "from other files"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/activeX/activeX1.xml", "can run"),
    ],
)
def test_i15_macros_links_and_embedded_files_are_refused(council, part, says):
    content = repacked(xlsx_bytes(GOOD), add={part: b"<x/>"})
    assert says in problems_of(refused(council, content, name="return.xlsm"))


@pytest.mark.parametrize("edit", ["unclosed", "long cell", "wide"])
def test_i27_a_table_that_cannot_be_a_table_is_refused_quickly_with_its_line(council, edit):
    head = b"Service line,Revised budget,Forecast outturn\r\n"
    content = {
        "unclosed": head + b'Fostering,1,2\r\n"Adoption,3,4\r\nYouth,5,6\r\n',
        "long cell": head + b'Fostering,1,2\r\n"' + b"x" * 10_000_000 + b'",3,4\r\n',
        "wide": head + b"Fostering,1,2\r\n" + b"1," * 20_000 + b"\r\n",
    }[edit]
    started = time.perf_counter()
    (problem,) = refused(council, content).problems
    assert time.perf_counter() - started < 2
    assert problem.row == 3


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "x" * 300 + ".csv", "📊.csv", "con.csv", "C:\\returns\\m7.csv", "a\u202eb.csv"],
)
def test_i41_a_files_name_is_only_a_name(council, name):
    found = imported(council, csv_bytes(GOOD), name=name)
    assert "/" not in found.reading.file_name
    assert "\\" not in found.reading.file_name
    assert "\u202e" not in found.reading.file_name
    assert len(found.reading.file_name) <= 255
    assert council.import_batches.get().file_digest == found.reading.digest


def test_i42_a_test_virus_is_text_that_is_no_table(council):
    eicar = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
    assert "No row of headings was found" in problems_of(refused(council, eicar))


def test_a_profile_that_is_wrong_says_every_mistake():
    with pytest.raises(ValueError, match="unit") as error:
        parse_profile('unit = "pounds"\noverspend = "minus"\n[columns]\nBudget = "revised_buget"\n')
    told = str(error.value)
    assert "Did you mean “units”" in told
    assert 'must be "positive" or "negative"' in told
    assert "Did you mean “revised_budget”" in told
