"""Row labels as a profile names them, with “…” or “*” for anything."""

from services.imports.characters import folded, visible


def patterns(labels: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Row labels as a profile writes them, cut at each “…” or “*”, which stand for anything."""
    return tuple(
        tuple(folded(part) for part in label.replace("...", "*").replace("…", "*").split("*"))
        for label in labels
    )


def matches(label: str, wanted: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a label is one of these."""
    if not wanted or not label:
        return False
    key = folded(visible(label))
    return any(_fits(key, parts) for parts in wanted)


def _fits(key: str, parts: tuple[str, ...]) -> bool:
    if len(parts) == 1:
        return key == parts[0]
    if (
        not key.startswith(parts[0])
        or not key.endswith(parts[-1])
        or len(key) < len(parts[0]) + len(parts[-1])
    ):
        return False
    rest = key[len(parts[0]) : len(key) - len(parts[-1]) or None]
    for part in parts[1:-1]:
        place = rest.find(part)
        if place < 0:
            return False
        rest = rest[place + len(part) :]
    return True
