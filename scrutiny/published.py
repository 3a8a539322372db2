"""What was published for one period, as values: the only thing that members' pages, exports and reports read.

Nothing here is worked out again. Figures are exact pounds, overspend positive; `None` is unknown, never nil.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.money import Unit
from accounting.periods import Period
from accounting.rag import Rag
from savings.entries import SavingsContent
from scrutiny.content import BRIEF, record_from

COUNCIL = "council"
DIRECTORATE = "directorate"
DIVISION = "division"
LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedReason:
    """One driver of a line's variance before reserves. `amount` is signed; `None` if it was not broken down."""

    driver: str
    driver_label: str
    amount: Decimal | None
    is_recurrent: bool | None
    words: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSource:
    """Whether a figure was printed in a source, derived from it or is illustrative (`basis`), and where it stands there."""

    figure: str
    basis: str
    citation: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """One service line."""

    line_id: int
    code: str
    name: str
    kind: str
    division: str
    directorate: str
    fund: Fund
    is_statutory: bool
    is_demand_led: bool
    is_controllable: bool
    is_closed: bool
    """Closed earlier in the year: here for its original budget and the virement that emptied it."""
    figures: Figures
    rag: Rag | None
    reasons: tuple[PublishedReason, ...]
    sources: tuple[PublishedSource, ...]
    needs_reasons: bool
    """The variance is material by the council's rule, and was published without a reason."""

    @property
    def key(self) -> str:
        """What its history is kept under, with the scope “line”."""
        return str(self.line_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTotal:
    """The sum of the lines of one fund in a council, a directorate or a division."""

    scope: str
    key: str
    """What its history is kept under, with its scope; empty for the council."""
    name: str
    directorate: str
    """The directorate that it is or belongs to; empty for the council."""
    fund: Fund
    figures: Figures
    rag: Rag | None
    sources: tuple[PublishedSource, ...]
    lines: int
    lines_without_forecast: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedReserve:
    """One reserve's year as it stood. Amounts are without a sign, but for balances and `transfers`."""

    name: str
    kind_label: str
    may_meet_an_overspend: bool
    purpose: str
    opening: Decimal | None
    drawdown: Decimal
    contribution: Decimal
    transfers: Decimal
    closing: Decimal | None
    pending_drawdown: Decimal
    pending_contribution: Decimal
    closing_if_all_approved: Decimal | None
    runway_years: Decimal | None
    """Years that the closing balance lasts at this year's net use, unrounded; `None` if it is not used up, or unknown."""
    sources: tuple[PublishedSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedReserveUse:
    """A drawdown from, or contribution to, a reserve on one line. `reserve` is empty if the return did not name it."""

    reserve: str
    service_line: str
    kind: str
    amount: Decimal
    state_label: str
    included_in_budget: bool
    included_in_forecast: bool
    purpose: str
    decision_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDsg:
    """A Dedicated Schools Grant account: deficits positive. Never part of a General Fund figure."""

    name: str
    fund: Fund
    opening: Decimal | None
    in_year: Decimal | None
    budgeted_in_year: Decimal | None
    in_year_variance: Decimal | None
    funding_received: Decimal
    adjustments: Decimal
    closing: Decimal | None
    planned_closing: Decimal | None
    variance_from_plan: Decimal | None
    override_ends_on: date | None
    note: str
    sources: tuple[PublishedSource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLeg:
    """The signed change to one line's budget: + receives, − gives."""

    service_line: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVirement:
    """A virement, or a funding change (one leg, from outside). `moved` is without a sign, but signed for a funding change."""

    reference: str
    is_virement: bool
    type_label: str
    reason: str
    is_permanent: bool
    effective_label: str
    state_label: str
    legs: tuple[PublishedLeg, ...]
    moved: Decimal
    decided_by: str
    """The post of who decided it; empty if undecided."""
    listed_for: str = ""
    """“approval” or “information” of members, by the council's scheme; empty for a funding change, and where it was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRisk:
    """A risk or an opportunity outside the forecast. `amount` is without a sign; `likelihood` is per cent."""

    kind: str
    kind_label: str
    title: str
    words: str
    service_line: str
    amount: Decimal | None
    likelihood: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodContent:
    """All that is frozen when a period is published, and all that its digest covers."""

    council_slug: str
    council_name: str
    remit: str
    unit: Unit
    is_illustration: bool
    source_note: str
    period: Period
    title_as_printed: str
    warnings: tuple[str, ...]
    last_published: Period | None
    """The period that movement is measured from; `None` for a first report of the year."""
    last_published_version: int | None
    lines: tuple[PublishedLine, ...]
    totals: tuple[PublishedTotal, ...]
    reserves: tuple[PublishedReserve, ...]
    reserve_uses: tuple[PublishedReserveUse, ...]
    dsg: tuple[PublishedDsg, ...]
    virements: tuple[PublishedVirement, ...]
    risks: tuple[PublishedRisk, ...]
    savings: SavingsContent = field(default=SavingsContent(), metadata=BRIEF)
    """Savings, recovery plans and the medium-term strategy; empty in publications made before they were kept."""

    @property
    def has_forecast(self) -> bool:
        """Whether any line has a forecast outturn."""
        return any(line.figures.forecast_outturn is not None for line in self.lines)

    @property
    def says_nothing(self) -> bool:
        """Whether there is neither a forecast nor anything about savings, so that there is nothing to publish."""
        return not self.has_forecast and self.savings.is_empty

    def total(self, scope: str, fund: Fund, name: str | None = None) -> PublishedTotal | None:
        """One total, by scope and fund, and by name where the scope has several; `None` if there is none."""
        return next(
            (
                total
                for total in self.totals
                if total.scope == scope and total.fund is fund and (name is None or total.name == name)
            ),
            None,
        )

    def line(self, line_id: int) -> PublishedLine | None:
        """One line; `None` if it was not part of this period."""
        return next((line for line in self.lines if line.line_id == line_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPeriod(PeriodContent):
    """One version of a published period: its content, and who published it when. People are named by post."""

    version: int
    published_at: datetime
    published_by: str
    approved_by: str
    digest: str
    changes: tuple[str, ...]
    """What differs from the version before, in sentences; empty for a first version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """One version in a list of versions, without its content."""

    period: Period
    version: int
    published_at: datetime
    published_by: str
    approved_by: str
    digest: str
    changes: tuple[str, ...]


def content_from(text: str) -> PeriodContent:
    """Read frozen content. Raises `scrutiny.content.ContentError` if it is not what was written."""
    return record_from(PeriodContent, text)


def from_content(text: str, *, header: PublishedVersion) -> PublishedPeriod:
    """A published period from its stored text and what is known of its publication."""
    content = content_from(text)
    stored = {one.name: getattr(content, one.name) for one in fields(PeriodContent)}
    return PublishedPeriod(
        **stored,
        version=header.version,
        published_at=header.published_at,
        published_by=header.published_by,
        approved_by=header.approved_by,
        digest=header.digest,
        changes=header.changes,
    )
