"""Savings as values made by hand, for tests that need no database. Amounts are text, in pounds."""

from datetime import date
from decimal import Decimal

from accounting.periods import FinancialYear
from accounting.rag import Rag
from accounting.savings import Delivery, Stage, saving_figures
from savings.entries import (
    ActionEntry,
    BridgeEntry,
    BridgeStepEntry,
    MitigationEntry,
    PhasingEntry,
    ProposalEntry,
    RecoveryEntry,
    SavingEntry,
    SavingsContent,
    SavingsTotal,
    SpanEntry,
    StrategyEntry,
    StrategyYear,
    YearAmount,
)


def pounds(amount):
    return None if amount is None else Decimal(amount)


def year(first):
    return FinancialYear(first)


def figures(target="250000", forecast=None, parts=None, mitigation="0", lasting="0"):
    """Figures as the arithmetic makes them; `parts` are delivered, on track, at risk and undeliverable."""
    delivered, on_track, at_risk, undeliverable = map(pounds, parts.split()) if parts else [None] * 4
    return saving_figures(
        Delivery(
            target=pounds(target),
            delivered=delivered,
            on_track=on_track,
            at_risk=at_risk,
            undeliverable=undeliverable,
            forecast=pounds(forecast),
            mitigation=Decimal(mitigation),
            lasting_mitigation=Decimal(lasting),
        )
    )


def phasing(*amounts, number=1, printed=None, **extra):
    """One version; `amounts` are (first year, change to base)."""
    changes = tuple(
        YearAmount(
            year=year(first),
            amount=Decimal(amount),
            returned=Decimal(0),
            level=Decimal(0),
            ours=Decimal(amount),
        )
        for first, amount in amounts
    )
    total = sum((one.amount for one in changes), Decimal(0)) if changes else None
    return PhasingEntry(
        number=number,
        status_label="Approved",
        is_approved=True,
        amounts=changes,
        total=total,
        total_as_printed=pounds(printed),
        gap=None if printed is None else total - Decimal(printed),
        **extra,
    )


def span(
    words="by a further £250,000 in 2013/14 and 2014/15", amount="-250000", first=2013, last=2014, **extra
):
    return SpanEntry(
        words=words,
        amount=Decimal(amount),
        first_year=year(first),
        last_year=year(last),
        if_each_year=Decimal(amount) * 2,
        if_in_total=Decimal(amount),
        **{"meaning_label": "The paper does not say which", "is_counted": False, **extra},
    )


def proposal(title="Commissioning", key="7", *, stage=Stage.IN_DELIVERY, **extra):
    return ProposalEntry(
        key=key,
        title=title,
        heading=title,
        stage=stage,
        stage_label=stage.label,
        is_counted=stage.counts,
        **{
            "kind": "saving",
            "reference": "",
            "description": "",
            "type": "contract",
            "type_label": "Contract or commissioning",
            "recurrence": "recurrent",
            "recurrence_label": "Recurrent",
            "is_cashable": None,
            "directorate": "Children and Families",
            "service": "",
            "service_line_id": None,
            "priority": "",
            "lead_role": "",
            "partners": "",
            "posts": None,
            "equality_label": "Not stated",
            "equality_reference": "",
            "consultation_label": "Not stated",
            "consultation_reference": "",
            "phasing": None,
            **extra,
        },
    )


def saving(
    title="Commissioning", its=None, rag=Rag.AMBER, *, key="7", reason="Reviewed every quarter.", **extra
):
    of = extra.pop("of", None) or proposal(title, key)
    return SavingEntry(
        proposal=of,
        figures=its or figures(),
        rag=rag,
        reason=reason,
        **{"confidence_label": "Medium", "expected_on": None, "service_effect": "", **extra},
    )


def cover(kind="reserve", label="Reserve", amount="50000", **extra):
    return MitigationEntry(kind=kind, kind_label=label, lasts=False, amount=pounds(amount), **extra)


def total(scope, name, its, *, rag=None, count=1, without_target=0, without_parts=0):
    return SavingsTotal(
        scope=scope,
        name=name,
        rag=rag,
        count=count,
        without_target=without_target,
        without_parts=without_parts,
        figures=its,
    )


