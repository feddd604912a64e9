"""Makes the functions of a catalog: first all states that matter, then what each of them follows from.

A state is a component, a label (down, or not ok) and how long a failure must have lasted to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from servicescape.analysis.impact_graph import FailureGraph, Link
from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.functions import Function, Gate, SinglePoints, any_function, at_least_sets
from servicescape.analysis.prediction.structure import Source, SourceKind, Structure
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge, Effect

DOWN = 0
HARMED = 1


def structure_of(catalog: Catalog, *, graph: FailureGraph | None = None, tolerances: bool = True) -> Structure:
    """The functions of all components of a catalog."""
    graph = graph or FailureGraph.of(catalog)
    builder = _Builder(catalog, graph, tolerances)
    if not builder.enumerate_states():
        builder = _Builder(catalog, graph, False)
        builder.enumerate_states()
        builder.left_out = True
    return builder.finish()


_Key = tuple[int, int, int]
"""Component, label, and how long a failure must have lasted to count, in milliseconds."""


@dataclass(slots=True)
class _Item:
    """A disjunction in the making."""

    states: tuple[int, ...] = ()
    gates: tuple[int, ...] = ()
    switch: int | None = None
    """Number of a source."""


class _Builder:
    """One structure in the making: first all states that matter, then their functions."""

    def __init__(self, catalog: Catalog, graph: FailureGraph, tolerances: bool) -> None:
        self._catalog = catalog
        self._graph = graph
        count = len(graph.refs)
        self._edges = _edges_of_links(catalog, graph)
        parts = circles(range(count), self._below)
        self._order = tuple(number for part in parts for number in part)
        self._part_of = [0] * count
        for index, part in enumerate(parts):
            for number in part:
                self._part_of[number] = index
        self._circular = frozenset(number for part in parts if len(part) > 1 for number in part)
        self._mttr = [catalog.components[ref].mttr_seconds or None for ref in graph.refs]
        self._tolerances = tolerances and any(mttr is not None for mttr in self._mttr)
        self._tolerated = tolerances
        self.left_out = False
        self._key_of: list[_Key] = []
        self._state_of: dict[_Key, int] = {}
        self._items: list[list[_Item]] = []
        self._gates: list[tuple[int, tuple[_Item, ...]]] = []
        self._thresholds: dict[tuple[int, int, int], _Item] = {}
        self._switches: dict[int, int] = {}
        """Link → number of its switch among the switches."""
        self._most_states = 40 * count + 20_000

    def _below(self, number: int) -> list[int]:
        found: list[int] = []
        for index in self._graph.needs[number]:
            link = self._graph.links[index]
            found.extend(link.targets)
            if link.fallback is not None:
                found.append(link.fallback)
        return found

    def _state(self, number: int, label: int, age: int) -> int:
        key = (number, label, age)
        found = self._state_of.get(key)
        if found is None:
            found = self._state_of[key] = len(self._key_of)
            self._key_of.append(key)
        return found

    def enumerate_states(self) -> bool:
        """Finds every state below those of all components; False where there are too many."""
        for number in range(len(self._graph.refs)):
            self._state(number, DOWN, 0)
            self._state(number, HARMED, 0)
        done = 0
        while done < len(self._key_of):
            if len(self._key_of) > self._most_states:
                return False
            self._items.append(self._needs(*self._key_of[done]))
            done += 1
        return True

    def _needs(self, number: int, label: int, age: int) -> list[_Item]:
        items: list[_Item] = []
        if label == HARMED:
            items.append(_Item(states=(self._state(number, DOWN, age),)))
        wanted = Effect.DOWN if label == DOWN else Effect.DEGRADED
        for index in self._graph.needs[number]:
            link = self._graph.links[index]
            if link.when_down is wanted:
                items.append(self._threshold(index, link, DOWN, age))
            if link.when_degraded is wanted:
                items.append(self._threshold(index, link, HARMED, age))
            if label == DOWN and link.fallback is not None:
                items.append(self._both_gone(index, link, age))
        return items

    def _age_beyond(self, link: Link, target: int, age: int) -> int:
        if not self._tolerances or self._part_of[link.source] == self._part_of[target]:
            return age
        return age + round(link.tolerates * 1000)

    def _threshold(self, index: int, link: Link, label: int, age: int) -> _Item:
        """That as many targets have failed as it takes."""
        key = (index, label, age)
        found = self._thresholds.get(key)
        if found is None:
            states = tuple(self._state(each, label, self._age_beyond(link, each, age)) for each in link.targets)
            if link.rank == 1:
                found = _Item(states=states)
            else:
                self._gates.append((link.rank, tuple(_Item(states=(state,)) for state in states)))
                found = _Item(gates=(len(self._gates) - 1,))
            self._thresholds[key] = found
        return found

    def _both_gone(self, index: int, link: Link, age: int) -> _Item:
        assert link.fallback is not None
        fallback = self._state(link.fallback, DOWN, self._age_beyond(link, link.fallback, age))
        switch = None
        if self._edges[index].switch_failure:
            switch = self._switches.setdefault(index, len(self._switches))
        inputs = (self._threshold(index, link, DOWN, age), _Item(states=(fallback,), switch=switch))
        self._gates.append((2, inputs))
        return _Item(gates=(len(self._gates) - 1,))

    def finish(self) -> Structure:
        """The structure of the states found."""
        sources, groups_of, felt_at_once = self._sources()
        source_of_event = [index for index, source in enumerate(sources) for _ in source.levels]
        own = self._own_events(sources, groups_of)
        functions = self._functions(own)

        def resolved(item: _Item) -> Function:
            found = any_function([functions[state] for state in item.states])
            gates = found.gates
            for gate in item.gates:
                gates |= 1 << gate
            events = found.events
            if item.switch is not None:
                events |= sources[self._first_switch + item.switch].events
            return Function(events, gates)

        gates = tuple(Gate(need, tuple(resolved(item) for item in items)) for need, items in self._gates)
        count = len(self._graph.refs)
        return Structure(
            graph=self._graph,
            sources=tuple(sources),
            gates=gates,
            down=tuple(functions[self._state_of[number, DOWN, 0]] for number in range(count)),
            harmed=tuple(functions[self._state_of[number, HARMED, 0]] for number in range(count)),
            single_points=SinglePoints(gates, self._alone(sources, own)),
            order=self._order,
            in_circle=self._circular,
            groups_of=groups_of,
            felt_at_once=felt_at_once,
            tolerances_left_out=self.left_out,
            source_of_event=tuple(source_of_event),
        )

    def _sources(self) -> tuple[list[Source], tuple[tuple[int, ...], ...], frozenset[int]]:
        count = len(self._graph.refs)
        levels: list[set[int]] = [{0} for _ in range(count)]
        for number, _, age in self._key_of:
            levels[number].add(age)
        felt_at_once = {number for number in range(count) if self._mttr[number] is None and (len(levels[number]) > 1)}
        if self._tolerated and not self._tolerances:
            # Nobody's time to repair is known: whatever is tolerated is felt at once.
            felt_at_once = {target for link in self._graph.links if link.tolerates > 0 for target in link.targets}
        sources: list[Source] = []
        events = 0

        def add(kind: SourceKind, components: tuple[int, ...], share: float, mttr: float | None, at: set[int]) -> None:
            nonlocal events
            ages = tuple(each / 1000 for each in sorted(at)) if mttr is not None else (0.0,)
            sources.append(Source(kind, components, share, mttr, events, ages))
            events += len(ages)

        for number in range(count):
            add("own", (number,), 1.0, self._mttr[number], levels[number])
        groups: dict[tuple[int, ...], float] = {}
        for link, edge in zip(self._graph.links, self._edges, strict=True):
            if edge.common_cause and len(link.targets) > 1:
                members = tuple(sorted(link.targets))
                # Of two groups of the same members the larger share counts: it is one and the same cause.
                groups[members] = max(groups.get(members, 0.0), edge.common_cause)
        groups_of: list[list[int]] = [[] for _ in range(count)]
        for members in sorted(groups):
            for member in members:
                groups_of[member].append(len(sources))
            times = [self._mttr[member] for member in members]
            known = [time for time in times if time is not None]
            mttr = max(known) if len(known) == len(members) else None
            add("common-cause", members, groups[members], mttr, set().union(*(levels[each] for each in members)))
        self._first_switch = len(sources)
        for index in self._switches:
            link = self._graph.links[index]
            assert link.fallback is not None
            components = (link.source, *link.targets, link.fallback)
            add("switch", components, self._edges[index].switch_failure or 0.0, None, {0})
        return sources, tuple(tuple(each) for each in groups_of), frozenset(felt_at_once)

    def _own_events(self, sources: Sequence[Source], groups_of: Sequence[Sequence[int]]) -> list[int]:
        """By state: the events that bring it about themselves."""
        found = []
        for number, _, age in self._key_of:
            events = 0
            for index in (number, *groups_of[number]):
                events |= _older_than(sources[index], age / 1000)
            found.append(events)
        return found

    def _alone(self, sources: Sequence[Source], own: Sequence[int]) -> list[int]:
        """By gate: the events each of which alone makes it true.

        Found along the edges, each once, and not by way of functions, which hold all that is below them.
        """
        count = len(self._key_of)
        found = [0] * (count + len(self._gates))

        def below(node: int) -> list[int]:
            items = self._items[node] if node < count else self._gates[node - count][1]
            return [each for item in items for each in (*item.states, *(count + gate for gate in item.gates))]

        def of_item(item: _Item) -> int:
            events = 0 if item.switch is None else sources[self._first_switch + item.switch].events
            for state in item.states:
                events |= found[state]
            for gate in item.gates:
                events |= found[count + gate]
            return events

        for part in circles(range(len(found)), below):
            changed = True
            while changed:
                changed = False
                for node in part:
                    if node < count:
                        events = own[node]
                        for item in self._items[node]:
                            events |= of_item(item)
                    else:
                        need, items = self._gates[node - count]
                        events = at_least_sets(need, [of_item(item) for item in items])
                    if events != found[node]:
                        found[node] = events
                        changed = len(part) > 1
        return found[count:]

    def _functions(self, own_events: Sequence[int]) -> list[Function]:
        """The functions of all states: what happens in a state itself, and what it is the disjunction of."""
        below: list[list[int]] = []
        own: list[Function] = []
        for events, items in zip(own_events, self._items, strict=True):
            gates = 0
            states: list[int] = []
            for item in items:
                states.extend(item.states)
                for gate in item.gates:
                    gates |= 1 << gate
            below.append(states)
            own.append(Function(events, gates))
        found = list(own)
        for part in circles(range(len(own)), below.__getitem__):
            members = set(part)
            everything = any_function(
                [own[state] for state in part]
                + [found[each] for state in part for each in below[state] if each not in members]
            )
            for state in part:
                found[state] = everything
        return found


def _older_than(source: Source, seconds: float) -> int:
    """The events of which one happens where the source has lasted for longer than this."""
    if source.mttr_seconds is None:
        return source.events
    first = source.levels.index(seconds)
    return source.events & ~((1 << (source.first_event + first)) - 1)


def _edges_of_links(catalog: Catalog, graph: FailureGraph) -> list[Edge]:
    """For each link the edge that it was made of; the graph leaves out edges none of whose targets is known."""
    edges = [
        edge
        for ref in graph.refs
        for edge in catalog.components[ref].edges
        if any(target in graph.number for target in edge.targets)
    ]
    assert len(edges) == len(graph.links)
    return edges
