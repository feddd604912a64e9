"""What colour means in a picture: one thing, with a badge that says it in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Literal

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component
from servicescape.diagnostics.records import record
from servicescape.render.diagram import LegendEntry
from servicescape.render.themes import OWNER_TONES

ColourBy = Literal["tier", "lifecycle", "owner", "slo", "state", "availability"]

_LIFECYCLES = ("planned", "experimental", "production", "deprecated", "retired")
_STATES = ("ok", "degraded", "down")
_LEVELS = ((Decimal("99.99"), "4"), (Decimal("99.9"), "3"), (Decimal("99"), "2"), (Decimal(0), "1"))
AVAILABILITY_WORDS = {
    "4": "99.99 % and more",
    "3": "99.9 % and more",
    "2": "99 % and more",
    "1": "less than 99 %",
    "none": "no objective",
}


@record()
class Colour:
    """Tone and badge of one component."""

    tone: str
    badge: str
    words: str
    """What the legend says about the tone."""


class Colouring:
    """Gives each of the components of one picture its tone, by one property of them."""

    def __init__(
        self,
        catalog: Catalog,
        components: Iterable[Component],
        colour_by: ColourBy,
        states: Mapping[str, str] | None = None,
        painted: Mapping[str, Colour] | None = None,
    ) -> None:
        self._painted = painted or {}
        self._catalog = catalog
        self._states = states or {}
        choose: Callable[[Component], Colour] = getattr(self, f"_by_{colour_by}")
        self._team_numbers: dict[str, int] = {}
        self._slos: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        if colour_by == "owner":
            self._number_teams(components)
        if colour_by in ("slo", "availability"):
            for slo in catalog.slos.values():
                self._slos[slo.target].append((slo.measures, slo.objective_percent))
        self._choose = choose
        self._used: dict[str, str] = {}

    def colour(self, component: Component) -> Colour:
        """Tone and badge of a component; remembers the tone for the legend."""
        colour = self._painted.get(component.ref) or self._choose(component)
        self._used[colour.tone] = colour.words
        return colour

    def legend(self) -> list[LegendEntry]:
        """The tones that were given, in their own order."""
        if set(self._used) == {"plain"}:
            return []
        return [LegendEntry("tone", tone, self._used[tone]) for tone in sorted(self._used, key=_rank)]

    def _number_teams(self, components: Iterable[Component]) -> None:
        """The teams with the most components get colours of their own, ties by reference."""
        counts: dict[str, int] = defaultdict(int)
        for component in components:
            if component.owner is not None:
                counts[component.owner] += 1
        ranked = sorted(counts, key=lambda owner: (-counts[owner], owner))
        self._team_numbers = {owner: number for number, owner in enumerate(ranked[:OWNER_TONES], 1)}

    def _by_tier(self, component: Component) -> Colour:
        if component.tier is None:
            return Colour("plain", "", "no tier")
        words = {1: "Tier 1, most critical"}.get(component.tier, f"Tier {component.tier}")
        return Colour(f"tier-{component.tier}", f"T{component.tier}", words)

    def _by_lifecycle(self, component: Component) -> Colour:
        if component.lifecycle not in _LIFECYCLES:
            return Colour("plain", component.lifecycle, f"lifecycle {component.lifecycle}")
        badge = "" if component.lifecycle == "production" else component.lifecycle
        return Colour(f"lifecycle-{component.lifecycle}", badge, component.lifecycle)

    def _by_state(self, component: Component) -> Colour:
        state = self._states.get(component.ref)
        if state not in _STATES:
            return Colour("plain", "", "state not known")
        return Colour(f"state-{state}", "" if state == "ok" else state, state)

    def _by_owner(self, component: Component) -> Colour:
        badge = f"T{component.tier}" if component.tier is not None else ""
        if component.owner is None:
            return Colour("plain", badge, "no team")
        number = self._team_numbers.get(component.owner)
        if number is None:
            return Colour("plain", badge, "other teams")
        return Colour(f"owner-{number}", badge, self._catalog.title(component.owner))

    def _by_slo(self, component: Component) -> Colour:
        slos = self._slos[component.ref]
        promised = [objective for measures, objective in slos if measures == "availability"]
        if promised:
            return Colour("slo-availability", _percent(min(promised)), "availability SLO")
        if slos:
            return Colour("slo-other", _percent(min(objective for _, objective in slos)), "other SLOs only")
        return Colour("slo-none", "", "no SLO")

    def _by_availability(self, component: Component) -> Colour:
        """By the strictest promise: two SLOs may promise the same to different callers."""
        promised = [objective for measures, objective in self._slos[component.ref] if measures == "availability"]
        sla = getattr(component.entity.entity.spec, "sla", None)
        if sla is not None:
            promised.append(sla)
        if not promised:
            return Colour("availability-none", "", AVAILABILITY_WORDS["none"])
        objective = max(promised)
        level = availability_level(objective)
        return Colour(f"availability-{level}", _percent(objective), AVAILABILITY_WORDS[level])


def availability_level(percent: Decimal) -> str:
    """The level of an availability, `4` (best) to `1`."""
    return next(level for least, level in _LEVELS if percent >= least)


def _percent(objective: Decimal) -> str:
    return f"{objective.normalize():f} %"


def _rank(tone: str) -> tuple[int, str]:
    """Order in the legend: as the world has it, then by name, and what has no colour last."""
    name, _, value = tone.partition("-")
    if tone == "plain" or value == "none":
        return 99, tone
    if name == "lifecycle":
        return _LIFECYCLES.index(value), tone
    if name == "state":
        return _STATES.index(value), tone
    if name == "availability":
        return 9 - int(value), tone
    return 0, tone
