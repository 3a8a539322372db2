"""Published records made by hand, for tests that need no database."""

from datetime import UTC, datetime
from decimal import Decimal
from zlib import crc32

from accounting.figures import Figures, figures_of
from accounting.funds import Fund
from accounting.money import Unit
from accounting.periods import Period
from accounting.position import Budget, Position, Support
from scrutiny.published import PublishedLine, PublishedPeriod, PublishedReason, PublishedTotal


def pounds(amount):
    return None if amount is None else Decimal(amount)


def figures(
    budget="10000000", forecast="13800000", *, drawdown=0, contribution=0, other=0, pending=0, last=None
) -> Figures:
    """Figures as the arithmetic makes them: pounds; `last` is the last published variance after reserves."""
    return figures_of(
        Position(
            fund=Fund.GENERAL_FUND,
            budget=Budget(original=pounds(budget)),
            forecast_outturn=pounds(forecast),
            approved=Support(
                drawdown=Decimal(drawdown),
                contribution=Decimal(contribution),
                other_one_off_funding=Decimal(other),
            ),
            pending=Support(drawdown=Decimal(pending)),
            last_published_variance=pounds(last),
        )
    )


def reason(label="Demand", amount=None, **extra) -> PublishedReason:
    return PublishedReason(
        driver=label.lower(),
        driver_label=label,
        amount=pounds(amount),
        **{"is_recurrent": None, "words": "More children.", "action": "", **extra},
    )


def line(
    name="Placements", its=None, *, directorate="Children", fund=Fund.GENERAL_FUND, **extra
) -> PublishedLine:
    return PublishedLine(
        name=name,
        figures=its or figures(),
        directorate=directorate,
        fund=fund,
        **{
            "line_id": crc32(f"{name}, {directorate}".encode()),
            "code": "",
            "kind": "net",
            "division": "Social care",
            "is_statutory": False,
            "is_demand_led": False,
            "is_controllable": True,
            "is_closed": False,
            "rag": None,
            "reasons": (),
            "sources": (),
            "needs_reasons": False,
            **extra,
        },
    )


def total(scope, name, its, *, fund=Fund.GENERAL_FUND, lines=1, missing=0) -> PublishedTotal:
    return PublishedTotal(
        scope=scope,
        key="" if scope == "council" else name,
        name=name,
        directorate="" if scope == "council" else name,
        fund=fund,
        figures=its,
        rag=None,
        sources=(),
        lines=lines,
        lines_without_forecast=missing,
    )


def period(*, lines=(), totals=(), when="2023-24/p7", last="2023-24/p6", **extra) -> PublishedPeriod:
    return PublishedPeriod(
        period=Period.parse(when),
        last_published=Period.parse(last) if last else None,
        last_published_version=1 if last else None,
        lines=tuple(lines),
        totals=tuple(totals),
        **{
            "council_slug": "thorney",
            "council_name": "Thorney Borough Council",
            "remit": "Children's services",
            "unit": Unit.THOUSANDS,
            "is_illustration": False,
            "source_note": "",
            "title_as_printed": "",
            "warnings": (),
            "reserves": (),
            "reserve_uses": (),
            "dsg": (),
            "virements": (),
            "risks": (),
            "version": 1,
            "published_at": datetime(2023, 11, 14, 12, 0, tzinfo=UTC),
            "published_by": "Finance officer",
            "approved_by": "Head of finance",
            "digest": "a" * 64,
            "changes": (),
            **extra,
        },
    )


def whole(its, *, lines=None, last="2023-24/p6", when="2023-24/p7", missing=0) -> PublishedPeriod:
    """A council whose one directorate's total is these figures."""
    lines = [line(its=its)] if lines is None else lines
    totals = [
        total(scope, name, its, lines=len(lines), missing=missing)
        for scope, name in (("council", "Thorney"), ("directorate", "Children"))
    ]
    return period(lines=lines, totals=totals, last=last, when=when)
