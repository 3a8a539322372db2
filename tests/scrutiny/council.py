"""A small council with something of everything: two directorates, General Fund and DSG, reserves used and asked for, virements, risks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from accounting.funds import Fund
from accounting.reserves import ReserveKind
from accounts.models import User
from services.models import (
    ApprovalState,
    Council,
    Directorate,
    Division,
    DsgAccount,
    Forecast,
    FundingChange,
    MonitoringPeriod,
    OneOffFunding,
    OriginalBudget,
    Reserve,
    ReserveOpening,
    ReserveUse,
    RiskOrOpportunity,
    RoleAssignment,
    ServiceLine,
    SourceNote,
    UseState,
    VarianceReason,
    Virement,
    VirementLeg,
)
from services.roles import Role

NOON = datetime(2023, 11, 14, 12, 0, tzinfo=UTC)

# name, division, fund, original budget, forecast outturn; odd pence, so that a rounded copy would be noticed.
LINES = (
    ("Corporate parenting", "Social care", Fund.GENERAL_FUND, "20000000.05", "24000000.17"),
    ("Family support", "Social care", Fund.GENERAL_FUND, "7225000.00", "8670000.01"),
    ("Clinical services", "Health", Fund.GENERAL_FUND, "1500000.33", "1348000.00"),
    ("Early years centres", "Schools", Fund.GENERAL_FUND, "5000000.00", "5666000.00"),
    ("High needs placements", "Schools", Fund.DSG_HIGH_NEEDS, "50000000.00", "48869999.99"),
    ("Early years entitlement", "Schools", Fund.DSG_EARLY_YEARS, "30000000.00", "30000000.00"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thorney:
    """The council, one open period, and the people who work with it."""

    council: Council
    period: MonitoringPeriod
    officer: User
    head: User
    second_head: User
    member: User
    stranger: User
    lines: dict[str, ServiceLine]
    reserve: Reserve


def make_thorney(*, number: int = 7) -> Thorney:
    """Make the council with one open period of 2023/24."""
    council = Council.objects.create(slug="thorney", name="Thorney Borough Council")
    period = MonitoringPeriod.objects.create(council=council, year=2023, number=number)
    care = Directorate.objects.create(council=council, name="Children and Families", order=1)
    education = Directorate.objects.create(council=council, name="Education", order=2)
    divisions = {
        "Social care": Division.objects.create(directorate=care, name="Social care", order=1),
        "Health": Division.objects.create(directorate=care, name="Health", order=2),
        "Schools": Division.objects.create(directorate=education, name="Schools", order=1),
    }
    lines = {
        name: ServiceLine.objects.create(council=council, division=divisions[division], name=name, fund=fund)
        for name, division, fund, _, _ in LINES
    }
    for name, _, _, budget, _ in LINES:
        OriginalBudget.objects.create(
            council=council, service_line=lines[name], year=2023, amount=Decimal(budget)
        )
    people = {
        name: make_person(name, council, role)
        for name, role in (
            ("officer", Role.FINANCE_OFFICER),
            ("head", Role.HEAD_OF_FINANCE),
            ("second_head", Role.HEAD_OF_FINANCE),
            ("member", Role.SCRUTINY_MEMBER),
        )
    }
    reserve = Reserve.objects.create(
        council=council, name="Placements reserve", kind=ReserveKind.EARMARKED, purpose="Placement pressure."
    )
    ReserveOpening.objects.create(council=council, reserve=reserve, year=2023, amount=Decimal("9000000.00"))
    thorney = Thorney(
        council=council,
        period=period,
        lines=lines,
        reserve=reserve,
        stranger=make_person("stranger", None, None),
        **people,
    )
    forecast_month(thorney, period)
    _movements(thorney)
    return thorney


def make_person(username: str, council: Council | None, role: Role | None) -> User:
    """A person, with a role at the council if one is given."""
    user = User.objects.create(username=username, post=username.replace("_", " ").capitalize())
    if role is not None:
        RoleAssignment.objects.create(user=user, council=council, role=role)
    return user


def open_month(thorney: Thorney, number: int, *, year: int = 2023) -> MonitoringPeriod:
    """Another period with the same figures as the first."""
    period = MonitoringPeriod.objects.create(council=thorney.council, year=year, number=number)
    forecast_month(thorney, period)
    return period


def forecast_month(thorney: Thorney, period: MonitoringPeriod) -> None:
    """Forecasts, reasons, uses of reserves, the DSG and a risk for one period."""
    council, lines = thorney.council, thorney.lines
    for name, *_, outturn in LINES:
        Forecast.objects.create(
            council=council,
            period=period,
            service_line=lines[name],
            actual_to_date=None if name == "Clinical services" else Decimal("1234567.89"),
            forecast_outturn=Decimal(outturn),
            best_case=Decimal(outturn) - 1000,
        )
        VarianceReason.objects.create(
            council=council,
            period=period,
            service_line=lines[name],
            driver="demand",
            amount=Decimal("1000.50"),
            is_recurrent=True,
            words=f"More children need {name.lower()}.",
            confirmed_by=thorney.officer,
            confirmed_at=NOON,
        )
    _support(thorney, period)
    DsgAccount.objects.create(
        council=council,
        period=period,
        fund=Fund.DSG_HIGH_NEEDS,
        name="Cumulative SEND deficit",
        opening=Decimal("19000000.00"),
        in_year=Decimal("2000000.00"),
        override_ends_on=date(2026, 3, 31),
    )
    RiskOrOpportunity.objects.create(
        council=council,
        period=period,
        kind="risk",
        title="Court delays",
        amount=Decimal("250000.00"),
        likelihood=40,
    )
    for subject, figure in (
        ("dsg:Cumulative SEND deficit:dsg_high_needs", "closing"),
        ("reserve:Placements reserve", "opening"),
    ):
        SourceNote.objects.create(
            council=council,
            period=period,
            subject=subject,
            figure=figure,
            basis="printed",
            citation="Minute 5.2",
        )


def _support(thorney: Thorney, period: MonitoringPeriod) -> None:
    line = thorney.lines["Corporate parenting"]
    for amount, state in (("1300000.03", UseState.APPROVED), ("200000.00", UseState.REQUESTED)):
        ReserveUse.objects.create(
            council=thorney.council,
            period=period,
            service_line=line,
            reserve=thorney.reserve,
            kind=ReserveUse.Kind.DRAWDOWN,
            amount=Decimal(amount),
            state=state,
        )
    OneOffFunding.objects.create(
        council=thorney.council,
        period=period,
        service_line=thorney.lines["Early years centres"],
        source="grant",
        amount=Decimal("66000.00"),
        state=UseState.APPROVED,
    )


def _movements(thorney: Thorney) -> None:
    council, period, lines = thorney.council, thorney.period, thorney.lines
    decided = {"requested_by": thorney.officer, "decided_by": thorney.head, "decided_at": NOON}
    virement = Virement.objects.create(
        council=council,
        reference="V1",
        reason="Domestic abuse intervention.",
        effective_period=period,
        state=ApprovalState.POSTED,
        **decided,
    )
    for name, amount in (("Family support", "394000.00"), ("Corporate parenting", "-394000.00")):
        VirementLeg.objects.create(
            council=council, virement=virement, service_line=lines[name], amount=Decimal(amount)
        )
    Virement.objects.create(
        council=council,
        reference="V2",
        reason="Turned down.",
        effective_period=period,
        state=ApprovalState.REJECTED,
        **decided,
    )
    FundingChange.objects.create(
        council=council,
        service_line=lines["Clinical services"],
        reference="F1",
        type=FundingChange.Type.GRANT,
        amount=Decimal("10000.67"),
        reason="Health grant.",
        effective_period=period,
        state=ApprovalState.APPROVED,
        **decided,
    )
