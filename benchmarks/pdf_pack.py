"""Times and memory of a pack of dense pages, beside Chromium printing the same HTML in the same run.

Run: python -m benchmarks.pdf_pack [pages …]   (20 and 60 pages without arguments)
"""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

PAGES_A_SECTION = 5
ROWS_A_PAGE = 40
HEADINGS = (
    "Revised budget",
    "Actual to date",
    "Forecast outturn",
    "Variance before reserves",
    "Drawdown from reserves",
    "Variance after reserves",
    "Movement",
)
RATINGS = (("red", "■", "Red"), ("amber", "▲", "Amber"), ("green", "●", "Green"))


def drawing(seed: int) -> str:
    """A bar chart of twelve months as an SVG data address."""
    bars = "".join(
        f'<rect x="{30 + month * 50}" y="{20 + (month * seed) % 90}" width="36" height="{120 - (month * seed) % 90}" '
        f'fill="#12436D"/><text x="{30 + month * 50}" y="155" font-size="12">{month + 1}</text>'
        for month in range(12)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 160" width="640" height="160">{bars}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def page_table(page: int) -> str:
    """Forty service lines of nine columns: a name, seven figures and a rating."""
    head = "".join(f'<th class="col-figure">{heading}</th>' for heading in HEADINGS)
    rows = []
    for row in range(ROWS_A_PAGE):
        figures = "".join(
            f'<td class="col-figure">{(page * 977 + row * 131 + column * 53) % 9000:,}</td>'
            for column in range(7)
        )
        name, shape, word = RATINGS[row % 3]
        rows.append(
            f'<tr class="row-line"><th scope="row" class="col-name">Service line {page}.{row}</th>{figures}<td class="col-rag">'
            f'<span class="rag rag-{name}"><span class="rag-shape">{shape}</span> {word}</span></td></tr>'
        )
    return (
        f'<table class="dense"><caption>Service lines, part {page}, £000</caption><thead><tr><th class="col-name">Service</th>{head}'
        f'<th class="col-rag">Rating</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def sections(pages: int) -> tuple:
    """Sections of five pages, each page a full table, each section with a chart."""
    from presentation.pdf import PdfSection

    made = []
    for first in range(0, pages, PAGES_A_SECTION):
        chart = f'<figure><img alt="Twelve months of part {first}" src="{drawing(first + 7)}"></figure>'
        tables = "".join(
            f'<div style="break-before:{"page" if page > first else "auto"}">{page_table(page)}</div>'
            for page in range(first, min(first + PAGES_A_SECTION, pages))
        )
        key = f"part-{first}"
        made.append(PdfSection(key, f"<h1>Part {first}</h1>{tables}{chart}", f"Part {first}"))
    return tuple(made)


def descendants(process: int) -> set[int]:
    """The process and all below it, from /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


class Watch(threading.Thread):
    """Watches this process and all below it: `peaks` in megabytes of resident memory, `processor` in seconds, by process id."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[int, float] = {}
        self.processor: dict[int, float] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(0.05):
            for process in descendants(os.getpid()):
                try:
                    status = Path(f"/proc/{process}/status").read_text()
                    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                self.processor[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                if found := re.search(r"VmHWM:\s+(\d+) kB", status):
                    self.peaks[process] = max(self.peaks.get(process, 0), int(found[1]) / 1024)

    def stop(self) -> None:
        self._ended.set()
        self.join()


@dataclass(frozen=True)
class Measured:
    """What some work took; memory is of the processes below this one."""

    content: bytes
    seconds: float
    processor_seconds: float
    largest_megabytes: float
    all_megabytes: float


def measured(work: Callable[[], bytes]) -> Measured:
    """Runs the work and watches it."""
    watch = Watch()
    before = seconds_used()
    watch.start()
    started = time.perf_counter()
    content = work()
    seconds = time.perf_counter() - started
    watch.stop()
    below = [peak for process, peak in watch.peaks.items() if process != os.getpid()] or [0.0]
    used = sum(spent - before.get(process, 0) for process, spent in watch.processor.items())
    return Measured(content, seconds, used, max(below), sum(below))


def seconds_used() -> dict[int, float]:
    """Processor seconds so far of this process and those below it."""
    found = {}
    for process in descendants(os.getpid()):
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        found[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def count_pages(content: bytes) -> int:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def chromium_print(made: tuple, folder: Path) -> bytes:
    """The same sections and style sheet, printed by the system's Chromium."""
    from presentation.pdf.style import paper_css

    css = paper_css().replace("paper-font:", "file:///")
    body = "".join(f'<div style="break-after:page">{section.html}</div>' for section in made)
    (folder / "pack.html").write_text(
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Pack</title><style>{css}</style>{body}'
    )
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
    target = folder / "chromium.pdf"
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
    ]
    subprocess.run([*command, (folder / "pack.html").as_uri()], check=True, capture_output=True)
    return target.read_bytes()


def report(pages: int) -> None:
    from presentation.pdf import PdfDocument, build_pdf

    made = sections(pages)
    pack = PdfDocument(
        title="Pack",
        subject="Benchmark",
        author="BudgetWatch",
        dated=datetime(2025, 11, 14, tzinfo=UTC),
        sections=made,
        running_head="Thamesmere Council · Children’s services",
        footer="Figures as published on 14 November 2025",
        contents=True,
    )
    changed = replace(
        pack,
        sections=(replace(made[0], html=made[0].html.replace("Service line 0.1<", "Changed<")), *made[1:]),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [
            ("ours, cold", measured(lambda: build_pdf(pack, cache_dir=folder / "parts"))),
            ("ours, one section changed", measured(lambda: build_pdf(changed, cache_dir=folder / "parts"))),
            ("ours, nothing changed", measured(lambda: build_pdf(changed, cache_dir=folder / "parts"))),
            ("Chromium", measured(lambda: chromium_print(made, folder))),
        ]
    base = lines[-1][1].seconds
    for label, work in lines:
        print(
            f"{pages:>5}  {label:<26} {count_pages(work.content):>6} {work.seconds:>8.2f} {work.seconds / base:>10.2f} "
            f"{work.processor_seconds:>8.1f} {work.largest_megabytes:>12.0f} {work.all_megabytes:>10.0f} "
            f"{len(work.content) / 1024:>9.0f}"
        )


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print(
        f"{'asked':>5}  {'way':<26} {'pages':>6} {'seconds':>8} {'÷ Chromium':>10} {'CPU s':>8} {'MB a process':>12} {'MB in all':>10} {'KB file':>9}"
    )
    for pages in [int(argument) for argument in sys.argv[1:]] or [20, 60]:
        report(pages)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
