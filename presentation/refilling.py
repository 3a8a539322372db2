"""Puts what a person typed back into the form of a page, as the server wrote it: no script is needed, and nothing is sent by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

Fields = Iterable[tuple[str, str]]
NEVER = frozenset({"csrfmiddlewaretoken"})
ANCHOR = "typed-before"
_TYPED = frozenset({"text", "hidden", "number", "date", "email", "search", "tel", "url", "time", "month"})


@dataclass(slots=True)
class _Form:
    """A form of the page, where it begins and ends, and what it takes."""

    action: str
    identity: str
    start: int
    end: int = -1
    details: tuple[int, ...] = ()
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Entry:
    """One input, option or text area of a form."""

    tag: str
    attributes: dict[str, str | None]
    start: int
    end: int
    owner: str | int
    """The form's `id`, or its place among the page's forms; −1 for none."""
    select: str = ""


@dataclass(frozen=True, slots=True)
class Refilled:
    """The page with the form filled, and the names of entries that it has no place for, which are sent with it unseen."""

    page: str
    unseen: tuple[str, ...]


class _Reader(HTMLParser):
    """Finds forms and entries with their places in the text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[_Form] = []
        self.entries: list[_Entry] = []
        self.details: list[tuple[int, int]] = []
        self._lines = [0]
        for line in page.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._open = -1
        self._select: tuple[str, str | int] = ("", -1)
        self.feed(page)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, an entry, or what may hide it."""
        given, start = dict(attrs), self._here()
        end = start + len(self.get_starttag_text() or "")
        owner: str | int = given.get("form") or self._open
        if tag == "form":
            self._open = len(self.forms)
            self.forms.append(
                _Form(
                    action=given.get("action") or "",
                    identity=given.get("id") or "",
                    start=start,
                    details=tuple(place for place, _ in self.details),
                )
            )
        elif tag == "details":
            self.details.append((start, end))
        elif tag == "select":
            self._select = (given.get("name") or "", owner)
        elif tag == "option":
            name, owner = self._select
            self.entries.append(_Entry(tag, given, start, end, owner, select=name))
        elif tag in ("input", "textarea"):
            self.entries.append(_Entry(tag, given, start, end, owner))

    def handle_endtag(self, tag: str) -> None:
        """Note where a form, a text area or what may hide a form ends."""
        if tag == "form" and self._open >= 0:
            self.forms[self._open].end = self._here()
            self._open = -1
        elif tag == "textarea" and self.entries and self.entries[-1].tag == "textarea":
            self.entries[-1].attributes["\0end"] = str(self._here())
        elif tag == "select":
            self._select = ("", -1)
        elif tag == "details" and self.details:
            self.details.pop()

    def of(self, number: int) -> list[_Entry]:
        """The entries of one form, wherever they stand."""
        mine = {number, self.forms[number].identity or number}
        return [entry for entry in self.entries if entry.owner in mine]


def refill(page: str, *, address: str, page_address: str, fields: Fields) -> Refilled | None:
    """The page with `fields` in the form that is sent to `address`; `None` if it has no such form.

    Of several, the one that takes most of the entries. `page_address` is where a form without an action is sent. Tokens are left as they are.
    """
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in NEVER:
            sent.setdefault(name, []).append(value)
    reader = _Reader(page)
    found = _best(reader, sent, address=address, page_address=page_address)
    if found is None:
        return None
    number, entries = found
    form = reader.forms[number]
    edits = [edit for entry in entries if (edit := _edit(page, entry, sent))]
    held = {_name(entry) for entry in entries}
    unseen = [(name, value) for name, values in sent.items() if name not in held for value in values]
    extra = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in unseen
    )
    edits.append((form.end, form.end, extra))
    edits.append((form.start, form.start, f'<span id="{ANCHOR}"></span>'))
    edits += [(place + len("<details"), place + len("<details"), " open") for place in form.details]
    return Refilled(page=_edited(page, edits), unseen=tuple(dict.fromkeys(name for name, _ in unseen)))


def _best(
    reader: _Reader, sent: dict[str, list[str]], *, address: str, page_address: str
) -> tuple[int, list[_Entry]] | None:
    """The form that is sent to the address and takes most of what was sent; the first of equals."""
    best, most = None, 0
    for number, form in enumerate(reader.forms):
        goes_to = (form.action or page_address).split("#")[0].split("?")[0]
        if goes_to != address or form.end < 0:
            continue
        entries = reader.of(number)
        taken = len({_name(entry) for entry in entries} & sent.keys())
        if taken > most:
            best, most = (number, entries), taken
    return best


def _name(entry: _Entry) -> str:
    return entry.select or entry.attributes.get("name") or ""


def _edit(page: str, entry: _Entry, sent: dict[str, list[str]]) -> tuple[int, int, str] | None:
    """What an entry becomes: from where to where, and its new text; `None` where it stays."""
    name = _name(entry)
    if not name or name in NEVER:
        return None
    given = {key: value for key, value in entry.attributes.items() if key != "\0end"}
    values = sent.get(name, [])
    if entry.tag == "textarea":
        end = int(entry.attributes.get("\0end") or -1)
        return (entry.end, end, f"\n{escape(_next(values))}") if values and end > 0 else None
    kind = (given.get("type") or "text").lower()
    if entry.tag == "option" or kind in ("checkbox", "radio"):
        mark = "selected" if entry.tag == "option" else "checked"
        if not values and entry.tag == "option":
            return None
        given.pop(mark, None)
        if (given.get("value") or ("on" if kind == "checkbox" else "")) in values:
            given[mark] = None
        return entry.start, entry.end, _tag(entry.tag, given)
    if kind in _TYPED and values:
        return entry.start, entry.end, _tag("input", {**given, "value": _next(values)})
    return None


def _next(values: list[str]) -> str:
    """The next value of a name that was sent several times; its last for all that follow."""
    return values.pop(0) if len(values) > 1 else values[0]


def _tag(tag: str, given: dict[str, str | None]) -> str:
    said = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in given.items()
    )
    return f"<{tag}{said}>"


def _edited(page: str, edits: list[tuple[int, int, str]]) -> str:
    parts, reached = [], 0
    for start, end, text in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        parts += [page[reached:start], text]
        reached = end
    return "".join([*parts, page[reached:]])
