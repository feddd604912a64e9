"""Who stands above and below: what a component or journey cannot work without, and the journeys on a component."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from servicescape.analysis.circles import strongly_connected
from servicescape.analysis.journey_impact import leg_needs
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Journey
from servicescape.compile.names import label_of

LIST_LIMIT = 64
"""At most so many journeys in one label, which only readers need."""

LABEL_BYTES = 2000
"""Longest list of upstreams. Alerts are series too (`ALERTS`), and a Mimir refuses label values above 2,048 bytes."""

_AT_A_TIME = 32

_FAR = 1 << 60
"""More dependencies away than anything is."""

MOST_TOLERATED_SECONDS = 300
"""Who does without something for longer than the five minutes of the shortest window fails for another reason when it
alerts within them, and must be heard."""


class Neighbours:
    """Answers about one catalog, worked out once for all its components."""

    def __init__(self, catalog: Catalog) -> None:
        components = catalog.components
        self._hard = {
            ref: tuple(
                sorted(
                    {
                        target
                        for edge in component.edges
                        if edge.is_hard and edge.tolerates_seconds <= MOST_TOLERATED_SECONDS
                        for target in edge.targets
                        if target in components
                    }
                )
            )
            for ref, component in components.items()
        }
        self._catalog = catalog
        self._journeys = _journeys_on(components, catalog.journeys)
        self._journey_names = sorted(catalog.journeys)
        self._listed: dict[int, tuple[str, ...]] = {}
        self._below: dict[frozenset[str], dict[str, int]] = {}
        """What legs need → what they cannot work without, and how many dependencies it is away."""
        self._paging = {slo.target for slo in catalog.slos.values() if slo.alerting.page != "off"}
        self._labels = {ref: label_of(ref) for ref in components}
        self._bytes = {ref: len(label.encode()) + 1 for ref, label in self._labels.items()}
        self._upstreams: dict[str, tuple[tuple[str, ...], bool]] = {}
        self._companions: dict[str, frozenset[str]] = {}
        """Component → itself, and the other members of the dependency cycle that it is in."""
        self._reached: dict[str, frozenset[str] | None] = {}
        """Component → these and all that they cannot work without; None where no label would hold them."""
        for group in strongly_connected(self._hard, self._hard.__getitem__):
            members = frozenset(group)
            found = self._all_reached({target for member in group for target in self._hard[member]} - members)
            if found is not None:
                found |= members
                found = found if self._length(found) <= 2 * LABEL_BYTES else None
            self._companions.update(dict.fromkeys(group, members))
            self._reached.update(dict.fromkeys(group, found))

    def upstreams(self, ref: str) -> tuple[str, ...]:
        """Components whose failure takes this one down, through any number of hard dependencies, sorted.

        Of a journey, those whose failure blocks a mandatory step of it, because every leg of that cannot work without.

        All of them, not only the next ones: between two that alert there may be one that nothing is promised of.
        Members of a dependency cycle are nobody's upstream within it: were two components each other's upstream, the
        alert of either would silence the other's, and nobody would hear of the failure.

        Where they would make a label of more than `LABEL_BYTES`, those go first that never page, then the farthest.
        What is left still silences in the far one's stead: the near ones need it too, and page with it.
        """
        return self._split(ref)[0]

    def labels_of(self, components: Iterable[str]) -> list[str]:
        """The values that labels have for components of the catalog."""
        return list(map(self._labels.__getitem__, components))

    def is_cut(self, ref: str) -> bool:
        """Whether some of those that page are not named, because there are too many."""
        return self._split(ref)[1]

    def _split(self, ref: str) -> tuple[tuple[str, ...], bool]:
        if ref not in self._upstreams:
            self._upstreams[ref] = self._choose(ref)
        return self._upstreams[ref]

    def _choose(self, ref: str) -> tuple[tuple[str, ...], bool]:
        """Who is named, sorted, and whether that are too few."""
        everyone = self._everyone(ref)
        if everyone is not None and self._length(everyone) < LABEL_BYTES:
            return tuple(sorted(everyone)), False
        sizes = self._bytes
        room = LABEL_BYTES - 1  # The delimiter at the beginning; each name brings the one behind it.
        listed: list[str] = []
        silent: list[str] = []
        paging = self._paging
        for together in self._nearest_first(ref):
            for target in together:
                if target not in paging:
                    silent.append(target)
                    continue
                room -= sizes[target]
                if room < 0:
                    return tuple(sorted(listed)), True
                listed.append(target)
        for target in silent:
            room -= sizes[target]
            if room < 0:
                break
            listed.append(target)
        return tuple(sorted(listed)), False

    def _length(self, components: Iterable[str]) -> int:
        return sum(map(self._bytes.__getitem__, components))

    def _everyone(self, ref: str) -> frozenset[str] | None:
        """All upstreams; None where that may be more than a label holds."""
        if ref in self._catalog.journeys:
            found: frozenset[str] = frozenset()
            for legs in self._mandatory_needs(self._catalog.journeys[ref]):
                reached = [self._all_reached(needs) for needs in legs]
                known = [each for each in reached if each is not None]
                if len(known) < len(reached):
                    return None
                found |= frozenset.intersection(*known)
            return found
        below = self._reached.get(ref, frozenset())
        return below and below - self._companions[ref]

    def _all_reached(self, components: Collection[str]) -> frozenset[str] | None:
        """These and all that they cannot work without; None where a label could not hold what one of them needs."""
        known = [each for each in map(self._reached.__getitem__, components) if each is not None]
        return frozenset().union(*known) if len(known) == len(components) else None

    def _nearest_first(self, ref: str) -> Iterator[list[str]]:
        """What it cannot work without, some at a time: a label is often full long before all of them are found."""
        if ref in self._catalog.journeys:
            distances = self._blocking(self._catalog.journeys[ref])
            yield sorted(sorted(distances), key=distances.__getitem__)
        if ref not in self._hard:
            return
        hard, companions = self._hard, self._companions[ref]
        seen = {ref}
        queue = [ref]
        done = 0
        while done < len(queue):
            # Many at a time, in the order of a search that takes them one by one.
            nearest = queue[done : done + _AT_A_TIME]
            done += len(nearest)
            needs = dict.fromkeys(chain.from_iterable(map(hard.__getitem__, nearest)))
            found = [target for target in needs if target not in seen]
            seen.update(found)
            queue += found
            yield found if len(companions) == 1 else [target for target in found if target not in companions]

    def _blocking(self, journey: Journey) -> dict[str, int]:
        """What takes away all legs of a mandatory step, and how many dependencies it is away from the nearest."""
        found: dict[str, int] = {}
        for needs in self._mandatory_needs(journey):
            below = [self._below_leg(each) for each in needs]
            shared = list(below[0] if len(below) == 1 else below[0].keys() & set(below[1]).intersection(*below[2:]))
            if found:
                below.append({**dict.fromkeys(shared, _FAR), **found})
            # Whole lists at a time: there are a hundred of them for each of thousands of steps.
            columns = [map(each.__getitem__, shared) for each in below]
            found.update(zip(shared, map(min, *columns) if len(columns) > 1 else columns[0], strict=True))
        return found

    def _mandatory_needs(self, journey: Journey) -> Iterator[list[frozenset[str]]]:
        """What each leg of a mandatory step needs, step by step."""
        for step in journey.steps:
            if not step.optional and step.legs and step.share:
                yield [frozenset(self._hard.keys() & leg_needs(self._catalog, leg)) for leg in step.legs]

    def _below_leg(self, needs: frozenset[str]) -> dict[str, int]:
        distances = self._below.get(needs)
        if distances is None:
            distances = self._below[needs] = dict.fromkeys(needs, 0)
            nearest: Collection[str] = needs
            away = 0
            while nearest:
                away += 1
                nearest = set().union(*map(self._hard.__getitem__, nearest)).difference(distances)
                distances.update(dict.fromkeys(nearest, away))
        return distances

    def journeys(self, ref: str) -> tuple[str, ...]:
        """Journeys that use this component in any leg, directly or through whatever it is needed for, sorted.

        Of those in excess of `LIST_LIMIT` one is given.
        """
        bits = self._journeys.get(ref, 0)
        if bits not in self._listed:
            self._listed[bits] = tuple(islice(_named(bits, self._journey_names), LIST_LIMIT + 1))
        return self._listed[bits]


def _journeys_on(components: Mapping[str, Component], journeys: Mapping[str, Journey]) -> dict[str, int]:
    """Component → the journeys on it, as bits of one number in the order of their names."""
    needs = {
        ref: tuple(
            target
            for edge in component.edges
            for target in (*edge.targets, *((edge.fallback,) if edge.fallback else ()))
            if target in components
        )
        for ref, component in components.items()
    }
    names = sorted(journeys)
    # They are handed down every edge once.
    users: dict[str, int] = defaultdict(int)
    for number, ref in enumerate(names):
        for step in journeys[ref].steps:
            for leg in step.legs:
                for used in (*leg.uses, *((leg.via,) if leg.via else ())):
                    users[used] |= 1 << number
    for group in reversed(list(strongly_connected(needs, needs.__getitem__))):
        together = 0
        for member in group:
            together |= users[member]
        for member in group:
            users[member] = together
            for target in needs[member]:
                users[target] |= together
    return users


def _named(bits: int, names: Sequence[str]) -> Iterator[str]:
    """The names whose bits are set, in their order."""
    while bits:
        lowest = bits & -bits
        yield names[lowest.bit_length() - 1]
        bits ^= lowest
