"""A section that hangs, crashes or swells fails by name, and what was rendered before is not rendered again."""

import os
import time

import pytest

from presentation.pdf import PdfError, PdfSection, RenderLimits, build_pdf
from presentation.pdf import workers as pdf_workers
from tests.presentation.papers import document, figures_table, quick_workers  # noqa: F401

GOOD = PdfSection("good", "<h1>Good</h1>", "Good")


def test_a_section_that_never_ends_is_stopped_and_named():
    endless = PdfSection(
        "endless", "<h1>A</h1>" + '<p style="break-after:page">x</p>' * 20_000, "Five thousand pages"
    )
    started = time.monotonic()
    with pytest.raises(PdfError, match=r"In “Five thousand pages”.*not finished after 2 seconds"):
        build_pdf(document(GOOD, endless), limits=RenderLimits(seconds=2))
    assert time.monotonic() - started < 20


def test_a_section_that_needs_too_much_memory_is_named():
    limits = RenderLimits(megabytes=280)
    assert build_pdf(document(GOOD), limits=limits)
    swollen = PdfSection("swollen", "<h1>A</h1>" + figures_table(2500), "Every line since 1998")
    with pytest.raises(PdfError, match=r"In “Every line since 1998”.*memory"):
        build_pdf(document(GOOD, swollen), limits=limits)


def test_a_crash_is_told_apart_from_a_refusal(monkeypatch):
    def killed(worker, job):
        start(worker, job)
        worker._process.kill()

    start = pdf_workers._Worker.start
    monkeypatch.setattr(pdf_workers._Worker, "start", killed)
    with pytest.raises(PdfError, match=r"In “Good”.*stopped unexpectedly"):
        build_pdf(document(GOOD))


def test_no_worker_outlives_a_build_that_failed():
    import multiprocessing

    with pytest.raises(PdfError):
        build_pdf(document(GOOD, PdfSection("bad", "<h3>x</h3>", "Bad")))
    assert multiprocessing.active_children() == []


@pytest.fixture
def rendered(monkeypatch):
    """The keys of the sections that were rendered rather than found."""
    keys: list[str] = []
    render = pdf_workers.RenderPool.render

    def noted(pool, jobs, **asked):
        keys.extend(job.key for job in jobs)
        return render(pool, jobs, **asked)

    monkeypatch.setattr(pdf_workers.RenderPool, "render", noted)
    return keys


def sections(changed=""):
    return tuple(
        PdfSection(f"item-{n}", f"<h1>Item {n}{changed if n == 2 else ''}</h1>", f"Item {n}")
        for n in (1, 2, 3)
    )


def test_only_the_changed_section_is_rendered_again(tmp_path, rendered):
    first = build_pdf(document(*sections()), cache_dir=tmp_path / "parts")
    assert {"item-1", "item-2", "item-3"} <= set(rendered)
    rendered.clear()
    assert build_pdf(document(*sections()), cache_dir=tmp_path / "parts") == first
    assert rendered == []
    changed = build_pdf(document(*sections(" changed")), cache_dir=tmp_path / "parts")
    assert rendered == ["item-2"]
    assert changed == build_pdf(document(*sections(" changed")))


def test_a_damaged_part_is_made_again(tmp_path, rendered):
    first = build_pdf(document(*sections()), cache_dir=tmp_path)
    parts = sorted(tmp_path.glob("*.part"))
    parts[0].write_bytes(parts[0].read_bytes()[:-100])
    parts[1].write_bytes(b"")
    parts[2].write_bytes(parts[2].read_bytes().replace(b"obj", b"abj", 1))
    rendered.clear()
    assert build_pdf(document(*sections()), cache_dir=tmp_path) == first
    assert len(rendered) == 3


def test_a_style_change_renders_everything_again(tmp_path, rendered, monkeypatch):
    build_pdf(document(*sections()), cache_dir=tmp_path)
    from presentation.pdf import build, style

    monkeypatch.setattr(build, "paper_css", lambda: style.paper_css() + "p { color: #111111 }")
    rendered.clear()
    build_pdf(document(*sections()), cache_dir=tmp_path)
    assert {"item-1", "item-2", "item-3"} <= set(rendered)


def test_a_refused_section_is_never_kept(tmp_path):
    for _ in range(2):
        with pytest.raises(PdfError):
            build_pdf(document(PdfSection("bad", "<h1>A</h1><h3>x</h3>", "Bad")), cache_dir=tmp_path)
    assert list(tmp_path.glob("*.part")) == []


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(tmp_path, caplog):
    (tmp_path / "parts").write_text("a file where the folder should be")
    assert build_pdf(document(GOOD), cache_dir=tmp_path / "parts") == build_pdf(document(GOOD))
    assert "is not kept for next time" in caplog.text


def test_parts_used_longest_ago_are_dropped_first(tmp_path, monkeypatch):
    from presentation.pdf import cache

    for age, name in enumerate(["new", "middle", "old"]):
        (tmp_path / f"{name}.part").write_bytes(b"x" * 100)
        os.utime(tmp_path / f"{name}.part", (1_000_000 - age, 1_000_000 - age))
    monkeypatch.setattr(cache, "_KEPT_BYTES", 250)
    cache.PartCache(tmp_path).prune()
    assert sorted(path.stem for path in tmp_path.glob("*.part")) == ["middle", "new"]
