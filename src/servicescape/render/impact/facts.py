"""What the forms of the blast radius and the matrix work out from the results before they print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from servicescape.analysis.impact_results import (
    JOURNEY_STATE_CODES,
    BlastRadius,
    ComponentImpact,
    ImpactMatrix,
    JourneyImpact,
    Moment,
    StepImpact,
)
from servicescape.catalog.catalog import Catalog
from servicescape.model.scenario import JOURNEY_STATES
from servicescape.render.impact.words import chain, duration, plain, short_name, title, whose

if TYPE_CHECKING:
    # Only the matrix holds arrays; whoever prints a blast radius does not wait for numpy.
    import numpy as np
    import numpy.typing as npt

_RANK = {state: rank for rank, state in enumerate(JOURNEY_STATES)}


def state_at(timeline: Sequence[Moment], seconds: float) -> str:
    """The state at a time."""
    state = "ok"
    for moment in timeline:
        if moment.at_seconds > seconds:
            break
        state = moment.state
    return state


def times_of_change(result: BlastRadius, most: int) -> tuple[list[float], int]:
    """The times at which journeys change, 0 first, at most so many, and how many were left out.

    Kept are those at which most journeys change, the earlier where that is equal.
    """
    changes: dict[float, int] = {0.0: 0}
    for journey in result.journeys:
        for moment in journey.timeline[1:]:
            if result.lasts_seconds is None or moment.at_seconds <= result.lasts_seconds:
                changes[moment.at_seconds] = changes.get(moment.at_seconds, 0) + 1
    later = sorted((time for time in changes if time > 0), key=lambda time: (-changes[time], time))
    kept = sorted(later[: max(0, most - 1)])
    return [0.0, *kept], len(later) - len(kept)


def deciding_step(journey: JourneyImpact) -> StepImpact | None:
    """The step that says why the journey is as it is: the worst mandatory one, else the worst optional one."""
    hit = [step for step in journey.steps if step.state != "ok"]
    if not hit:
        return None
    return min(hit, key=lambda step: (step.optional, -_RANK[step.state], step.after_seconds))


def because(journey: JourneyImpact, catalog: Catalog, *, reasons: bool = False) -> str:
    """The chain behind a journey's state: `offers → cdn → object-storage (cdn holds 15 min)`."""
    step = deciding_step(journey)
    if step is None or not step.because:
        return ""
    return explained_chain(step.because, catalog, reasons=reasons)


def explained_chain(refs: Sequence[str], catalog: Catalog, *, reasons: bool = False) -> str:
    """A chain of names, dependent first, with what its links tolerate, and with the author's reasons for it."""
    notes = []
    for dependent, target in pairwise(refs):
        component = catalog.components.get(dependent)
        for edge in component.edges if component else ():
            if target in edge.targets and edge.tolerates_seconds > 0:
                why = f": {plain(edge.because)}" if reasons and edge.because else ""
                notes.append(f"{short_name(dependent)} holds {duration(edge.tolerates_seconds)}{why}")
                break
    return f"{chain(refs)} ({'; '.join(notes)})" if notes else chain(refs)


def longest_chain(result: BlastRadius) -> tuple[str, ...]:
    """The longest chain that carries the failure, dependent first; empty where it stays where it is."""
    longest: ComponentImpact | None = max(result.components, key=lambda part: len(part.path), default=None)
    if longest is None or len(longest.path) < 2:
        return ()
    return tuple(reversed(longest.path))


@dataclass(frozen=True)
class Columns:
    """The columns of a matrix as they are shown: as they are, or several folded into their worst."""

    heads: tuple[str, ...]
    full: tuple[str, ...]
    """Heads that can stand alone."""
    groups: tuple[str, ...]
    """What each column belongs to: its domain, or the journey of a step; empty where that is unknown."""
    state: npt.NDArray[np.uint8]
    after_seconds: npt.NDArray[np.float32]
    blocked_by: tuple[int, ...]
    """How many rows block each column."""
    source: tuple[int, ...]
    """The first column of the matrix behind each column."""
    folded_by: str | None
    """`journey` or `domain`; None: nothing is folded."""


def columns_as_they_are(matrix: ImpactMatrix, catalog: Catalog) -> Columns:
    """Every journey, or every step; those of one domain beside each other."""
    first_of_domain: dict[str | None, int] = {}
    for index, column in enumerate(matrix.columns):
        first_of_domain.setdefault(column.domain, index)
    source = sorted(range(len(matrix.columns)), key=lambda index: first_of_domain[matrix.columns[index].domain])
    ordered = [matrix.columns[index] for index in source]
    heads = tuple(plain(column.title) for column in ordered)
    full = heads
    groups = tuple(title(catalog, column.domain) for column in ordered)
    if any(column.step is not None for column in ordered):
        groups = tuple(title(catalog, column.journey) for column in ordered)
        full = tuple(f"{journey}: {head}" for journey, head in zip(groups, heads, strict=True))
    return Columns(
        heads=heads,
        full=full,
        groups=groups,
        state=matrix.state[:, source],
        after_seconds=matrix.after_seconds[:, source],
        blocked_by=tuple(column.blocked_by for column in ordered),
        source=tuple(source),
        folded_by=None,
    )


def folded(matrix: ImpactMatrix, catalog: Catalog, by: str) -> Columns:
    """The worst of each journey or domain, in the order in which these first appear."""
    import numpy as np

    keys = [(column.journey if by == "journey" else column.domain) or "" for column in matrix.columns]
    order = list(dict.fromkeys(keys))
    state = np.zeros((len(matrix.rows), len(order)), dtype=np.uint8)
    after = np.full(state.shape, np.inf, dtype=np.float32)
    for index, key in enumerate(order):
        members = [j for j, other in enumerate(keys) if other == key]
        part = matrix.state[:, members]
        worst = part.max(axis=1)
        state[:, index] = worst
        times = np.where(part == worst[:, None], matrix.after_seconds[:, members], np.float32(np.inf))
        after[:, index] = np.where(worst > 0, times.min(axis=1), np.float32(np.inf))
    heads = tuple(title(catalog, key) if key else "other" for key in order)
    return Columns(
        heads=heads,
        full=heads,
        groups=("",) * len(order),
        state=state,
        after_seconds=after,
        blocked_by=tuple(int(number) for number in (state == JOURNEY_STATE_CODES["blocked"]).sum(axis=0)),
        source=tuple(keys.index(key) for key in order),
        folded_by=by,
    )


def state_sets(matrix: ImpactMatrix) -> tuple[list[int], list[int], list[int]]:
    """Row numbers: those that hit a journey, those that journeys survive, those that no journey needs."""
    hit: list[int] = []
    survived: list[int] = []
    unused: list[int] = []
    worst = matrix.state.max(axis=1, initial=0)
    for index, row in enumerate(matrix.rows):
        if worst[index]:
            hit.append(index)
        else:
            (survived if row.reaches_journeys else unused).append(index)
    return hit, survived, unused


def shows_owner(matrix: ImpactMatrix, catalog: Catalog) -> bool:
    """Whether the owner of a row tells anything that its title does not."""
    if matrix.by in ("team", "vendor"):
        return False
    return any(whose(catalog, row.ref, row.owner)[1] for row in matrix.rows)
