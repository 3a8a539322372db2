"""A schedule's profile as its TOML, written from what a person chose."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from savings.imports.columns import Meaning
from savings.imports.profile import GROWTH, SAVING


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person said about how a schedule is to be read."""

    kind: str = SAVING
    printed: str = ""
    """How what the schedule is about is printed: “negative”, “positive”, or not said."""
    units: str = ""
    sheet: str = ""
    total_rows: Sequence[str] = ()
    ignore_rows: Sequence[str] = ()
    stage: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    decision_reference: str = ""
    first_year_is_level: bool = False
    create_missing_directorates: bool = False
    columns: Mapping[str, Meaning] = field(default_factory=dict)


def schedule_profile_text(choices: Choices) -> str:
    """The profile as TOML, which `parse_schedule_profile` reads and `import_savings --profile` takes."""
    sign = "growth" if choices.kind == GROWTH else "savings"
    texts = {
        "kind": choices.kind,
        sign: choices.printed,
        "units": choices.units,
        "sheet": choices.sheet,
        "stage": choices.stage,
        "decided_by": choices.decided_by,
        "decision_reference": choices.decision_reference,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in texts.items() if value]
    if choices.decided_on:
        lines.append(f"decided_on = {choices.decided_on.isoformat()}")
    for key, labels in (("total_rows", choices.total_rows), ("ignore_rows", choices.ignore_rows)):
        if labels:
            lines.append(f"{key} = [{', '.join(_quoted(label) for label in labels)}]")
    flags = ("first_year_is_level", "create_missing_directorates")
    lines += [f"{key} = true" for key in flags if getattr(choices, key)]
    if choices.columns:
        columns = [f"{_quoted(heading)} = {_quoted(str(name))}" for heading, name in choices.columns.items()]
        lines += ["", "[columns]", *columns]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
