"""The paper's look: its style sheet and its typeface, both from installed files."""

from pathlib import Path

_FAMILY = "Source Sans Pro"  # the name that the charts' drawings ask for, too


def paper_fonts() -> tuple[tuple[str, Path], ...]:
    """The typeface's files by name, as the style sheet's `@font-face` rules name them."""
    return tuple((path.name, path) for path in _typeface().values())


def paper_css() -> str:
    """`@font-face` rules for the installed typeface, then `static/css/paper.css`."""
    from django.contrib.staticfiles import finders

    path = finders.find("css/paper.css")
    if path is None:
        raise LookupError("static/css/paper.css is missing, so that nothing can be printed. Restore it.")
    return "\n".join((*_font_faces(), Path(path).read_text(encoding="utf-8")))


def _font_faces() -> list[str]:
    return [
        f"@font-face {{ font-family: '{_FAMILY}'; font-weight: {weight}; "
        f"font-style: {'italic' if italic else 'normal'}; src: url('paper-font:{path.name}') }}"
        for (weight, italic), path in _typeface().items()
    ]


def _typeface() -> dict[tuple[int, bool], Path]:
    from presentation.assets import font_paths  # imports Django, which worker processes do without

    return font_paths()
