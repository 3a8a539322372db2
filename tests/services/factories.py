"""Councils, lines and figures for tests, made through the same operations that people use.

Amounts are written as text, in pounds: `make_line(council, budget="1000")`. Whoever acts is made when first needed: a finance officer asks, a head
of finance approves.
"""

from decimal import Decimal

from accounting.funds import Fund
from accounting.periods import FinancialYear, Period
from accounting.reserves import ReserveKind
from accounts.models import User
from accounts.operations import command_line_user
from services.models import (
    Council,
    Directorate,
    Division,
    Forecast,
    FundingChange,
    MonitoringPeriod,
    OneOffFunding,
    Reserve,
    ReserveUse,
    ServiceLine,
    UseState,
    Virement,
)
from services.operations import budgets, councils, forecasts, periods, reserves
from services.position import council_position
from services.roles import Role


def pounds(text: str | int | None) -> Decimal | None:
    """Exact pounds to the penny: `pounds("1234.5")`; `None` stays unknown."""
    return None if text is None else Decimal(text).quantize(Decimal("0.01"))


def make_council(slug: str = "north-borough", name: str = "North Borough", **rules) -> Council:
    """An empty council with its default rules, or what `create_council` takes."""
    return councils.create_council(by=command_line_user(), slug=slug, name=name, **rules)


def make_user(username: str = "stranger", post: str = "") -> User:
    """A person without any role and without a password; the one of that name if there is one."""
    return User.objects.get_or_create(username=username, defaults={"post": post})[0]


def make_member_of(
    council: Council | None,
    role: Role,
    *,
    directorate: Directorate | None = None,
    username: str = "",
) -> User:
    """A person who holds this role at the council (`None`: at every council), perhaps only for one directorate."""
    where = (directorate.name if directorate else council.slug if council else "everywhere").lower()
    name = username or f"{role.value}-{where}".replace("_", "-").replace(" ", "-")
    user = make_user(name, post=role.label)
    if not user.roles.filter(council=council, directorate=directorate, role=role).exists():
        councils.assign_role(
            by=command_line_user(), user=user, role=role, council=council, directorate=directorate
        )
    return user


def the_officer(council: Council) -> User:
    """The council's finance officer, who asks."""
    return make_member_of(council, Role.FINANCE_OFFICER)


def the_head(council: Council) -> User:
    """The council's head of finance, who approves."""
    return make_member_of(council, Role.HEAD_OF_FINANCE)


def make_directorate(council: Council, name: str = "Children and Families", order: int = 0) -> Directorate:
    """The council's directorate of that name."""
    found = Directorate.objects.filter(council=council, name=name).first()
    return found or councils.add_directorate(by=the_officer(council), council=council, name=name, order=order)


def make_division(
    council: Council, name: str = "Social Care", directorate: str | Directorate = "Children and Families"
) -> Division:
    """The division of that name in a directorate."""
    if isinstance(directorate, str):
        directorate = make_directorate(council, directorate)
    found = Division.objects.filter(directorate=directorate, name=name).first()
    return found or councils.add_division(by=the_officer(council), directorate=directorate, name=name)


def make_line(
    council: Council,
    name: str = "Corporate parenting",
    *,
    budget: str | None = None,
    year: int = 2023,
    division: str | Division = "Social Care",
    directorate: str | Directorate = "Children and Families",
    fund: Fund = Fund.GENERAL_FUND,
    **fields,
) -> ServiceLine:
    """A service line, with its original budget for a year if one is given."""
    if isinstance(division, str):
        division = make_division(council, division, directorate)
    line = councils.add_service_line(
        by=the_officer(council), division=division, name=name, fund=fund, **fields
    )
    if budget is not None:
        budgets.set_original_budgets(
            by=the_officer(council),
            council=council,
            year=FinancialYear(year),
            amounts={line: pounds(budget)},
        )
    return line


def make_period(
    council: Council, period: str = "2023-24/p7", *, carry_forward: bool = False, title_as_printed: str = ""
) -> MonitoringPeriod:
    """A period of the council, open unless it was there in another state."""
    return periods.open_period(
        by=the_officer(council),
        council=council,
        period=Period.parse(period),
        carry_forward=carry_forward,
        title_as_printed=title_as_printed,
    )


def make_forecast(
    line: ServiceLine, period: MonitoringPeriod, outturn: str | None, **figures: str | None
) -> Forecast:
    """The line's forecast outturn at the period; other figures by name, `actual_to_date="10"`."""
    held = Forecast.objects.filter(service_line=line, period=period).first()
    edit = forecasts.ForecastEdit(
        line_id=line.pk,
        expected_version=held.version if held else 0,
        forecast_outturn=pounds(outturn),
        **{name: pounds(value) for name, value in figures.items()},
    )
    forecasts.save_forecasts(by=the_officer(line.council), period=period, edits=[edit])
    return Forecast.objects.get(service_line=line, period=period)


