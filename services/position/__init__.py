"""Computed reads of the working side: a fixed number of queries into frozen dataclasses."""

from services.position.context import (
    DsgEntry,
    PeriodContext,
    ReserveLine,
    RiskEntry,
    VirementEntry,
    period_context,
)
from services.position.lines import (
    CouncilPosition,
    LinePosition,
    Reason,
    Scope,
    ScopeTotal,
    SourceMark,
    council_position,
)

__all__ = [
    "CouncilPosition",
    "DsgEntry",
    "LinePosition",
    "PeriodContext",
    "Reason",
    "ReserveLine",
    "RiskEntry",
    "Scope",
    "ScopeTotal",
    "SourceMark",
    "VirementEntry",
    "council_position",
    "period_context",
]
