"""What stands between a period and its publication: each check with its answer in words, and whether it stops anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounting.funds import Fund
from accounting.rag import Rag
from accounting.savings import is_undivided, parts_agree
from accounting.words_lint import concerns_in
from savings.entries import SavingEntry, SavingsContent
from savings.position.confirming import not_confirmed
from savings.position.content import savings_content
from scrutiny.cautions import cautions
from scrutiny.content import digest_of, text_of
from scrutiny.freezing import frozen
from scrutiny.models import Publication, PublicationProposal
from scrutiny.savings.words import texts_of
from services.models import Council, ImportBatch, MonitoringPeriod
from services.position import CouncilPosition, PeriodContext, Scope, council_position, period_context
from services.position.waiting import PeriodProgress, progress_of

NAMED = 8


class Answer(StrEnum):
    """How a check came out."""

    MET = "Met"
    TO_KNOW = "To know"
    STOPS = "Stops it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check."""

    name: str
    answer: Answer
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Everything on the page where a period is published."""

    checks: tuple[Check, ...]
    cautions: tuple[str, ...]
    proposal: PublicationProposal | None
    publications: tuple[Publication, ...]
    unchanged: Publication | None = None
    """The newest publication of a reopened period, if what would be published now is what it says already."""

    @property
    def is_stopped(self) -> bool:
        """Whether a check says that it cannot be published as it stands."""
        return any(check.answer is Answer.STOPS for check in self.checks)


def readiness(council: Council, period: MonitoringPeriod) -> Readiness:
    """The checks of a period, the proposal that waits, and what has been published of it."""
    position, context = council_position(council, period), period_context(council, period)
    savings, carried = savings_content(council, period), not_confirmed(period)
    (progress,) = progress_of(council, (period,))
    publications = tuple(
        Publication.objects.filter(monitoring_period=period).defer("content").order_by("-version")
    )
    newest = publications[0] if publications and not period.is_locked else None
    is_unchanged = newest is not None and newest.digest == digest_of(
        text_of(frozen(position, context, savings, carried=carried))
    )
    return Readiness(
        checks=(
            _forecasts(position, savings),
            _explained(position),
            _submitted(period, progress),
            _confirmed(position),
            _funds_apart(position, context),
            _words(position, context, savings),
            _approved_uses(position),
            _savings(savings, carried),
            _imports(period),
        ),
        cautions=cautions(position, context, savings, carried=carried),
        proposal=PublicationProposal.objects.filter(
            monitoring_period=period, state=PublicationProposal.State.PROPOSED
        )
        .select_related("proposed_by")
        .defer("content")
        .first(),
        publications=publications,
        unchanged=newest if is_unchanged else None,
    )


def _forecasts(position: CouncilPosition, savings: SavingsContent) -> Check:
    missing = [line.name for line in position.lines if line.position.forecast_outturn is None]
    lines = len(position.lines)
    if len(missing) == lines:
        if savings.is_empty:
            words = "No line has a forecast yet, and there is nothing on savings or recovery."
            return Check(name="Forecasts", answer=Answer.STOPS, words=words)
        words = "No line has a forecast: savings and recovery would be published without a position."
        return Check(name="Forecasts", answer=Answer.TO_KNOW, words=words)
    words = f"All {lines} lines have a forecast outturn."
    if missing:
        words = (
            f"{len(missing)} of {lines} lines have none: {_named(missing)}. "
            "They, and the totals that contain them, would be published as not yet forecast."
        )
    return Check(name="Forecasts", answer=Answer.TO_KNOW if missing else Answer.MET, words=words)


def _explained(position: CouncilPosition) -> Check:
    wanted = [line.name for line in position.lines if line.must_be_explained]
    if wanted:
        words = f"A reason must be confirmed for this period for {_named(wanted)}."
        return Check(name="Reasons", answer=Answer.STOPS, words=words)
    silent = [line.name for line in position.lines if line.needs_reasons]
    if silent:
        words = f"The return gives no reason for {_named(silent)}. Readers would be told so."
        return Check(name="Reasons", answer=Answer.TO_KNOW, words=words)
    return Check(
        name="Reasons",
        answer=Answer.MET,
        words="Every variance that the council’s rule calls large has a confirmed reason.",
    )


def _submitted(period: MonitoringPeriod, progress: PeriodProgress) -> Check:
    if period.is_locked:
        return Check(name="Directorates", answer=Answer.MET, words="The period is approved.")
    returned = [row.name for row in progress.not_submitted if row.state == "returned"]
    if returned:
        words = f"Returned, and not submitted again: {_named(returned)}."
        return Check(name="Directorates", answer=Answer.STOPS, words=words)
    waiting = [row.name for row in progress.not_submitted]
    if waiting:
        words = f"Not yet submitted: {_named(waiting)}. Proposing the period submits them as they stand."
        return Check(name="Directorates", answer=Answer.TO_KNOW, words=words)
    return Check(name="Directorates", answer=Answer.MET, words="All directorates have submitted.")


def _confirmed(position: CouncilPosition) -> Check:
    carried = [line.name for line in position.lines if line.is_carried_forward]
    words = "No forecast is a copy of the period before."
    if carried:
        words = f"Copied from the period before and not confirmed: {_named(carried)}."
    return Check(name="Nothing carried", answer=Answer.TO_KNOW if carried else Answer.MET, words=words)


def _funds_apart(position: CouncilPosition, context: PeriodContext) -> Check:
    """Prove from the totals themselves that no line of the DSG is counted in the General Fund's."""
    general = position.total(Scope.COUNCIL, Fund.GENERAL_FUND)
    own = [line for line in position.lines if line.position.fund is Fund.GENERAL_FUND]
    counted = general.position.lines if general else 0
    if counted != len(own):
        words = f"The General Fund total counts {counted} lines and the fund has {len(own)}."
        return Check(name="Funds apart", answer=Answer.STOPS, words=words)
    dsg = [line for line in position.lines if line.position.fund.is_dsg]
    words = f"The General Fund total counts its own {counted} lines and none of the DSG’s {len(dsg)}."
    if dsg and not context.dsg:
        words += " No DSG account is entered, so its cumulative position would not be shown."
        return Check(name="Funds apart", answer=Answer.TO_KNOW, words=words)
    return Check(name="Funds apart", answer=Answer.MET, words=words)


