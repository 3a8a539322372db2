"""The records of savings, recovery plans and the medium-term strategy."""

from savings.models.bridges import ProjectionStep
from savings.models.delivery import PARTS, Mitigation, SavingsUpdate
from savings.models.imports import ScheduleImport, ScheduleProfile
from savings.models.phasing import InvestmentYear, PhaseSpan, PhasingVersion, SavingsPhase, SavingsShare
from savings.models.proposals import Component, ProposalNote, SavingsProposal, StageChange, VacancyFactor
from savings.models.recovery import (
    BusinessCase,
    ExternalFinding,
    ExternalReview,
    Projection,
    RecoveryAction,
    RecoveryPlan,
    RecoveryProgress,
    SpendingControl,
)
from savings.models.strategy import SavingsSource, Strategy, StrategyFigure

__all__ = [
    "PARTS",
    "BusinessCase",
    "Component",
    "ExternalFinding",
    "ExternalReview",
    "InvestmentYear",
    "Mitigation",
    "PhaseSpan",
    "PhasingVersion",
    "Projection",
    "ProjectionStep",
    "ProposalNote",
    "RecoveryAction",
    "RecoveryPlan",
    "RecoveryProgress",
    "SavingsPhase",
    "SavingsProposal",
    "SavingsShare",
    "SavingsSource",
    "SavingsUpdate",
    "ScheduleImport",
    "ScheduleProfile",
    "SpendingControl",
    "StageChange",
    "Strategy",
    "StrategyFigure",
    "VacancyFactor",
]
