"""What failures do to customers: the matrix, and the blast radius of one failure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.customer_effects import JourneyEffect, customer_effects
from servicescape.analysis.failure_groups import (
    members_of_domain,
    members_of_team,
    members_of_vendor,
    members_with_labels,
)
from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
from servicescape.analysis.scenario import scenario_targets
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import nearest
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS
from servicescape.model.units import Duration

PANELS = 200
"""Rows of a matrix page whose blast radius is told in full; more would make the page too large to send around."""


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
        raise _unknown(catalog, name, ("Scenario",), "scenario")
    located = catalog.scenarios[ref]
    fail, degrade = scenario_targets(catalog, located)
    lasts = located.entity.spec.lasts
    return Failure(fail, degrade, lasts.seconds if lasts is not None else None, located.entity.spec.at)


def resolve_targets(catalog: Catalog, texts: Sequence[str]) -> tuple[str, ...]:
    """Components that names on the command line stand for.

    A name is a component's, or `team:NAME`, `domain:NAME`, `vendor:NAME` or `label:KEY=VALUE` for all that belong to
    it. Raises ToolError for what names nothing.
    """
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(_members(catalog, text)))
    return tuple(found)


def _members(catalog: Catalog, text: str) -> tuple[str, ...]:
    group, separator, rest = text.partition(":")
    if separator and group.lower() in ("team", "domain"):
        kind = group.capitalize()
        ref = catalog.find(text, (kind,))
        if ref is None:
            raise _unknown(catalog, rest, (kind,), group.lower())
        members = members_of_team(catalog, ref) if kind == "Team" else members_of_domain(catalog, ref)
    elif separator and group.lower() == "vendor":
        members = members_of_vendor(catalog, rest)
        if not members:
            vendors = {component.vendor for component in catalog.components.values() if component.vendor}
            close = nearest(rest, vendors)
            hint = f"did you mean `vendor:{close}`?" if close else f"vendors are {', '.join(sorted(vendors)) or 'none'}"
            raise ToolError(f"no external has the vendor `{rest}`", hint)
    elif separator and group.lower() == "label":
        key, equals, value = rest.partition("=")
        if not equals:
            raise ToolError(f"`{text}` is not a label", "write `label:KEY=VALUE`")
        members = members_with_labels(catalog, {key: value})
    else:
        ref = catalog.find(text, COMPONENT_KINDS)
        if ref is None:
            raise _unknown(catalog, text, COMPONENT_KINDS, "service, platform or external")
        return (ref,)
    if not members:
        raise ToolError(f"`{text}` has no component that could fail", "name another one")
    return members


def _unknown(catalog: Catalog, text: str, kinds: tuple[str, ...], what: str) -> ToolError:
    other = catalog.names.of_other_kind(text, "default")
    close = catalog.names.suggest(text, kinds, "default")
    if close is not None:
        hint = f"did you mean `{close.split(':', 1)[1]}`?"
    elif other is not None:
        hint = f"`{text}` is a {other.split(':', 1)[0]}, and that cannot be used here"
    elif what == "service, platform or external":
        hint = "`servicescape graph --format json` lists all components"
    else:
        known = sorted(ref.split(":", 1)[1] for ref in catalog.entities if ref.startswith(f"{kinds[0].lower()}:"))
        shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
        hint = f"the catalog has {shown}" if known else f"the catalog has no {what}"
    return ToolError(f"there is no {what} `{text}`", hint)


def blast(catalog: Catalog, failure: Failure) -> BlastRadius:
    """The blast radius of a failure."""
    return blast_radius(
        catalog,
        fail=failure.fail,
        degrade=failure.degrade,
        lasts_seconds=failure.lasts_seconds,
        at=failure.at,
    )


def panels(catalog: Catalog, matrix: ImpactMatrix, *, at: str = "peak", most: int = PANELS) -> dict[str, BlastRadius]:
    """The blast radius behind each of the worst rows of a matrix, by the row's reference."""
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

    A component whose failure alone hits no journey has one that says so; a journey that says nothing of its demand has none.
    """
    wanted = list(refs)
    components = [ref for ref in wanted if ref in catalog.components]
    effects = customer_effects(catalog, components)
    found = {ref: _sentence(catalog, ref, effects[ref]) for ref in effects}
    if catalog.journeys:
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


def _sentence(catalog: Catalog, ref: str, effects: Sequence[JourneyEffect]) -> str:
    alike: dict[tuple[str, float, tuple[str, ...]], list[JourneyEffect]] = {}
    for effect in effects:
        alike.setdefault((effect.state, effect.after_seconds, effect.channels), []).append(effect)
    clauses = [_clause(catalog, group) for group in list(alike.values())[:_MOST_CLAUSES]]
    rest = sum(len(group) for group in list(alike.values())[_MOST_CLAUSES:])
    if rest:
        clauses.append(f"{rest} more {'journey is' if rest == 1 else 'journeys are'} hit")
    return f"Without {_one_line(catalog.title(ref))}: {'; '.join(clauses)}."


def _clause(catalog: Catalog, effects: Sequence[JourneyEffect]) -> str:
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


def _attempts(catalog: Catalog, effects: Sequence[JourneyEffect]) -> str:
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