def _words(position: CouncilPosition, context: PeriodContext, savings: SavingsContent) -> Check:
    """What in the words that would be published may tell who a child is. Somebody has accepted it; two people see it again here."""
    texts = [
        (line.name, f"{reason.words}\n{reason.action}") for line in position.lines for reason in line.reasons
    ]
    texts += [(risk.title, f"{risk.title}\n{risk.words}") for risk in context.risks]
    texts += [(entry.reference or entry.type_label, entry.reason) for entry in context.virements]
    texts += [(use.service_line, use.purpose) for reserve in context.reserves for use in reserve.uses]
    texts += [(account.name, account.note) for account in context.dsg]
    texts += texts_of(savings)
    found = [f"{name}: {concern}" for name, text in texts for concern in concerns_in(text)]
    words = "Nothing in them looks like a small number of children, a date of birth, an NHS number or a name."
    if found:
        words = f"To be read once more before they are public. {'; '.join(found[:NAMED])}{_more(found)}."
    return Check(name="Words", answer=Answer.TO_KNOW if found else Answer.MET, words=words)


def _approved_uses(position: CouncilPosition) -> Check:
    pending = [
        line.name
        for line in position.lines
        if line.position.variance_if_all_approved != line.position.variance_after_reserves
    ]
    words = "No use of reserves or one-off funding waits for approval."
    if pending:
        words = f"Planned and not approved, so not counted in the variance after reserves: {_named(pending)}."
    return Check(name="Uses approved", answer=Answer.TO_KNOW if pending else Answer.MET, words=words)


def _savings(savings: SavingsContent, carried: Sequence[str]) -> Check:
    """Whether each saving of the year is updated, divided and explained, and says the same as its line's forecast."""
    every = savings.savings
    unexplained = [one for one in every if one.rag not in (None, Rag.GREEN) and not one.reason]
    unequal = [one for one in every if not parts_agree(one.figures)]
    told = [
        *_told("Not green, and no reason is given", unexplained),
        *_told("The parts do not sum to the target", unequal),
        *_told("Not yet rated", [one for one in every if one.rag is None]),
        *_told("Nobody has said how the target divides", [one for one in every if is_undivided(one.figures)]),
        *([f"Copied from the period before and not confirmed: {_named(carried)}."] if carried else []),
        *_told(
            "They do not say the same as their lines’ forecasts", [one for one in every if one.disagreement]
        ),
    ]
    if told:
        answer = Answer.STOPS if unexplained or unequal else Answer.TO_KNOW
        return Check(name="Savings", answer=answer, words=" ".join(told))
    words = (
        "Each saving is rated, its parts sum to its target, and it agrees with its line’s forecast."
        if every
        else "No saving is for this year."
    )
    return Check(name="Savings", answer=Answer.MET, words=words)


def _told(what: str, savings: Sequence[SavingEntry]) -> list[str]:
    return [f"{what}: {_named([one.proposal.heading for one in savings])}."] if savings else []


def _imports(period: MonitoringPeriod) -> Check:
    """What the returns applied to this period printed that their own rows do not add up to."""
    applied = ImportBatch.objects.filter(period=period, state=ImportBatch.State.APPLIED).defer("content")
    gaps = [gap for batch in applied.order_by("pk") for gap in _gaps(batch.outcome)]
    staged = ImportBatch.objects.filter(period=period, state=ImportBatch.State.STAGED).count()
    if staged:
        words = "An import is staged and neither applied nor abandoned."
        return Check(name="Imports", answer=Answer.TO_KNOW, words=words)
    if gaps:
        words = f"Printed figures that their rows do not add up to, shown and not changed: {_named(gaps)}."
        return Check(name="Imports", answer=Answer.TO_KNOW, words=words)
    return Check(name="Imports", answer=Answer.MET, words="No import left a gap.")


def _gaps(outcome: dict[str, object]) -> Iterable[str]:
    gaps = outcome.get("gaps")
    for gap in gaps if isinstance(gaps, list) else ():
        if isinstance(gap, dict):
            yield f"{gap.get('what', 'a figure')} by {gap.get('gap', 'an amount')}"


def _named(names: Sequence[str]) -> str:
    return f"{', '.join(names[:NAMED])}{_more(names)}"


def _more(names: Sequence[str]) -> str:
    return f" and {len(names[NAMED:])} more" if names[NAMED:] else ""
