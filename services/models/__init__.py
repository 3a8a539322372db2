"""The records of the working side."""

from services.models.audit import AuditEntry, RequestKey
from services.models.budgets import (
    ApprovalState,
    FundingChange,
    OriginalBudget,
    ReportedBudget,
    Virement,
    VirementLeg,
)
from services.models.council import Council, RagThreshold, RoleAssignment, VirementRule
from services.models.cycle import DeadlineRule, ReminderSent, ReopenRequest, YearRoll
from services.models.deputies import Delegation
from services.models.dsg import DsgAccount
from services.models.forecasts import Driver, Forecast, VarianceReason
from services.models.imports import ImportBatch, ImportProfile, SourceNote
from services.models.ledger import LedgerAmount, LedgerBatch, LedgerCode
from services.models.periods import DirectorateSubmission, MonitoringPeriod, PublishedVariance
from services.models.reserves import (
    COUNTED_STATES,
    PENDING_STATES,
    OneOffFunding,
    Reserve,
    ReserveOpening,
    ReserveTransfer,
    ReserveUse,
    UseState,
)
from services.models.risks import RiskOrOpportunity
from services.models.structure import Directorate, Division, ServiceLine

__all__ = [
    "COUNTED_STATES",
    "PENDING_STATES",
    "ApprovalState",
    "AuditEntry",
    "Council",
    "DeadlineRule",
    "Delegation",
    "Directorate",
    "DirectorateSubmission",
    "Division",
    "Driver",
    "DsgAccount",
    "Forecast",
    "FundingChange",
    "ImportBatch",
    "ImportProfile",
    "LedgerAmount",
    "LedgerBatch",
    "LedgerCode",
    "MonitoringPeriod",
    "OneOffFunding",
    "OriginalBudget",
    "PublishedVariance",
    "RagThreshold",
    "ReminderSent",
    "ReopenRequest",
    "ReportedBudget",
    "RequestKey",
    "Reserve",
    "ReserveOpening",
    "ReserveTransfer",
    "ReserveUse",
    "RiskOrOpportunity",
    "RoleAssignment",
    "ServiceLine",
    "SourceNote",
    "UseState",
    "VarianceReason",
    "Virement",
    "VirementLeg",
    "VirementRule",
    "YearRoll",
]
