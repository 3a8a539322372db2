"""How each kind of report begins: its usual sections, with the sentences and tables of a publication where it is about one.

Every figure in them is a reference, so that a sentence says what the table says. What only people can say is left for them to write.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from accounting.funds import Fund
from scrutiny.committees.papers.lines import OptionGiven, ParagraphGiven, Style, numbered
from scrutiny.models import Paper, PaperSection
from scrutiny.published import PublishedLine, PublishedPeriod
from scrutiny.savings.position import council_total
from scrutiny.savings.tables import savings_tables
from scrutiny.tables import published_tables

Kind = PaperSection.Kind
Template = Paper.Template


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionBegun:
    """A section as the template has it."""

    kind: str
    number: str
    heading: str
    paragraphs: tuple[ParagraphGiven, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A report as the template has it."""

    sections: tuple[SectionBegun, ...] = ()
    options: tuple[OptionGiven, ...] = ()
    stamp: str = ""
    background_papers: str = ""


def beginning_of(template: str, published: PublishedPeriod | None) -> Beginning:
    """The beginning that a template gives; the budget monitoring report needs its publication."""
    if template == Template.MONITORING and published is not None:
        return Beginning(sections=_numbered(_monitoring(published)), background_papers="None")
    if template == Template.MINI_GROUP:
        return Beginning(
            sections=_numbered(_MINI_GROUP),
            options=_MINI_GROUP_OPTIONS,
            stamp="FOR DECISION",
            background_papers="None",
        )
    return Beginning(sections=_numbered(_PLAIN))


Begun = tuple[str, str, tuple[ParagraphGiven, ...]]


def _numbered(sections: tuple[Begun, ...]) -> tuple[SectionBegun, ...]:
    """Sections numbered 1 and on, and their paragraphs 1.1 and on."""
    return tuple(
        SectionBegun(kind=kind, number=str(number), heading=heading, paragraphs=_within(number, paragraphs))
        for number, (kind, heading, paragraphs) in enumerate(sections, start=1)
    )


def _within(section: int, paragraphs: tuple[ParagraphGiven, ...]) -> tuple[ParagraphGiven, ...]:
    return tuple(numbered(paragraphs, section=str(section)))


_PLAIN: tuple[Begun, ...] = (
    (Kind.SUMMARY, "Summary", ()),
    (Kind.RECOMMENDATIONS, "Recommendations", ()),
    (Kind.REASONS, "Reasons for the recommendations", ()),
    (Kind.BODY, "Background", ()),
    (Kind.FINANCE, "Financial implications", ()),
    (Kind.LEGAL, "Legal implications", ()),
    (Kind.EQUALITY, "Equality implications", ()),
)
_MINI_GROUP: tuple[Begun, ...] = (
    (Kind.BODY, "Introduction", ()),
    (Kind.BODY, "Meetings", ()),
    (Kind.BODY, "What the group heard", ()),
    (
        Kind.OPTIONS,
        "Conclusions",
        (ParagraphGiven(words="The Committee may choose among these options:"),),
    ),
    (
        Kind.RECOMMENDATIONS,
        "Recommendation",
        (ParagraphGiven(words="The Committee is RECOMMENDED to decide which of these options to adopt."),),
    ),
)
_MINI_GROUP_OPTIONS = (
    OptionGiven(
        number="4.2",
        words="Adopt some or all of the points and ask the relevant Cabinet Member to respond at the next meeting.",
    ),
    OptionGiven(number="4.3", words="Be satisfied with the information received and take no further action."),
    OptionGiven(
        number="4.4",
        words="Give the topic more time and attention. The Committee could:",
        sub_options=(
            OptionGiven(number="1", words="grant the group an extension, with guidance on what to develop;"),
            OptionGiven(number="2", words="question named officers in depth at the next meeting;"),
            OptionGiven(number="3", words="raise general questions through the standard report;"),
            OptionGiven(number="4", words="set up an in-depth working group with terms of reference."),
        ),
    ),
)


