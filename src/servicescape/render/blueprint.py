"""A journey as a service blueprint, before it is drawn: a column for each step, lanes by distance from the customer.

Above the line of visibility stands what customers do and touch, below it what works for them unseen. The form goes back
to G. L. Shostack, Designing Services That Deliver, Harvard Business Review 62(1), 1984.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Journey, Leg, Step
from servicescape.diagnostics.records import record
from servicescape.model.units import Duration
from servicescape.render.boxes import component_nodes, in_order, states_note
from servicescape.render.colours import Colouring
from servicescape.render.diagram import LegendEntry, Node
from servicescape.render.journeys import OFFERED, asked_again, in_order_of_use, listed
from servicescape.render.views import Look

LaneKey = Literal["front", "back", "support", "external"]

LANES: dict[LaneKey, str] = {
    "front": "Front stage",
    "back": "Back stage",
    "support": "Support and platforms",
    "external": "Externals",
}
"""Lanes of components from the customer down."""


@record()
class Way:
    """One way of doing a step."""

    channel: str
    number: int
    """From 1, best first."""
    how: str
    """How the customer comes to it and how long it takes."""
    carries: str
    asks_again: str
    """What the customer has said before and must say again."""
    words: str


@record()
class Column:
    """One step."""

    title: str
    about: str
    gives: str
    """What the customer is asked for."""
    ways: tuple[Way, ...]
    state: str
    """What a scenario makes of it; empty where there is none."""
    words: str


@record()
class Bar:
    """A component with the steps that need it."""

    node: Node
    uses: Mapping[int, tuple[int, ...]]
    """Number of the column → numbers of the ways that need it."""


@record()
class Blueprint:
    """A whole blueprint."""

    title: str
    facts: str
    persona: str
    columns: tuple[Column, ...]
    channels: tuple[tuple[str, str, str], ...]
    """Reference, title and mode, in the order in which they are met."""
    lanes: Mapping[LaneKey, tuple[Bar, ...]]
    tones: tuple[LegendEntry, ...]
    notes: tuple[str, ...]

    def description(self) -> str:
        """The picture in a sentence or two, for those who do not see it."""
        count = sum(len(bars) for bars in self.lanes.values())
        steps = " → ".join(column.title for column in self.columns)
        return ". ".join([f"{steps}. Carried by {count} component{'s' * (count != 1)}", *self.notes])

    @property
    def repeats(self) -> int:
        """Hand-overs at which customers repeat themselves."""
        return sum(bool(way.asks_again) for column in self.columns for way in column.ways)


def blueprint_of(
    catalog: Catalog,
    ref: str,
    refs: Sequence[str],
    look: Look | None = None,
    step_states: Mapping[str, str] | None = None,
) -> Blueprint:
    """The blueprint of a journey, with those of `refs` that carry it.

    `step_states` says by the name of a step what a scenario makes of it.
    """
    look = look or Look(group_by="none")
    journey = catalog.journeys[ref]
    shown = set(refs)
    ordered = in_order(shown, (*look.order, *in_order_of_use(catalog, journey)))
    uses = _uses(catalog, journey, shown)
    used = [one for one in ordered if one in uses]
    colouring = Colouring(catalog, [catalog.components[one] for one in used], look.colour_by, look.states)
    lane_of = _lanes(catalog, journey, used)
    bars = [Bar(node, uses[node.id]) for node in component_nodes(catalog, used, colouring)]
    asked: list[str] = []
    columns = []
    for number, step in enumerate(journey.steps, 1):
        columns.append(_column(catalog, step, number, asked, (step_states or {}).get(step.name, "")))
        asked += [item for item in step.collects if item not in asked]
    return Blueprint(
        title=journey.title,
        facts=_facts(journey),
        persona=journey.persona or "Customer",
        columns=tuple(columns),
        channels=_channels(catalog, journey),
        lanes={key: tuple(bar for bar in bars if lane_of[bar.node.id] == key) for key in LANES},
        tones=tuple(colouring.legend()),
        notes=tuple(states_note(look.colour_by, look.states, look.occasion)),
    )


def _facts(journey: Journey) -> str:
    facts = []
    if journey.average_per_hour is not None:
        peak = journey.peak_per_hour or 0
        busiest = f", {peak:,.0f} at peak" if peak > journey.average_per_hour else ""
        facts.append(f"{journey.average_per_hour:,.0f} attempts an hour{busiest}")
    if journey.objective_percent is not None:
        facts.append(f"{journey.objective_percent:g} % are to be completed")
    return " · ".join(facts)


def _channels(catalog: Catalog, journey: Journey) -> tuple[tuple[str, str, str], ...]:
    refs = dict.fromkeys(leg.channel for step in journey.steps for leg in step.legs)
    found = []
    for ref in refs:
        channel = catalog.channels.get(ref)
        found.append((ref, channel.title if channel else catalog.title(ref), channel.mode if channel else ""))
    return tuple(found)


def _uses(catalog: Catalog, journey: Journey, shown: set[str]) -> dict[str, dict[int, tuple[int, ...]]]:
    """Component → column → ways of the step that need it, directly or through others."""
    uses: dict[str, dict[int, tuple[int, ...]]] = {}
    below: dict[str, frozenset[str]] = {}
    for column, step in enumerate(journey.steps):
        for number, leg in enumerate(step.legs, 1):
            needed: set[str] = set()
            for start in _starts(catalog, leg):
                if start not in below:
                    below[start] = _closure(catalog, start)
                needed |= below[start]
            for ref in needed & shown:
                ways = uses.setdefault(ref, {})
                ways[column] = (*ways.get(column, ()), number)
    return uses


def _starts(catalog: Catalog, leg: Leg) -> list[str]:
    channel = catalog.channels.get(leg.channel)
    via = [leg.via] if leg.via is not None else []
    return [*leg.uses, *via, *(channel.runs_on if channel else ())]


def _closure(catalog: Catalog, start: str) -> frozenset[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for edge in catalog.components[waiting.pop()].edges:
            for ref in (*edge.targets, edge.fallback):
                if ref is not None and ref not in seen:
                    seen.add(ref)
                    waiting.append(ref)
    return frozenset(seen)


def _lanes(catalog: Catalog, journey: Journey, refs: Iterable[str]) -> dict[str, LaneKey]:
    legs = [leg for step in journey.steps for leg in step.legs]
    channels = [catalog.channels[leg.channel] for leg in legs if leg.channel in catalog.channels]
    front = {ref for channel in channels for ref in channel.runs_on}
    back = {ref for leg in legs for ref in (*leg.uses, leg.via) if ref is not None}

    def lane(component: Component) -> LaneKey:
        if component.kind == "External":
            return "external"
        if component.ref in front:
            return "front"
        return "back" if component.ref in back and component.kind == "Service" else "support"

    return {ref: lane(catalog.components[ref]) for ref in refs}


def _column(catalog: Catalog, step: Step, number: int, asked: Sequence[str], state: str) -> Column:
    about = []
    if step.optional:
        about.append("optional")
    if step.share < 1:
        about.append(f"{step.share * 100:.3g} % of attempts")
    ways = tuple(_way(catalog, leg, index, asked) for index, leg in enumerate(step.legs, 1))
    gives = f"gives {listed(step.collects, 4)}" if step.collects else ""
    words = ", ".join(
        [f"Step {number}: {step.title}", *about, *([gives] if gives else []), *([state] if state else [])]
    )
    return Column(f"{number} {step.title}", " · ".join(about), gives, ways, state, words)


def _way(catalog: Catalog, leg: Leg, number: int, asked: Sequence[str]) -> Way:
    takes = Duration.of_seconds(leg.takes_seconds).canonical() if leg.takes_seconds else ""
    told = [f"way {number}"]
    if leg.offered and number > 1:
        told.append(OFFERED[leg.offered])
    if takes:
        told.append(takes)
    via = f" via {catalog.title(leg.via)}" if leg.via else ""
    carries = f"carries {listed(leg.carries, 3)}{via}" if leg.carries else ""
    again = asked_again(leg, asked) if number > 1 else []
    asks = f"asks again: {listed(again, 3)}" if again else ""
    words = ", ".join(filter(None, [catalog.title(leg.channel), *told, carries, asks]))
    return Way(leg.channel, number, " · ".join(told), carries, asks, words)
