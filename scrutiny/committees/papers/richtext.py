"""Words of reports: bold and italics by an allow-list of Markdown rules, and quoted figures. All else is text: no HTML, link, picture or address.

What is written is escaped by the renderer, and nothing in it is ever fetched, followed or carried out.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from scrutiny.committees.papers.references import BRACES

RULES: Final = ("emphasis", "escape")
"""All that is read as markup: *italics*, **bold**, and a backslash before a character that should stay as it is."""
Quote = Callable[[str], str]


def rich(words: str, quote: Quote) -> SafeString:
    """Words as safe HTML, each reference said by `quote`."""
    # Every word went through the renderer, which escapes it; the only tags are those of the allow-list.
    safe: SafeString = mark_safe(_reader().renderInline(words, {"quote": quote}))
    return safe


def plain(words: str, quote: Quote) -> str:
    """Words without markup, for bookmarks, feeds and speech."""
    (inline,) = _reader().parseInline(words, {"quote": quote})
    return "".join(
        quote(token.content) if token.type == "figure" else token.content for token in inline.children or ()
    )


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False}).enable(list(RULES))
    reader.inline.ruler.before("escape", "figure", _read_figure)
    reader.add_render_rule("figure", _print_figure)
    return reader


def _read_figure(state: StateInline, silent: bool) -> bool:
    found = BRACES.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("figure", "", 0)
        token.content = found[0]
    state.pos = found.end()
    return True


def _print_figure(
    _renderer: RendererHTML, tokens: list[Token], place: int, _options: Any, env: dict[str, Quote]
) -> str:
    return f'<span class="quoted">{escape(env["quote"](tokens[place].content))}</span>'
