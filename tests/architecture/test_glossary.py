"""Every column heading is explained in the glossary."""

import importlib
import pkgutil

import pytest

from presentation.tables import FigureTable
from tests.architecture.rules import PACKAGES, ROOT, glossary_terms

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()


def import_tables():
    """Import every module of tables, so that their classes are known."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], prefix=f"{package}."):
            if "tables" in module.name.split("."):
                importlib.import_module(module.name)


def descendants(cls):
    for child in cls.__subclasses__():
        yield child
        yield from descendants(child)


def headings(table):
    return {str(column.verbose_name) for column in table.base_columns.values()}


def unexplained(table, glossary):
    return sorted(heading for heading in headings(table) if heading.lower() not in glossary_terms(glossary))


import_tables()
TABLES = sorted(
    {cls for cls in descendants(FigureTable) if cls.__module__.split(".")[0] in PACKAGES},
    key=lambda cls: cls.__qualname__,
)


@pytest.mark.parametrize("table", TABLES, ids=lambda cls: cls.__qualname__)
def test_every_column_heading_is_in_the_glossary(table):
    assert unexplained(table, GLOSSARY) == []


def test_a_heading_that_is_not_in_the_glossary_is_noticed():
    from presentation.tables import MoneyColumn

    class Undefined(FigureTable):
        wobble = MoneyColumn("Wobble after reserves")

    assert unexplained(Undefined, GLOSSARY) == ["Wobble after reserves"]


# The words of the field that the product uses whether or not a table has them as a heading.
FIELD = """original budget, virement, revised budget, actual to date, commitment, forecast outturn, variance before reserves, drawdown,
contribution, variance after reserves, underlying variance, movement, outturn, earmarked reserve, general reserve, general fund, DSG,
high needs block, pressure, mitigation, recovery action, slippage, recurrent, one-off, RAG, unit cost, activity, price effect,
volume effect, mix effect, publication, pack, exempt"""


@pytest.mark.parametrize("word", [word.strip().lower() for word in FIELD.replace("\n", " ").split(",")])
def test_every_word_of_the_field_is_in_the_glossary(word):
    assert word in glossary_terms(GLOSSARY)


def test_a_glossary_entry_is_one_sentence():
    import re

    entries = re.findall(r"^- \*\*(.+?)\*\*: (.+)$", GLOSSARY, flags=re.MULTILINE)
    assert len(entries) == len(glossary_terms(GLOSSARY))
    wrong = [
        term
        for term, sentence in entries
        if not sentence.endswith(".") or ". " in sentence.replace("e.g. ", "")
    ]
    assert wrong == []
