"""Savings as values: what officers' pages show, what is frozen into a publication, and what members' pages read back.

One set of records serves both paths, because they are figures and words and nothing else: no model, no query, nothing worked out. A field added
later needs a default, so that older publications still read. Pounds; targets and parts without a sign, phased amounts as changes to base
(a saving is negative). `None` is unknown, never nil.
"""

from savings.entries.content import SavingsContent
from savings.entries.cumulative import EffectEntry, ServiceEffect
from savings.entries.delivery import MitigationEntry, SavingEntry, SavingsTotal
from savings.entries.phasing import PhasingEntry, ShareEntry, SpanEntry, YearAmount
from savings.entries.proposals import (
    CaseEntry,
    ComponentEntry,
    InvestmentEntry,
    Mark,
    NoteEntry,
    ProposalEntry,
    StageEntry,
    VacancyEntry,
)
from savings.entries.recovery import (
    ActionEntry,
    BridgeEntry,
    BridgeStepEntry,
    ControlEntry,
    FindingEntry,
    ProjectionEntry,
    RecoveryEntry,
    ReviewEntry,
)
from savings.entries.strategy import StrategyEntry, StrategyLine, StrategyYear

__all__ = [
    "ActionEntry",
    "BridgeEntry",
    "BridgeStepEntry",
    "CaseEntry",
    "ComponentEntry",
    "ControlEntry",
    "EffectEntry",
    "FindingEntry",
    "InvestmentEntry",
    "Mark",
    "MitigationEntry",
    "NoteEntry",
    "PhasingEntry",
    "ProjectionEntry",
    "ProposalEntry",
    "RecoveryEntry",
    "ReviewEntry",
    "SavingEntry",
    "SavingsContent",
    "SavingsTotal",
    "ServiceEffect",
    "ShareEntry",
    "SpanEntry",
    "StageEntry",
    "StrategyEntry",
    "StrategyLine",
    "StrategyYear",
    "VacancyEntry",
    "YearAmount",
]
