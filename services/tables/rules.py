"""The table of what a change of rules would do."""

from collections.abc import Iterable

from presentation.tables import FigureTable, RowHeaderColumn, TextColumn
from services.models import Council
from services.position.rule_effects import Effect


class EffectsTable(FigureTable):
    """What a rule gives now, and with the change."""

    example = RowHeaderColumn("Example")
    now = TextColumn("As the rules are")
    then = TextColumn("With the change")
    changes = TextColumn("Changes")


def effects_table(effects: Iterable[Effect], *, council: Council) -> EffectsTable:
    """Examples, those that change first."""
    return EffectsTable(
        tuple(effects),
        caption=f"{council.name}: what the rules give now, and with the change",
        empty_text="There is no period yet in which the change would show.",
        unit=council.unit,
        key="effects",
    )
