"""A section cannot make the server read its files or its network."""

import http.server
import io
import threading

import pikepdf
import pytest
from weasyprint import HTML

from presentation.pdf import PdfError, PdfSection, build_pdf
from presentation.pdf.style import paper_fonts
from tests.presentation.papers import document, quick_workers  # noqa: F401

SECRET = b"the council's secret key"

# {http} is a server that counts what it is asked for, {file} a file that must not be read.
PAYLOADS = {
    "img": '<img alt="x" src="{http}/img">',
    "redirect": '<img alt="x" src="{http}/redirect">',
    "import": "<style>@import '{http}/import.css';</style>",
    "background": '<p style="background:url({http}/background)">x</p>',
    "font-face": "<style>@font-face{{font-family:f;src:url({http}/font)}} p{{font-family:f}}</style><p>x</p>",
    "link": '<link rel="stylesheet" href="{http}/link.css">',
    "attachment": '<link rel="attachment" href="{file}">',
    "a rel=attachment": '<p><a rel="attachment" href="{file}">x</a></p>',
    "svg image": "<img alt=\"x\" src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
    "<image href='{http}/svg' width='9' height='9'/></svg>\">",
    "inline svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
    '<image href="{http}/inline" width="9" height="9"/></svg>',
    "object": '<object data="{http}/object"></object>',
    "embed": '<embed src="{http}/embed">',
    "base": '<base href="{http}/base/"><img alt="x" src="picture">',
    "content": "<style>p::before{{content:url({http}/content)}}</style><p>x</p>",
    "list-style": '<ul style="list-style-image:url({http}/list)"><li>x</li></ul>',
    "file": '<img alt="x" src="{file}">',
}


@pytest.fixture
def server():
    """A loopback server; `.asked` lists the paths that were asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path == "/redirect":
                self.send_response(302)
                self.send_header("Location", "/redirected")
            else:
                self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    asked: list[str] = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.asked = asked
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


@pytest.fixture
def payload(server, tmp_path):
    """The HTML of a named payload, aimed at this server and a secret file."""
    secret = tmp_path / "secret.svg"
    secret.write_bytes(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><desc>' + SECRET + b"</desc></svg>"
    )
    addresses = {"http": f"http://127.0.0.1:{server.server_port}", "file": secret.as_uri()}
    return lambda name: "<h1>A</h1>" + PAYLOADS[name].format(**addresses)


def attached(content: bytes) -> bool:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        files = [
            entry
            for entry in pdf.objects
            if isinstance(entry, pikepdf.Stream) and entry.get("/Type") == "/EmbeddedFile"
        ]
        return any(SECRET in entry.read_bytes() for entry in files)


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_is_fetched_or_attached_by(name, payload, server):
    with pytest.raises(PdfError, match="In “Item 1”"):
        build_pdf(document(PdfSection("item-1", payload(name), "Item 1")), processes=1)
    assert server.asked == []


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_fetcher_alone_stops(name, payload, server):
    """The second line of defence: even if the checks before it let the payload through."""
    from presentation.pdf.fetching import ShutFetcher

    fetcher = ShutFetcher()
    content = HTML(string=payload(name), url_fetcher=fetcher).write_pdf()
    assert server.asked == []
    assert not attached(content)
    assert fetcher.refused


@pytest.mark.parametrize("name", PAYLOADS)
def test_with_fetching_open_the_same_payload_does_reach_out(name, payload, server):
    """The control: these tests would notice."""
    read: list[str] = []
    from weasyprint.urls import URLFetcher

    class OpenFetcher(URLFetcher):
        def fetch(self, url, headers=None):
            read.append(url)
            return super().fetch(url, headers)

    content = HTML(string=payload(name), url_fetcher=OpenFetcher()).write_pdf()
    if "{file}" in PAYLOADS[name]:
        assert any(url.startswith("file:") for url in read)
        assert attached(content) == ("attachment" in name)
    else:
        assert server.asked


def test_a_whole_build_names_the_section_that_reaches_out(payload, server):
    sections = (
        PdfSection("good", "<h1>Good</h1>", "Good"),
        PdfSection("item-2", payload("background"), "Item 2"),
    )
    with pytest.raises(PdfError, match=r"In “Item 2”.*outside the document"):
        build_pdf(document(*sections))
    assert server.asked == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "file:///etc/passwd", "ftp://127.0.0.1:1/x", "FILE:///etc/passwd"]
)
def test_only_embedded_addresses_are_opened(address):
    from presentation.pdf.fetching import FontFetcher, ShutFetcher

    with pytest.raises(ValueError, match="may not fetch"):
        ShutFetcher().fetch(address)
    with pytest.raises(ValueError, match="may not fetch"):
        FontFetcher(dict(paper_fonts())).fetch(address)
    assert ShutFetcher().fetch("data:text/plain,hello").read() == b"hello"
