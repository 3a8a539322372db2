"""What opens under a line of the position table: its reasons, what is being done, and where its figures come from."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounting.wording import format_money, format_short
from scrutiny.published import PublishedLine, PublishedReason, PublishedSource
from scrutiny.tables.context_rows import figure_words

NOTHING = mark_safe("")


def why_html(line: PublishedLine | None, *, columns: int, ask: str, name: str) -> SafeString:
    """A row across all columns: what opens in place for a line with reasons or sources, and the way to ask about the line or total."""
    opens = _details(line) if line else NOTHING
    asks = (
        format_html('<a href="{}">Ask about this<span class="visually-hidden"> ({})</span></a>', ask, name)
        if ask
        else NOTHING
    )
    if not (opens or asks):
        return NOTHING
    return format_html(
        '<tr class="row-why"><td colspan="{}"><div class="why">{}{}</div></td></tr>', columns, opens, asks
    )


def _details(line: PublishedLine) -> SafeString:
    """What opens; nothing for a line with neither reasons nor sources."""
    if not (line.reasons or line.sources or line.needs_reasons):
        return NOTHING
    return format_html(
        '<details><summary>{}<span class="visually-hidden"> ({})</span></summary>{}{}</details>',
        _summary(line),
        line.name,
        _reasons(line),
        _sources(line.sources),
    )


def _summary(line: PublishedLine) -> str:
    """“Why: placements +£2.1m; agency staffing +£900k”."""
    if line.reasons:
        return "Why: " + "; ".join(_named(reason) for reason in line.reasons)
    return "Why: no reason was published" if line.needs_reasons else "Where these figures come from"


def _named(reason: PublishedReason) -> str:
    label = reason.driver_label[0].lower() + reason.driver_label[1:]
    return label if reason.amount is None else f"{label} {format_short(reason.amount, plus=True)}"


def _reasons(line: PublishedLine) -> SafeString:
    if line.needs_reasons and not line.reasons:
        return format_html("<p>The council's rule asks for a reason for a variance of this size.</p>")
    if not line.reasons:
        return NOTHING
    return format_html(
        "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_told(r),) for r in line.reasons))
    )


def _told(reason: PublishedReason) -> SafeString:
    amount = (
        "not broken down"
        if reason.amount is None
        else f"{format_money(reason.amount, plus=True)} before reserves"
    )
    lasting = {True: ", recurrent", False: ", one-off", None: ""}[reason.is_recurrent]
    action = format_html("<br>Action: {}", reason.action) if reason.action else NOTHING
    return format_html("{}: {}{}. {}{}", reason.driver_label, amount, lasting, reason.words, action)


def _sources(sources: tuple[PublishedSource, ...]) -> SafeString:
    if not sources:
        return NOTHING
    told = ((figure_words(s.figure), s.basis, _cited(s)) for s in sources)
    return format_html('<ul class="quiet">{}</ul>', format_html_join("", "<li>{}: {}{}</li>", told))


def _cited(source: PublishedSource) -> str:
    citation = f", {source.citation}" if source.citation else ""
    words = f". {source.words}" if source.words else "."
    return f"{citation}{words}" if not citation.endswith(".") or source.words else citation
