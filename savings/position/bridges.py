"""How projected overspends moved: from one date to the next at the same stage, and from gross to net on one date."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from accounting.recovery import Bridge, BridgeStep, ProjectionStage
from savings.entries import BridgeEntry, BridgeStepEntry
from savings.models import Projection

_ORDER = (ProjectionStage.GROSS, ProjectionStage.AFTER_MITIGATION, ProjectionStage.AFTER_RESERVES)
_STEPS = {
    ProjectionStage.AFTER_MITIGATION: "Mitigating actions",
    ProjectionStage.AFTER_RESERVES: "Reserves and other savings",
}


def bridges_of(
    projections: Sequence[Projection], steps: Mapping[int, Sequence[BridgeStep]]
) -> tuple[BridgeEntry, ...]:
    """Every bridge between a plan's projections. `steps`, by the later projection's key, is what is said to have moved it. No query.

    A projection given as a range is neither end of a bridge: a step from a range says nothing.
    """
    points = [one for one in projections if one.amount_high is None]
    return (*_over_time(points, steps), *_to_net(points))


def _over_time(
    points: Iterable[Projection], steps: Mapping[int, Sequence[BridgeStep]]
) -> Iterable[BridgeEntry]:
    groups: dict[tuple[str, str], list[Projection]] = defaultdict(list)
    for point in points:
        groups[point.scope, point.stage].append(point)
    drawn = set()
    for (scope, stage), group in groups.items():
        ordered = sorted(group, key=lambda one: one.as_at)
        for earlier, later in pairwise(ordered):
            moved = (stage, earlier.as_at, earlier.amount, later.as_at, later.amount)
            if moved in drawn and not steps.get(later.pk):
                continue  # a wider scope for which the paper gives the narrower one's figures again
            drawn.add(moved)
            yield _entry(
                title=f"{scope}: {ProjectionStage(stage).label.lower()}, {_when(earlier)} to {_when(later)}",
                start=(earlier, _when(earlier)),
                end=(later, _when(later)),
                steps=steps.get(later.pk, ()),
                is_latest=later is ordered[-1],
            )


def _to_net(points: Iterable[Projection]) -> Iterable[BridgeEntry]:
    """From gross, through what mitigates it where that is given, to after reserves. What lies between two stages is what the later is named for."""
    groups: dict[tuple[str, date], dict[ProjectionStage, Projection]] = defaultdict(dict)
    for point in points:
        groups[point.scope, point.as_at][ProjectionStage(point.stage)] = point
    latest = {scope: max(day for name, day in groups if name == scope) for scope, _ in groups}
    for (scope, as_at), by_stage in groups.items():
        chain = [by_stage[stage] for stage in _ORDER if stage in by_stage]
        if len(chain) < 2 or len({one.amount for one in chain}) == 1:
            continue  # nothing was taken off
        moved = [
            BridgeStep(label=_STEPS[ProjectionStage(later.stage)], amount=later.amount - earlier.amount)
            for earlier, later in pairwise(chain)
        ]
        first, last = chain[0], chain[-1]
        yield _entry(
            title=f"{scope}: from {_stage(first)} to {_stage(last)}, {_when(last)}",
            start=(first, ProjectionStage(first.stage).label),
            end=(last, ProjectionStage(last.stage).label),
            steps=moved,
            is_latest=as_at == latest[scope],
        )


def _entry(
    *,
    title: str,
    start: tuple[Projection, str],
    end: tuple[Projection, str],
    steps: Sequence[BridgeStep],
    is_latest: bool,
) -> BridgeEntry:
    bridge = Bridge(start=start[0].amount, end=end[0].amount, steps=tuple(steps))
    return BridgeEntry(
        title=title,
        start_label=start[1],
        start=bridge.start,
        end_label=_at_most(end),
        end=bridge.end,
        change=bridge.change,
        steps=tuple(BridgeStepEntry(label=step.label, amount=step.amount) for step in bridge.steps),
        unexplained=bridge.unexplained,
        is_latest=is_latest,
    )


def _at_most(end: tuple[Projection, str]) -> str:
    projection, label = end
    return f"{label} (no more than)" if projection.is_at_most else label


def _when(projection: Projection) -> str:
    return projection.as_at_words or f"{projection.as_at:%-d %B %Y}"


def _stage(projection: Projection) -> str:
    return ProjectionStage(projection.stage).label.lower()