def _monitoring(published: PublishedPeriod) -> tuple[Begun, ...]:
    """The sections of a period's budget monitoring report; a table that the publication has not is left out."""
    tables = {**published_tables(published, history=()), **savings_tables(published)}
    shown = partial(_shown, frozenset(tables))
    sections: tuple[Begun, ...] = (
        (Kind.SUMMARY, "Summary", tuple(_summary(published))),
        (Kind.RECOMMENDATIONS, "Recommendations", tuple(_recommendations(published))),
        (
            Kind.BODY,
            "Position by service",
            (ParagraphGiven(words="Figures are of the General Fund."), *shown("position")),
        ),
        (Kind.BODY, "Why services differ from their budgets", tuple(_reasons(published))),
        (
            Kind.BODY,
            "Movement since the last published period",
            _told(shown("movements"), "Variances that moved:"),
        ),
        (Kind.BODY, "Reserves", _told(shown("reserves", "reserve-uses"), "Reserves are used once.")),
        (
            Kind.BODY,
            "Dedicated Schools Grant",
            _told(
                shown("dsg-position", "dsg"),
                "The grant is kept apart: none of it is in a General Fund figure.",
            ),
        ),
        (
            Kind.BODY,
            "Virements and funding changes",
            _told(
                shown("virements-for-approval", "virements-for-information", "budget-changes"),
                "A virement moves budget between services and adds none.",
            ),
        ),
        (Kind.RISK, "Risks and opportunities", _told(shown("risks"), "These are not in the forecast.")),
        (Kind.BODY, "Savings", (*_savings(published), *shown("savings"))),
    )
    said = tuple(section for section in sections if section[2])
    return (*said, (Kind.FINANCE, "Financial implications", ()), (Kind.LEGAL, "Legal implications", ()))


def _shown(there: frozenset[str], *names: str) -> tuple[ParagraphGiven, ...]:
    """Paragraphs that print these tables of the publication, of those that are there."""
    return tuple(ParagraphGiven(words=name, style=Style.TABLE) for name in names if name in there)


def _told(tables: tuple[ParagraphGiven, ...], words: str) -> tuple[ParagraphGiven, ...]:
    """A sentence before its tables; nothing where there is no table."""
    return (ParagraphGiven(words=words), *tables) if tables else ()


def _summary(published: PublishedPeriod) -> Iterator[ParagraphGiven]:
    period = published.period
    outturn = "outturn" if period.is_outturn else "forecast outturn"
    if published.has_forecast and published.total("council", Fund.GENERAL_FUND) is not None:
        yield ParagraphGiven(
            words=(
                f"At {period.label} of {period.year} the {outturn} is {{{{ council forecast_outturn }}}} against a revised budget of "
                "{{ council revised_budget }}. It is {{ council variance_before_reserves }} before reserves and "
                "**{{ council variance_after_reserves }}** after them."
            )
        )
        yield ParagraphGiven(words="{{ council drawdown }} is drawn from reserves, which are used once.")


def _recommendations(published: PublishedPeriod) -> Iterator[ParagraphGiven]:
    yield ParagraphGiven(words="The Committee is RECOMMENDED to note:")
    if published.has_forecast and published.total("council", Fund.GENERAL_FUND) is not None:
        yield ParagraphGiven(
            words="the General Fund position, {{ council variance_after_reserves }} after reserves.",
            style=Style.BULLET,
        )
    if council_total(published.savings) is not None:
        yield ParagraphGiven(
            words="savings: {{ savings forecast }} forecast of {{ savings target }} planned for the year.",
            style=Style.BULLET,
        )


def _savings(published: PublishedPeriod) -> Iterator[ParagraphGiven]:
    if council_total(published.savings) is not None:
        yield ParagraphGiven(
            words="Of {{ savings target }} planned for the year, {{ savings delivered }} is delivered and {{ savings forecast }} forecast."
        )


def _reasons(published: PublishedPeriod) -> Iterator[ParagraphGiven]:
    """Each line that has reasons, with its variances and what was said."""
    told = [line for line in published.lines if line.reasons and line.fund is Fund.GENERAL_FUND]
    if told:
        yield ParagraphGiven(words="Reasons explain variances before reserves.")
    for line in told:
        name = reference_name(line, published)
        yield ParagraphGiven(
            words=(
                f"{literal(line.name)}: {{{{ line:{name} variance_before_reserves }}}} before reserves, "
                f"{{{{ line:{name} variance_after_reserves }}}} after."
            )
        )
        for reason in line.reasons:
            words = literal(" ".join(f"{reason.driver_label}: {reason.words}".split()))
            yield ParagraphGiven(words=words, style=Style.BULLET)


def reference_name(line: PublishedLine, published: PublishedPeriod) -> str:
    """The name by which a reference finds a line: its own in quotes, or its number where several have that name or it cannot be quoted."""
    is_one = [one.name for one in published.lines].count(line.name) == 1
    has_braces = any(mark in line.name for mark in '"{}')
    return f'"{line.name}"' if is_one and not has_braces else f'"#{line.key}"'


def literal(words: str) -> str:
    """Words that stay as they are: nothing in them is markup or a reference."""
    escaped = "".join(f"\\{mark}" if mark in "\\*_" else mark for mark in words)
    return escaped.replace("{{", "{ {").replace("}}", "} }")
