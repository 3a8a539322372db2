"""Forms as a browser sends them: read from a page as it was served, with what a person types over it."""

from html.parser import HTMLParser
from urllib.parse import urlsplit


class _Forms(HTMLParser):
    """Every form of a page: its address, and each entry that a browser would send, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._open = False
        self._area: tuple[str, list[str]] | None = None
        self._select = ""
        self._option: str | None = None

    def handle_starttag(self, tag, given):
        attrs = dict(given)
        if tag == "form":
            self.forms.append((attrs.get("action") or "", {}))
            self._open = True
        if not self._open:
            return
        fields, name = self.forms[-1][1], attrs.get("name", "")
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in attrs:
                fields[name] = attrs.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            value = attrs.get("value") or ""
            if "selected" in attrs or self._select not in fields:
                fields[self._select] = value

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            name, said = self._area
            self.forms[-1][1][name] = "".join(said).removeprefix("\n")
            self._area = None

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)


def form_of(response, *, holding: str) -> tuple[str, dict[str, str]]:
    """The first form of a page that has an entry of this name: the address it is sent to, and its entries without the token."""
    reader = _Forms()
    reader.feed(response.content.decode())
    for action, fields in reader.forms:
        if holding in fields:
            address = urlsplit(action).path or response.wsgi_request.path
            return address, {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}
    raise AssertionError(f"No form of this page has an entry “{holding}”.")
