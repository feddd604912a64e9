"""In which order a diagram asks for its variables: its size hangs on nothing else as much.

Two heuristics, neither of which is always the better one: depth first with the most shared first (the usual choice for
fault trees), and FORCE, which moves variables that meet in gates towards each other (F. Aloul, I. Markov, K. Sakallah,
FORCE: a fast and easy-to-implement variable-ordering heuristic, GLSVLSI 2003).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_BEGINNINGS = 32
_ROUNDS = 40
_MOST_IDLE = 8
"""Rounds without a better order, after which no better one is waited for."""
_FINE = 1 << 16
"""Parts of a place, in whole numbers."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """Who feeds whom: inputs of gates and roots as numbers of variables and of gates."""

    variables: int
    gates: dict[int, tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]]
    """Gate → its inputs, each the variables and the gates of which it is the disjunction."""
    roots: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def depth_first(wiring: Wiring) -> list[int]:
    """All variables, those met first when one walks down from the roots and turns to what is shared most first."""
    variable_uses = [0] * wiring.variables
    gate_uses = dict.fromkeys(wiring.gates, 0)
    for inputs in (wiring.roots, *wiring.gates.values()):
        for variables, gates in inputs:
            for variable in variables:
                variable_uses[variable] += 1
            for gate in gates:
                gate_uses[gate] += 1
    order: dict[int, None] = {}
    seen: set[int] = set()
    # Entries: an input, or all inputs of a gate. A stack and not recursion: chains of gates can be long.
    stack: list[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]] = [wiring.roots]
    while stack:
        inputs = stack.pop()
        if len(inputs) == 1:
            variables, gates = inputs[0]
            order.update(dict.fromkeys(sorted(variables, key=lambda each: (-variable_uses[each], each))))
            fresh = [gate for gate in gates if gate not in seen]
            seen.update(fresh)
            fresh.sort(key=lambda each: (-gate_uses[each], each), reverse=True)
            stack += (wiring.gates[gate] for gate in fresh)
        else:
            stack += ((each,) for each in reversed(inputs))
    order.update(dict.fromkeys(range(wiring.variables)))
    return list(order)


def force(wiring: Wiring, start: Sequence[int]) -> list[int]:
    """All variables in an order in which the spans of gates are short, the best of several beginnings.

    One of them is `start`, the others are shuffled: from which one FORCE does well cannot be told before, and the
    shortest spans belong to diagrams of half the size. All numbers are whole, so that every machine finds the same.
    """
    members, edge_starts, sizes = _edges(wiring)
    if len(members) == 0:
        return list(start)
    count = wiring.variables + len(wiring.gates)
    by_member = np.argsort(members, kind="stable")
    edge_of = np.repeat(np.arange(len(sizes)), sizes)[by_member]
    connected, member_starts, degrees = np.unique(members[by_member], return_index=True, return_counts=True)
    places = _first_places(wiring, start)
    best, best_span, idle = places[0], -1, 0
    for _ in range(_ROUNDS):
        centres = np.add.reduceat(places[:, members], edge_starts, axis=1) * _FINE // sizes
        pulled = places * _FINE
        pulled[:, connected] = np.add.reduceat(centres[:, edge_of], member_starts, axis=1) // degrees
        order = np.argsort(pulled, axis=1, kind="stable")
        np.put_along_axis(places, order, np.arange(count)[np.newaxis], axis=1)
        where = places[:, members]
        longest, shortest = (each.reduceat(where, edge_starts, axis=1) for each in (np.maximum, np.minimum))
        spans = (longest - shortest).sum(axis=1)
        index = int(np.argmin(spans))
        idle += 1
        if best_span < 0 or spans[index] < best_span:
            best, best_span, idle = places[index].copy(), int(spans[index]), 0
        elif idle == _MOST_IDLE:
            break
    return [int(each) for each in np.argsort(best, kind="stable") if each < wiring.variables]


def _edges(wiring: Wiring) -> tuple[Numbers, Numbers, Numbers]:
    """What each gate and each root ties together, one after the other; where each begins, and its size."""
    number_of = {gate: wiring.variables + position for position, gate in enumerate(wiring.gates)}
    edges: list[list[int]] = []
    for gate, inputs in wiring.gates.items():
        tied = {number_of[gate]}
        for variables, gates in inputs:
            tied.update(variables)
            tied.update(number_of[each] for each in gates)
        edges.append(sorted(tied))
    edges += (sorted({*variables, *(number_of[each] for each in gates)}) for variables, gates in wiring.roots)
    edges = [edge for edge in edges if len(edge) > 1]
    sizes = np.array([len(edge) for edge in edges], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])[:-1] if edges else sizes
    return np.array([member for edge in edges for member in edge], dtype=np.int64), starts, sizes


def _first_places(wiring: Wiring, start: Sequence[int]) -> Numbers:
    """By beginning and variable or gate its place; a gate begins in the middle of the variables that it hangs on."""
    rng = random.Random(0)  # noqa: S311 - for the same orders each time
    rows = []
    for index in range(_BEGINNINGS):
        order = start if index == 0 else sorted(start, key=lambda _: rng.random())
        place = [0] * wiring.variables
        for position, variable in enumerate(order):
            place[variable] = position
        for inputs in wiring.gates.values():
            near = [place[variable] for variables, _ in inputs for variable in variables]
            place.append(sum(near) // len(near) if near else wiring.variables // 2)
        rows.append(place)
    return np.array(rows, dtype=np.int64)
