"""Table columns: each knows its words for readers and its exact value for exports."""

from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

import django_tables2
from django.utils.html import escape

from accounting.money import Unit
from accounting.rag import Rag
from accounting.wording import NOT_APPLICABLE, UNKNOWN, format_money, format_percent

ExportValue = Decimal | str


class FigureColumn(django_tables2.Column):  # type: ignore[misc]  # the package is untyped
    """A column that knows its words for readers and its exact value for exports.

    `accessor` is a dotted path of attributes, by default the column's own name; `unknown` is what `None`
    says. Sorting is off: a report's order is part of what it says.
    """

    css_class: ClassVar[str] = "col-text"
    export_suffix: ClassVar[str] = ""

    def __init__(
        self, verbose_name: str, *, accessor: str | None = None, unknown: str = UNKNOWN, **extra: Any
    ) -> None:
        extra.setdefault("orderable", False)
        path = accessor.replace(".", "__") if accessor else None  # django-tables2's own way to write it
        super().__init__(verbose_name=verbose_name, accessor=path, empty_values=(), **extra)
        self.unknown = unknown
        self.unit = Unit.POUNDS

    def bind(self, *, name: str, unit: Unit) -> None:
        """Learn the column's name in its table, and the table's unit."""
        self.name = name
        self.unit = unit
        self._read = attrgetter(str(self.accessor or name).replace("__", "."))

    def figure(self, row: Any) -> Any:
        """The row's value, as it was computed. A missing attribute is a mistake in the table and raises."""
        return self._read(row)

    def text(self, value: Any) -> str:
        """Words for a value that is known."""
        return str(value)

    def exact(self, value: Any) -> ExportValue:
        """The exact value, for a value that is known."""
        return self.text(value)

    def cell_text(self, row: Any) -> str:
        """What a reader sees, on screen and in the PDF; never blank."""
        value = self.figure(row)
        return self.unknown if value is None or value == "" else self.text(value)

    def cell_html(self, row: Any) -> str:
        """The cell's content as safe HTML."""
        return escape(self.cell_text(row))

    def export_value(self, row: Any) -> ExportValue:
        """What an export holds: exact pounds or percent as `Decimal`, or the same words as the screen."""
        value = self.figure(row)
        return self.unknown if value is None or value == "" else self.exact(value)

    def render(self, record: Any) -> str:
        """For django-tables2's own machinery: the same words."""
        return self.cell_text(record)

    @property
    def export_heading(self) -> str:
        """The heading with its unit, because an export has no caption."""
        return f"{self.verbose_name}{self.export_suffix}"


class TextColumn(FigureColumn):
    """Words. `wide=True` for reasons and other sentences."""

    def __init__(
        self, verbose_name: str, *, wide: bool = False, unknown: str = "none given", **extra: Any
    ) -> None:
        super().__init__(verbose_name, unknown=unknown, **extra)
        self.css_class = "col-reason" if wide else "col-text"  # type: ignore[misc]


class RowHeaderColumn(FigureColumn):
    """The name of the row, which becomes `th scope="row"`.

    `link` names an attribute of the row that holds an address or `None`.
    """

    css_class = "col-name"

    def __init__(self, verbose_name: str, *, link: str | None = None, **extra: Any) -> None:
        super().__init__(verbose_name, **extra)
        self.address_from = link  # not `link`, which django-tables2 takes for a link of its own

    def address(self, row: Any) -> str | None:
        """Where the row's name leads, if anywhere."""
        return attrgetter(self.address_from)(row) if self.address_from else None

    def cell_html(self, row: Any) -> str:
        """The name, as a link where the row has an address."""
        words, address = escape(self.cell_text(row)), self.address(row)
        return f'<a href="{escape(address)}">{words}</a>' if address else words


class MoneyColumn(FigureColumn):
    """Decimal pounds, printed in the table's unit; exports hold exact pounds."""

    css_class = "col-figure"
    export_suffix = " (£)"

    def __init__(self, verbose_name: str, *, places: int = 0, **extra: Any) -> None:
        super().__init__(verbose_name, **extra)
        self.places = places

    def text(self, value: Decimal) -> str:
        """The amount without a symbol: the caption names the unit."""
        return format_money(value, unit=self.unit, places=self.places, symbol=False)

    def exact(self, value: Decimal) -> Decimal:
        """Exact pounds."""
        return value


class VarianceColumn(MoneyColumn):
    """A variance or movement in pounds: overspend positive. The table's key says what the signs mean."""


class PercentColumn(FigureColumn):
    """A percentage given as `Decimal` percent (20 is 20%); no base prints “n/a”."""

    css_class = "col-figure"
    export_suffix = " (%)"

    def __init__(
        self, verbose_name: str, *, places: int = 1, unknown: str = NOT_APPLICABLE, **extra: Any
    ) -> None:
        super().__init__(verbose_name, unknown=unknown, **extra)
        self.places = places

    def text(self, value: Decimal) -> str:
        """The percentage with its sign."""
        return format_percent(value, places=self.places)

    def exact(self, value: Decimal) -> Decimal:
        """The percentage as computed."""
        return value


class NumberColumn(FigureColumn):
    """A count that is not money: children, days, posts. Given as `int` or `Decimal`."""

    css_class = "col-figure"

    def __init__(
        self, verbose_name: str, *, places: int = 0, unknown: str = "not recorded", **extra: Any
    ) -> None:
        super().__init__(verbose_name, unknown=unknown, **extra)
        self.places = places

    def text(self, value: int | Decimal) -> str:
        """The count with its thousands grouped."""
        return format_money(Decimal(value), places=self.places, symbol=False)

    def exact(self, value: int | Decimal) -> Decimal:
        """The count as computed."""
        return Decimal(value)


class RagColumn(FigureColumn):
    """A `Rag` rating: shape, word, then colour."""

    css_class = "col-rag"

    def __init__(self, verbose_name: str = "RAG", *, unknown: str = "not rated", **extra: Any) -> None:
        super().__init__(verbose_name, unknown=unknown, **extra)

    def text(self, value: Rag) -> str:
        """“▲ Amber”."""
        return f"{value.shape} {value.label}"

    def exact(self, value: Rag) -> str:
        """The word alone: exports are sorted and counted by it."""
        return value.label

    def cell_html(self, row: Any) -> str:
        """The shape coloured and hidden from speech, the word in ink."""
        value = self.figure(row)
        if value is None:
            return escape(self.unknown)
        shape = f'<span class="rag-shape" aria-hidden="true">{value.shape}</span>'
        return f'<span class="rag rag-{value.value}">{shape} {value.label}</span>'
