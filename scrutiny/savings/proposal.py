"""The page of one proposal: everything that was published of it, and how publications before told it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import Http404

from presentation.charts import Chart
from presentation.components import Definition
from presentation.tables import FigureTable
from savings import tables as of
from savings.entries import ProposalEntry, SavingEntry, SpanEntry
from scrutiny.navigation import period_address, publication_address
from scrutiny.published import PublishedPeriod
from scrutiny.rendering import TableFiles
from scrutiny.savings.charts import payback_chart
from scrutiny.savings.history import SavingPoint
from scrutiny.savings.pages import facts_of
from scrutiny.savings.position import counterpart
from scrutiny.savings.sentences import (
    amounts_sentence,
    components_sentence,
    proposal_sentence,
    vacancy_sentences,
)
from scrutiny.savings.tables import TableMaker
from scrutiny.tables.medium import Medium

NOTHING_HERE = "There is no such page, or it is not for you."


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One period's saving, with where that publication is."""

    name: str
    address: str | None
    point: SavingPoint

    def __getattr__(self, name: str) -> object:
        """Everything else is the point's."""
        return getattr(self.point, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """One proposal."""

    published: PublishedPeriod
    proposal: ProposalEntry
    saving: SavingEntry | None
    sentence: str
    amounts: str
    facts: str
    definitions: tuple[Definition, ...]
    components: str
    vacancy: tuple[str, ...]
    unclear: tuple[SpanEntry, ...]
    payback: Chart | None
    tables: dict[str, TableFiles]


def proposal_page(published: PublishedPeriod, *, key: str, history: Sequence[SavingPoint]) -> ProposalPage:
    """Everything about one proposal; `Http404` if this publication has none of that key."""
    proposal, saving = counterpart(published.savings, key)
    if proposal is None:
        raise Http404(NOTHING_HERE)
    tables = proposal_tables(published, key=key, history=history, medium=Medium.SCREEN)
    phasing = proposal.phasing
    return ProposalPage(
        published=published,
        proposal=proposal,
        saving=saving,
        sentence=proposal_sentence(proposal, saving),
        amounts=amounts_sentence(phasing, is_growth=proposal.kind == "growth"),
        facts=facts_of(saving) if saving else "",
        definitions=tuple(definitions_of(proposal)),
        components=components_sentence(proposal),
        vacancy=vacancy_sentences(proposal.vacancy_factor) if proposal.vacancy_factor else (),
        unclear=tuple(span for span in phasing.spans if not span.is_counted) if phasing else (),
        payback=payback_chart(proposal, table=tables.get("investment")),
        tables={name: _files(name, table, published, key) for name, table in tables.items()},
    )


def _files(name: str, table: FigureTable, published: PublishedPeriod, key: str) -> TableFiles:
    addresses = {
        extension: publication_address("proposal_file", published, key=key, name=name, extension=extension)
        for extension in ("csv", "xlsx")
    }
    return TableFiles(table=table, csv_url=addresses["csv"], xlsx_url=addresses["xlsx"])


def proposal_tables(
    published: PublishedPeriod, *, key: str, history: Sequence[SavingPoint], medium: Medium = Medium.FILE
) -> dict[str, FigureTable]:
    """The tables of one proposal by name; one without rows is left out, and all where there is no such proposal."""
    proposal, saving = counterpart(published.savings, key)
    if proposal is None:
        return {}
    make = TableMaker(published, medium=medium, of_one=medium is Medium.SCREEN)
    parts = [*_amounts(make, proposal), *_story(make, proposal, saving), *_past(make, proposal, history)]
    return {name: table for name, table in parts if table.row_count}


def _named(
    make: TableMaker,
    kind: type[FigureTable],
    rows: Sequence[object],
    name: str,
    what: str,
    proposal: ProposalEntry,
) -> tuple[str, FigureTable]:
    said = f"{what[0].upper()}{what[1:]}" if make.of_one else f"{proposal.heading}: {what}"
    _, table = make.table(kind, rows, key=f"proposal-{proposal.key}-{name}", what=said)
    return name, table


def _amounts(make: TableMaker, proposal: ProposalEntry) -> Iterator[tuple[str, FigureTable]]:
    phasing = proposal.phasing
    spans = tuple(of.span_row(span, name=proposal.heading) for span in phasing.spans) if phasing else ()
    shares = of.share_rows(phasing.shares) if phasing else ()
    parts = (
        (of.ComponentsTable, proposal.components, "components", "how the saving is made up"),
        (
            of.PhasingVersionsTable,
            of.version_rows(
                proposal.phasings or ((phasing,) if phasing else ()),
                counts=phasing,
                sources=proposal.sources,
            ),
            "amounts",
            "amounts by year",
        ),
        (of.SpansTable, spans, "spans", "amounts given for several years"),
        (of.SharesTable, shares, "shares", "shares of the councils"),
        (
            of.InvestmentTable,
            of.investment_rows(proposal.investment),
            "investment",
            "investment and what comes back",
        ),
    )
    for kind, rows, name, what in parts:
        yield _named(make, kind, rows, name, what, proposal)


def _story(
    make: TableMaker, proposal: ProposalEntry, saving: SavingEntry | None
) -> Iterator[tuple[str, FigureTable]]:
    cover = of.mitigation_rows([saving]) if saving else ()
    marks = of.rows_of_marks(proposal.heading, (*proposal.sources, *(saving.sources if saving else ())))
    parts = (
        (of.MitigationsTable, cover, "cover", "what stands in for the shortfall"),
        (of.NotesTable, proposal.notes, "notes", "what is said of it"),
        (of.StagesTable, proposal.history, "stages", "how far it has got"),
        (of.CasesTable, proposal.business_cases, "cases", "business cases"),
        (of.SavingSourcesTable, tuple(dict.fromkeys(marks)), "sources", "where marked figures come from"),
    )
    for kind, rows, name, what in parts:
        yield _named(make, kind, rows, name, what, proposal)


def _past(
    make: TableMaker, proposal: ProposalEntry, history: Sequence[SavingPoint]
) -> Iterator[tuple[str, FigureTable]]:
    slug = make.published.council_slug
    rows = [
        HistoryRow(
            name=f"{point.period.year}, {point.period.label}",
            address=period_address(slug, point.period, point.version, page="savings"),
            point=point,
        )
        for point in history
    ]
    yield _named(make, of.SavingHistoryTable, rows, "history", "period by period, as published", proposal)


def definitions_of(proposal: ProposalEntry) -> Iterator[Definition]:
    """What the proposal is, fact by fact; what is not stated says so."""
    yield Definition("Saving or growth", "Growth or pressure" if proposal.kind == "growth" else "Saving")
    yield Definition("Stage", proposal.stage_label)
    yield Definition("Type", proposal.type_label)
    yield Definition("Recurrent or one-off", proposal.recurrence_label)
    cashable = {True: "Yes", False: "No", None: "Not stated"}[proposal.is_cashable]
    yield Definition("Cashable", cashable)
    yield Definition("Directorate", proposal.directorate or "None named")
    yield Definition("Service", proposal.service or "None named")
    if proposal.priority:
        yield Definition("Priority", proposal.priority)
    yield Definition("Lead", proposal.lead_role or "None named")
    if proposal.partners:
        yield Definition("Partners", proposal.partners)
    posts = "Not stated" if proposal.posts is None else f"{proposal.posts.normalize():f}"
    yield Definition("Posts that go", posts)
    yield Definition("Equality assessment", _with(proposal.equality_label, proposal.equality_reference))
    yield Definition("Consultation", _with(proposal.consultation_label, proposal.consultation_reference))
    if proposal.replaced_by:
        yield Definition("Replaced by", proposal.replaced_by)


def _with(label: str, reference: str) -> str:
    return f"{label} ({reference})" if reference else label
