"""Money in the database: whole pence in a 64-bit integer, exact pounds in Python."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from accounting.money import from_pence, to_pence


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]
    """Stores pounds as integer pence, so that SUM is exact on SQLite and PostgreSQL alike.

    Python sees `Decimal` pounds with two places. A float, or a figure finer than a penny, is refused.
    """

    description = "Exact pounds, stored as pence"
    if TYPE_CHECKING:  # what the type checker's Django plugin reads: Decimal in, Decimal out
        _pyi_private_set_type: Decimal | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
        _pyi_lookup_exact_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | Decimal | None, expression: Any, connection: Any) -> Decimal | None:
        """Pounds from the column's pence. PostgreSQL widens SUM of a bigint to numeric, hence int()."""
        return None if value is None else from_pence(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        """Pounds from a Decimal or a whole number of pounds."""
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, str):
            return Decimal(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        raise ValidationError(f"Money is Decimal pounds, not {type(value).__name__}.")

    def get_prep_value(self, value: Any) -> int | None:
        """Pence for the column."""
        pounds = self.to_python(value)
        return None if pounds is None else to_pence(pounds)

    def value_to_string(self, obj: models.Model) -> str:
        """Pounds as text, for serialisation."""
        value = self.value_from_object(obj)
        return "" if value is None else f"{value:.2f}"
