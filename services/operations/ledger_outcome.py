"""What is kept of a ledger's check, as plain JSON: what the person who confirms is shown, and what the worker must find again."""

from typing import Any

from services.imports.ledger import LedgerReading
from services.imports.ledger_matching import UnknownCode
from services.imports.problems import Check, Confirmation, Problem
from services.operations.ledger_assessment import LedgerAssessment, LineChange, earlier_period

PROBLEMS_KEPT = 1_000


def outcome_of(found: LedgerAssessment) -> dict[str, Any]:
    """Counts, control totals, differences, findings and codes to be mapped; money as decimal strings."""
    reading, earlier = found.reading, earlier_period(found)
    return {
        "facts": reading.facts,
        "headings": headings_of(reading),
        "title": reading.title,
        "unit": reading.unit.label,
        "read": len(reading.rows),
        "lines": len(found.sums),
        "changed": len(found.changes),
        "has_commitments": reading.has_commitments,
        "totals": [_total(check) for check in reading.totals],
        "changes": [_change(change) for change in found.changes],
        "restated": [
            {"line": row.line, "then": _money(row.then), "now": _money(row.now), "difference": _money(row.difference)}
            for row in found.restated
        ],
        "earlier": earlier.label if earlier else "",
        "unknown": [_unknown(code) for code in found.matches.unknown],
        "unknown_count": found.matches.unknown_count,
        "remarks": [str(remark) for remark in found.remarks][:500],
        "confirmations": [finding_of(finding) for finding in found.confirmations],
        "problem_count": len(found.problems),
        "already": found.already_applied,
        "effect": found.effect,
    }  # fmt: skip


def headings_of(reading: LedgerReading) -> list[list[str]]:
    """Each heading with the field that it is read as, blank where it is not."""
    return [[heading, name.value if name else ""] for heading, name in reading.headings]


def _change(change: LineChange) -> dict[str, Any]:
    return {
        "line": change.line,
        "actual_before": _money(change.actual_before),
        "actual_after": _money(change.actual_after),
        "commitments_before": _money(change.commitments_before),
        "commitments_after": _money(change.commitments_after),
    }


def _unknown(code: UnknownCode) -> dict[str, Any]:
    return {
        "cost_centre": code.cost_centre,
        "subjective": code.subjective,
        "description": code.description,
        "row": code.row,
        "near": code.near,
        "line": code.suggested_line,
    }


def finding_of(finding: Confirmation) -> dict[str, Any]:
    """A finding as it was shown."""
    return {"code": finding.code, "question": finding.question, "details": list(finding.details)}


def problems_of(found: LedgerAssessment) -> list[dict[str, Any]]:
    """The problems, as far as they are kept."""
    return [_problem(problem) for problem in found.problems[:PROBLEMS_KEPT]]


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "what": problem.what,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "found": problem.found,
        "expected": problem.expected,
    }


def problem_from(kept: dict[str, Any]) -> Problem:
    """A problem as it was kept."""
    return Problem(**kept)


def finding_from(kept: dict[str, Any]) -> Confirmation:
    """A finding as it was kept."""
    return Confirmation(code=kept["code"], question=kept["question"], details=tuple(kept["details"]))


def _total(check: Check) -> dict[str, Any]:
    return {
        "what": check.what,
        "row": check.row,
        "printed": check.words(check.printed),
        "sum": check.words(check.computed),
        "gap": check.words(check.gap),
        "verdict": "agrees" if check.is_exact else "within rounding" if check.holds else "differs",
    }


def _money(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"
