"""A publication's figures as rows, one by one, so that histories need no content opened."""

from dataclasses import fields

from accounting.figures import Figures
from accounting.savings import SavingFigures
from savings.entries import SavingEntry
from scrutiny.models import Publication, PublishedFigure, PublishedSaving
from scrutiny.published import LINE, PeriodContent, PublishedLine, PublishedTotal


def figure_rows(publication: Publication, content: PeriodContent) -> list[PublishedFigure]:
    """Every line and total, not yet written."""
    lines = [_figure(publication, line, scope=LINE) for line in content.lines]
    return lines + [_figure(publication, total, scope=total.scope) for total in content.totals]


def _figure(publication: Publication, row: PublishedLine | PublishedTotal, *, scope: str) -> PublishedFigure:
    values = {field.name: getattr(row.figures, field.name) for field in fields(Figures)}
    percent = values.pop("variance_percent")
    return PublishedFigure(
        council_id=publication.council_id,
        publication=publication,
        period_year=publication.period_year,
        period_number=publication.period_number,
        version=publication.version,
        scope=scope,
        key=row.key,
        name=row.name,
        fund=row.fund.value,
        rag=row.rag.value if row.rag else "",
        variance_percent="" if percent is None else f"{percent:f}",
        **values,
    )


def saving_rows(publication: Publication, content: PeriodContent) -> list[PublishedSaving]:
    """Every saving of the period, not yet written."""
    return [_saving(publication, saving) for saving in content.savings.savings]


def _saving(publication: Publication, saving: SavingEntry) -> PublishedSaving:
    values = {field.name: getattr(saving.figures, field.name) for field in fields(SavingFigures)}
    percent = values.pop("delivered_percent")
    return PublishedSaving(
        council_id=publication.council_id,
        publication=publication,
        period_year=publication.period_year,
        period_number=publication.period_number,
        version=publication.version,
        key=saving.proposal.key,
        stage=saving.proposal.stage.value,
        rag=saving.rag.value if saving.rag else "",
        reason=saving.reason,
        delivered_percent="" if percent is None else f"{percent:f}",
        **values,
    )
