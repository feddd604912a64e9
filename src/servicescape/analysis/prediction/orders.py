"""In which order a diagram asks for its variables: its size hangs on nothing else as much.

Two heuristics, neither of which is always the better one: depth first with the most shared first (the usual choice for
fault trees), and FORCE, which moves variables that meet in gates towards each other (F. Aloul, I. Markov, K. Sakallah,
FORCE: a fast and easy-to-implement variable-ordering heuristic, GLSVLSI 2003).
"""

from collections.abc import Sequence
from dataclasses import dataclass


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


def force(wiring: Wiring, start: Sequence[int], rounds: int = 40) -> list[int]:
    """All variables in an order in which the spans of gates are short; begins with `start`."""
    edges: list[list[int]] = []
    number_of = {gate: wiring.variables + position for position, gate in enumerate(wiring.gates)}
    for gate, inputs in wiring.gates.items():
        members = {number_of[gate]}
        for variables, gates in inputs:
            members.update(variables)
            members.update(number_of[each] for each in gates)
        edges.append(sorted(members))
    for variables, gates in wiring.roots:
        edges.append(sorted({*variables, *(number_of[each] for each in gates)}))
    edges = [edge for edge in edges if len(edge) > 1]
    count = wiring.variables + len(number_of)
    place = [0.0] * count
    for position, variable in enumerate(start):
        place[variable] = float(position)
    for gate, inputs in wiring.gates.items():
        near = [place[variable] for variables, _ in inputs for variable in variables]
        place[number_of[gate]] = sum(near) / len(near) if near else count / 2
    member_of: list[list[int]] = [[] for _ in range(count)]
    for index, edge in enumerate(edges):
        for member in edge:
            member_of[member].append(index)
    best, best_span = list(start), _span(edges, place)
    for _ in range(rounds):
        centres = [sum(place[member] for member in edge) / len(edge) for edge in edges]
        pulled = [
            sum(centres[index] for index in member_of[member]) / len(member_of[member]) if member_of[member] else at
            for member, at in enumerate(place)
        ]
        for position, member in enumerate(sorted(range(count), key=lambda each: (pulled[each], each))):
            place[member] = float(position)
        span = _span(edges, place)
        if span >= best_span:
            continue
        best_span = span
        best = sorted(range(wiring.variables), key=lambda each: place[each])
    return best


def _span(edges: Sequence[Sequence[int]], place: Sequence[float]) -> float:
    return sum(max(place[member] for member in edge) - min(place[member] for member in edge) for edge in edges)
