"""A profile as its TOML, written from what a person chose."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.imports.profile import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person said about how a file is to be read."""

    units: str = ""
    overspend: str = ""
    columns: Mapping[str, Field] = field(default_factory=dict)
    total_rows: Sequence[str] = ()
    ignore_rows: Sequence[str] = ()
    create_missing_lines: bool = False
    sheet: str = ""
    directorate: str = ""
    division: str = ""


def profile_text(choices: Choices) -> str:
    """The profile as TOML, which `parse_profile` reads and `import_return --profile` takes."""
    lines = [
        f"{key} = {_quoted(value)}"
        for key, value in (("units", choices.units), ("overspend", choices.overspend))
        if value
    ]
    if choices.sheet:
        lines.append(f"sheet = {_quoted(choices.sheet)}")
    for key, labels in (("total_rows", choices.total_rows), ("ignore_rows", choices.ignore_rows)):
        if labels:
            lines.append(f"{key} = [{', '.join(_quoted(label) for label in labels)}]")
    if choices.create_missing_lines:
        lines.append("create_missing_lines = true")
    defaults = [("directorate", choices.directorate), ("division", choices.division)]
    if any(value for _, value in defaults):
        lines += ["", "[defaults]", *(f"{key} = {_quoted(value)}" for key, value in defaults if value)]
    if choices.columns:
        lines += [
            "",
            "[columns]",
            *(f"{_quoted(heading)} = {_quoted(name.value)}" for heading, name in choices.columns.items()),
        ]
    return "\n".join(lines) + "\n" if lines else ""


def _quoted(text: str) -> str:
    """A TOML basic string: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
