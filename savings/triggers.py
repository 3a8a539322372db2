"""Which tables of savings the database itself keeps: versions are never overwritten, and a closed period's updates are locked."""

from services.triggers import Trigger, frozen_triggers, locked_triggers

FROZEN_TABLES = (
    "savings_stagechange",
    "savings_phasingversion",
    "savings_savingsphase",
    "savings_phasespan",
    "savings_savingsshare",
)
LOCKED_TABLES = ("savings_savingsupdate", "savings_mitigation", "savings_recoveryprogress")


def every_trigger() -> list[Trigger]:
    """All that guard the tables of this app."""
    return [*frozen_triggers(FROZEN_TABLES, because="is a version and"), *locked_triggers(LOCKED_TABLES)]
