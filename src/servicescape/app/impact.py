"""What failures do to customers: the matrix, and the blast radius of one failure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
from servicescape.analysis.scenario import scenario_targets
from servicescape.app.failing import unknown
from servicescape.catalog.catalog import Catalog
from servicescape.model.units import Duration

if TYPE_CHECKING:
    from servicescape.analysis.customer_effects import JourneyEffect

PANELS = 200
"""Rows of a matrix page whose blast radius is told in full; more would make the page too large to send around."""
_LEAST_PANELS = 20
_PANEL_PARTS = 300_000
"""Components and steps, or about that, that are told of in all panels of a page."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as asked for: by names on the command line, or by a scenario's."""

    fail: tuple[str, ...] = ()
    degrade: tuple[str, ...] = ()
    lasts_seconds: float | None = None
    at: str = "average"


def failure_of_scenario(catalog: Catalog, name: str) -> Failure:
    """What a scenario makes fail. Raises ToolError where there is no such scenario."""
    ref = catalog.find(name, ("Scenario",))
    if ref is None:
        raise unknown(catalog, name, ("Scenario",), "scenario")
    located = catalog.scenarios[ref]
    fail, degrade = scenario_targets(catalog, located)
    lasts = located.entity.spec.lasts
    return Failure(fail, degrade, lasts.seconds if lasts is not None else None, located.entity.spec.at)


def blast(catalog: Catalog, failure: Failure) -> BlastRadius:
    """The blast radius of a failure."""
    return blast_radius(
        catalog,
        fail=failure.fail,
        degrade=failure.degrade,
        lasts_seconds=failure.lasts_seconds,
        at=failure.at,
    )


def panels(
    catalog: Catalog, matrix: ImpactMatrix, *, at: str = "peak", most: int | None = None
) -> dict[str, BlastRadius]:
    """The blast radius behind each of the worst rows of a matrix, by the row's reference; fewer in a large catalog."""
    if most is None:
        parts = len(catalog.components) + 4 * len(catalog.journeys)
        most = max(_LEAST_PANELS, min(PANELS, _PANEL_PARTS // max(parts, 1)))
    graph = FailureGraph.of(catalog)
    found: dict[str, BlastRadius] = {}
    for row in matrix.rows[:most]:
        if not row.reaches_journeys:
            continue
        failure = Failure(fail=row.members, lasts_seconds=matrix.lasts_seconds, at=at)
        if matrix.by == "scenario":
            failure = replace(failure_of_scenario(catalog, row.ref), lasts_seconds=matrix.lasts_seconds)
        found[row.ref] = blast_radius(
            catalog,
            fail=failure.fail,
            degrade=failure.degrade,
            lasts_seconds=failure.lasts_seconds,
            at=failure.at,
            graph=graph,
        )
    return found


def impact_sentences(catalog: Catalog, refs: Iterable[str]) -> dict[str, str]:
    """For each of these components and journeys, a sentence on what its failure does to customers, for alerts.

    A component whose failure alone hits no journey has one that says so; a journey that says nothing of its demand has
    none.
    """
    wanted = list(refs)
    components = [ref for ref in wanted if ref in catalog.components]
    found: dict[str, str] = {}
    if catalog.journeys:
        # It brings numpy along, which takes longer to import than most catalogs to compile.
        from servicescape.analysis.customer_effects import customer_effects

        effects = customer_effects(catalog, components)
        found = {ref: _sentence(catalog, ref, effects[ref]) for ref in effects}
        for ref in components:
            found.setdefault(ref, f"No customer journey is hit if only {_one_line(catalog.title(ref))} fails.")
    for ref in wanted:
        journey = catalog.journeys.get(ref)
        if journey is not None and journey.average_per_hour is not None:
            peak = journey.peak_per_hour or 0
            busiest = f", {peak:,.0f} at peak" if peak > journey.average_per_hour else ""
            found[ref] = f"{_one_line(journey.title)}: about {journey.average_per_hour:,.0f} attempts an hour{busiest}."
    return found


_MOST_NAMED = 4
_MOST_CLAUSES = 4
_LONGEST_TITLE = 100


def _sentence(catalog: Catalog, ref: str, effects: "Sequence[JourneyEffect]") -> str:
    alike: dict[tuple[str, float, tuple[str, ...]], list[JourneyEffect]] = {}
    for effect in effects:
        alike.setdefault((effect.state, effect.after_seconds, effect.channels), []).append(effect)
    clauses = [_clause(catalog, group) for group in list(alike.values())[:_MOST_CLAUSES]]
    rest = sum(len(group) for group in list(alike.values())[_MOST_CLAUSES:])
    if rest:
        clauses.append(f"{rest} more {'journey is' if rest == 1 else 'journeys are'} hit")
    return f"Without {_one_line(catalog.title(ref))}: {'; '.join(clauses)}."


def _clause(catalog: Catalog, effects: "Sequence[JourneyEffect]") -> str:
    """What several journeys have in common: `Buy broadband and Cancel are blocked (about 430 attempts an hour)`."""
    first, several = effects[0], len(effects) > 1
    demand = ""
    if first.state == "blocked":
        words = "are blocked" if several else "is blocked"
        demand = _attempts(catalog, effects)
    elif first.state == "fallback":
        channels = _listed([_one_line(catalog.title(channel)) for channel in first.channels])
        words = f"{'fall' if several else 'falls'} back to {channels}"
    else:
        words = "are degraded" if several else "is degraded"
    late = f" after {Duration.of_seconds(first.after_seconds).canonical()}" if first.after_seconds > 0 else ""
    titles = [_one_line(catalog.title(effect.journey)) for effect in effects]
    if len(titles) > _MOST_NAMED:
        titles = [*titles[: _MOST_NAMED - 1], f"{len(titles) - _MOST_NAMED + 1} more"]
    return f"{_listed(titles)} {words}{late}{demand}"


def _attempts(catalog: Catalog, effects: "Sequence[JourneyEffect]") -> str:
    known = [catalog.journeys[effect.journey].average_per_hour for effect in effects]
    total = sum(each for each in known if each is not None)
    if round(total) < 1:
        return ""
    return f" ({'at least' if None in known else 'about'} {total:,.0f} attempts an hour)"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"
