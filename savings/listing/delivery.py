"""Savings at one period as a terminal prints them: aligned text, CSV, or JSON. The same for working and for published figures."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from accounting.savings import SavingFigures
from accounting.wording import export_money
from presentation.exports import inert
from savings.entries import SavingEntry, SavingsTotal
from savings.listing.text import aligned, csv_text, name_of, shown, spaced, span_object, text_of

FIGURES: Final = (
    "target", "delivered", "on_track", "at_risk", "undeliverable", "forecast", "shortfall", "mitigation",
)  # fmt: skip
MORE_FIGURES: Final = ("unmitigated", "net_delivery", "reopens_next_year")


def savings_json(
    savings: Sequence[SavingEntry],
    totals: Sequence[SavingsTotal],
    *,
    council: str,
    period: str,
    published: int | None,
    not_agreed: Sequence[str] = (),
) -> str:
    """Targets and parts without a sign as decimal strings in pounds; unknown is null. `published` is the newest published version of the period."""
    whole = next((one for one in totals if one.scope == "council"), None)
    listed = {
        "council": council,
        "period": period,
        "published": published,
        "proposals": [_saving_object(one) for one in savings],
        "totals": _total_object(whole),
        "by_directorate": [
            {"name": one.name, **_total_object(one)} for one in totals if one.scope == "directorate"
        ],
        "by_rag": [
            {"rag": one.rag.value if one.rag else None, **_total_object(one)}
            for one in totals
            if one.scope == "rag"
        ],
        "not_agreed": list(not_agreed),
    }
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _saving_object(saving: SavingEntry) -> dict[str, Any]:
    proposal = saving.proposal
    return {
        "reference": proposal.reference,
        "title": proposal.title,
        "directorate": proposal.directorate,
        "service": proposal.service,
        "status": proposal.stage.value,
        **_figures(saving.figures, FIGURES),
        "rag": saving.rag.value if saving.rag else None,
        "reason": saving.reason,
        **_figures(saving.figures, MORE_FIGURES),
        "confidence": saving.confidence_label,
        "expected_on": saving.expected_on.isoformat() if saving.expected_on else None,
        "mitigations": [
            {
                "kind": one.kind,
                "amount": text_of(one.amount),
                "service_line": one.service_line,
                "words": one.words,
            }
            for one in saving.mitigations
        ],
        "spans": [span_object(span) for span in (proposal.phasing.spans if proposal.phasing else ())],
        "disagreement": saving.disagreement,
    }


def _figures(figures: SavingFigures, names: Iterable[str]) -> dict[str, str | None]:
    return {name: text_of(getattr(figures, name)) for name in names}


def _total_object(whole: SavingsTotal | None) -> dict[str, Any]:
    """A sum; without any saving every figure is nil."""
    if whole is None:
        nil: dict[str, Any] = dict.fromkeys((*FIGURES, *MORE_FIGURES), "0.00")
        return nil | {"count": 0, "without_target": 0, "without_parts": 0}
    return {
        **_figures(whole.figures, (*FIGURES, *MORE_FIGURES)),
        "count": whole.count,
        "without_target": whole.without_target,
        "without_parts": whole.without_parts,
    }


def savings_csv(savings: Sequence[SavingEntry], totals: Sequence[SavingsTotal]) -> str:
    """Exact pounds, one row a saving and one the council's total; an unknown figure is empty."""
    rows = [
        [
            *map(inert, (one.proposal.reference, one.proposal.title, one.proposal.directorate)),
            one.proposal.stage.value,
            *(export_money(getattr(one.figures, name)) for name in FIGURES),
            one.rag.value if one.rag else "",
            inert(one.reason),
        ]
        for one in savings
    ]
    rows += [
        [
            "",
            f"Total {one.name}",
            "",
            "",
            *(export_money(getattr(one.figures, name)) for name in FIGURES),
            "",
            "",
        ]
        for one in totals
        if one.scope == "council"
    ]
    return csv_text(["reference", "title", "directorate", "status", *FIGURES, "rag", "reason"], rows)


def savings_table(
    savings: Sequence[SavingEntry],
    totals: Sequence[SavingsTotal],
    *,
    heading: str,
    not_agreed: Sequence[str] = (),
) -> str:
    """Aligned text in pounds: each saving with its colour, the total, then why what is not green is not."""
    if not savings:
        return "\n".join(
            [f"{heading}, £", "", "No agreed saving has a target this year.", *spaced(not_agreed)]
        )
    rows = [
        [
            name_of(one.proposal.heading),
            *(shown(getattr(one.figures, name)) for name in FIGURES),
            one.rag.label if one.rag else "not rated",
        ]
        for one in savings
    ]
    rows += [
        ["Total", *(shown(getattr(one.figures, name)) for name in FIGURES), ""]
        for one in totals
        if one.scope == "council"
    ]
    captions = ["", *(name.replace("_", " ") for name in FIGURES), "RAG"]
    reasons = [f"{one.proposal.heading}: {one.reason}" for one in savings if one.reason]
    doubts = [f"{one.proposal.heading}: {one.disagreement}" for one in savings if one.disagreement]
    return "\n".join(
        [
            f"{heading}, £",
            "",
            *aligned(captions, rows),
            *spaced(reasons),
            *spaced(doubts),
            *spaced(not_agreed),
        ]
    )
