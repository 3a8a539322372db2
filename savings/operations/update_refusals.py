"""What the month's updates refuse by a rule of the arithmetic, told so that a grid can show it at the saving."""

from decimal import Decimal

from accounting.savings import PartsDoNotSumError
from services.operations.refusals import InvalidFigureError


class PartsRefusedError(InvalidFigureError):
    """The four parts do not sum to the target. `difference` is parts − target, in pounds."""

    def __init__(self, rule: PartsDoNotSumError, *, saving: str, proposal_id: int) -> None:
        super().__init__("parts", str(rule), line=saving, line_id=proposal_id)
        self.rule = rule
        self.difference: Decimal = rule.difference