def explain(line: ServiceLine, period: MonitoringPeriod, words: str = "More children than planned.") -> None:
    """Give and confirm a reason for the line's variance."""
    reason = forecasts.ReasonEntry(driver="demand", words=words)
    forecasts.set_reasons(by=the_officer(line.council), line=line, period=period, reasons=[reason])


def make_virement(
    effective: MonitoringPeriod,
    *legs: tuple[ServiceLine, str],
    posted: bool = True,
    **details,
) -> Virement:
    """A virement between lines, posted unless told otherwise."""
    council = effective.council
    virement = budgets.request_virement(
        by=the_officer(council),
        council=council,
        effective=effective,
        legs=[(line, pounds(amount)) for line, amount in legs],
        **{"reason": "Posts moved between teams.", **details},
    )
    if not posted:
        return virement
    budgets.approve_virement(by=the_head(council), virement=virement)
    return budgets.post_virement(by=the_officer(council), virement=virement)


def make_funding_change(
    line: ServiceLine, effective: MonitoringPeriod, amount: str, *, approved: bool = True
) -> FundingChange:
    """A pay award for a line, approved unless told otherwise."""
    change = budgets.request_funding_change(
        by=the_officer(line.council),
        line=line,
        effective=effective,
        type="corporate",
        amount=pounds(amount),
        reason="Pay award.",
    )
    return budgets.approve_funding_change(by=the_head(line.council), change=change) if approved else change


def make_reserve(
    council: Council,
    name: str = "Children's transformation",
    *,
    kind: ReserveKind = ReserveKind.EARMARKED,
    opening: str | None = None,
    year: int = 2023,
) -> Reserve:
    """A reserve, with its balance at 1 April if one is given."""
    reserve = reserves.add_reserve(
        by=the_officer(council), council=council, name=name, kind=kind, purpose="To smooth demand."
    )
    if opening is not None:
        reserves.set_reserve_opening(
            by=the_officer(council), reserve=reserve, year=FinancialYear(year), amount=pounds(opening)
        )
    return reserve


def make_use(
    line: ServiceLine,
    period: MonitoringPeriod,
    amount: str,
    *,
    kind: str = "drawdown",
    state: str = UseState.APPROVED,
    **details,
) -> ReserveUse:
    """A use of a reserve, taken as far as `state`: planned, requested, approved, applied."""
    officer, head = the_officer(line.council), the_head(line.council)
    use = reserves.plan_use(by=officer, period=period, line=line, kind=kind, amount=pounds(amount), **details)
    if state != UseState.PLANNED:
        use = reserves.request_use(by=officer, use=use)
    if state in (UseState.APPROVED, UseState.APPLIED):
        use = reserves.approve_use(by=head, use=use, decision_reference="Cabinet, 23 October 2023")
    return reserves.apply_use(by=officer, use=use) if state == UseState.APPLIED else use


def make_one_off_funding(
    line: ServiceLine, period: MonitoringPeriod, amount: str, *, approved: bool = True, **details
) -> OneOffFunding:
    """A grant for a line, approved unless told otherwise."""
    funding = reserves.add_one_off_funding(
        by=the_officer(line.council),
        period=period,
        line=line,
        amount=pounds(amount),
        **{"source": "grant", **details},
    )
    if not approved:
        return funding
    return reserves.approve_one_off_funding(by=the_head(line.council), funding=funding)


def make_approved(period: MonitoringPeriod) -> MonitoringPeriod:
    """The period submitted by the officer and approved by the head: its figures are locked. Material variances are explained on the way."""
    for line in council_position(period.council, period).lines:
        if line.needs_reasons:
            explain(ServiceLine.objects.get(pk=line.line_id), period)
    periods.submit_period(by=the_officer(period.council), period=period)
    return periods.approve_period(by=the_head(period.council), period=period)


def make_published(period: MonitoringPeriod) -> int:
    """The period approved, and its variances noted as published; return the version. It makes no publication page."""
    period = make_approved(period)
    position = council_position(period.council, period)
    return periods.record_publication(
        by=the_officer(period.council),
        approved_by=the_head(period.council),
        period=period,
        variances=[
            periods.LineVariance(
                line.line_id,
                line.division_id,
                line.directorate_id,
                line.position.fund,
                line.position.variance_after_reserves,
            )
            for line in position.lines
        ],
    )