def content(*savings, whole=None, by_rating=None, **extra):
    """A period's savings; `whole` is the council's sum, `by_rating` the colours' targets in pounds."""
    totals = [total("council", "Thorney", whole or figures(), count=len(savings))] if savings else []
    totals += [
        total("rag", rag.label if rag else "Not yet rated", figures(amount), rag=rag)
        for rag, amount in (by_rating or {}).items()
    ]
    proposals = extra.pop("proposals", tuple(one.proposal for one in savings))
    return SavingsContent(savings=savings, totals=tuple(totals), proposals=proposals, **extra)


def action(title="Freeze a post", target="50000", **extra):
    known = {
        "identified": None,
        "recouped": None,
        "to_identify": None,
        "remaining": None,
        "identified_percent": None,
    }
    return ActionEntry(
        title=title,
        target=pounds(target),
        **{
            "reference": "",
            "type_label": "Freeze of a post or of spending",
            "horizon": "this_year",
            "horizon_label": "This year",
            "status_label": "In progress",
            "owner_role": "",
            "due": None,
            "service": "",
            "is_full_year_target": False,
            **known,
            **extra,
        },
    )


def bridge(start="5466000", end="4681000", *steps, **extra):
    """From one projection to another; `steps` are (label, amount)."""
    made = tuple(BridgeStepEntry(label=label, amount=Decimal(amount)) for label, amount in steps)
    change = Decimal(end) - Decimal(start)
    return BridgeEntry(
        title="Social care: before reserves, September to January",
        start_label="September 2014",
        start=Decimal(start),
        end_label="January 2015",
        end=Decimal(end),
        change=change,
        steps=made,
        unexplained=change - sum((step.amount for step in made), Decimal(0)),
        **extra,
    )


def plan(*actions, target="1120000", **extra):
    return RecoveryEntry(
        key="plan-1",
        name="Financial recovery",
        year=year(2014),
        directorate="",
        words="",
        actions=actions or (action(),),
        target=pounds(target),
        **{"identified": None, "recouped": None, "remaining": None, **extra},
    )


def strategy_year(first, gap="1000000", savings="-500000", growth="200000", reopened="0"):
    """One year whose base makes the gap; `gap=None` is a year of which base and funding are not known."""
    base = None if gap is None else Decimal("10000000")
    requirement = None if base is None else base + Decimal(growth) + Decimal(reopened) + Decimal(savings)
    return StrategyYear(
        year=year(first),
        base=base,
        growth=Decimal(growth),
        reopened=Decimal(reopened),
        savings=Decimal(savings),
        requirement=requirement,
        funding=None if requirement is None else requirement - Decimal(gap),
        gap=pounds(gap),
    )


def strategy(*years, proposals=(), **extra):
    return StrategyEntry(
        title="Medium-term financial strategy",
        words="",
        years=years,
        years_if_all_agreed=extra.pop("if_all", years),
        lines=(),
        proposals=tuple(proposals),
        **extra,
    )


def everything():
    """Content with something of every kind."""
    amber = saving(
        its=figures("250000", "200000", "100000 50000 60000 40000", mitigation="30000"),
        mitigations=(cover(amount="30000"),),
        expected_on=date(2024, 3, 31),
        disagreement="It is amber, while the forecast says nothing.",
    )
    green = saving("Vacancies", figures("900000", "900000"), Rag.GREEN, key="8", reason="")
    shared = proposal(
        "Fostering agencies", "9", stage=Stage.PROPOSAL, phasing=phasing((2012, "-125000"), spans=(span(),))
    )
    return content(
        amber,
        green,
        whole=figures("1150000", "1100000", mitigation="30000"),
        by_rating={Rag.AMBER: "250000", Rag.GREEN: "900000"},
        proposals=(amber.proposal, green.proposal, shared),
        strategy=strategy(strategy_year(2024), strategy_year(2025, "2500000"), proposals=(shared,)),
        recovery=(plan(bridges=(bridge(),)),),
    )
