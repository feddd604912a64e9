"""Fault trees in the Open-PSA format, solved by the engine that predicts journeys."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servicescape.analysis.prediction.compiled import Compiled, compile_functions
from servicescape.analysis.prediction.cut_sets import minimal_solutions
from servicescape.analysis.prediction.diagrams import FALSE, TRUE, Diagrams, OutOfNodes, deep_recursion
from servicescape.analysis.prediction.functions import Function, Gate, SinglePoints, any_function, bits
from servicescape.analysis.prediction.orders import Wiring, depth_first, force
from servicescape.analysis.prediction.outcomes import Outcome, Part


class NotCoherentError(Exception):
    """The tree has negations, which failures of a catalog never have."""


@dataclass(frozen=True)
class FaultTree:
    events: tuple[str, ...]
    chances: tuple[float, ...]
    gates: tuple[Gate, ...]
    top: Function


def read_fault_tree(path: Path, top: str = "r1") -> FaultTree:
    root = ET.parse(path).getroot()
    definitions = {each.get("name"): each[0] for each in root.iter("define-gate")}
    chances = {
        str(each.get("name")): float(each.find("float").get("value")) for each in root.iter("define-basic-event")
    }  # type: ignore[union-attr,arg-type]
    events = tuple(sorted(chances))
    number = {name: index for index, name in enumerate(events)}
    gates: list[Gate] = []
    known: dict[str, Function] = {}

    def gate(need: int, inputs: list[Function]) -> Function:
        gates.append(Gate(need, tuple(inputs)))
        return Function(0, 1 << (len(gates) - 1))

    def function(element: ET.Element) -> Function:
        name = element.get("name", "")
        if element.tag in ("basic-event", "gate", "event"):
            if name in number:
                return Function(1 << number[name], 0)
            if name not in known:
                known[name] = function(definitions[name])
            return known[name]
        inputs = [function(each) for each in element]
        if element.tag == "or":
            return any_function(inputs)
        if element.tag == "and":
            return gate(len(inputs), inputs) if len(inputs) > 1 else inputs[0]
        if element.tag == "atleast":
            return gate(int(element.get("min", "0")), inputs)
        raise NotCoherentError(element.tag)

    with deep_recursion(len(definitions)):
        found = function(definitions[top])
    return FaultTree(events, tuple(chances[name] for name in events), tuple(gates), found)


@dataclass(frozen=True)
class Solved:
    outcome: Outcome
    probability: float

    def cut_sets_by_order(self, most: int) -> list[int]:
        """Numbers of minimal cut sets of order 1, 2, … `most`."""
        found = [0] * most
        found[0] = self.outcome.alone.bit_count()
        compiled = self.outcome.parts[0].compiled
        with deep_recursion(len(compiled.groups)):
            for solution in minimal_solutions(compiled.diagrams, self.outcome.parts[0].root, most):
                count = 1
                for level in bits(solution):
                    count *= compiled.groups[level].bit_count()
                found[solution.bit_count() - 1] += count
        return found


def solve(tree: FaultTree, most_nodes: int = 400_000) -> Solved:
    alone = SinglePoints(tree.gates).of(tree.top)
    root = FALSE

    def build(compiled: Compiled) -> None:
        nonlocal root
        root = compiled.root(tree.top)

    compiled = compile_functions(tree.gates, [tree.top], build, most_nodes=most_nodes, without=alone)
    assert compiled is not None, "the diagram is too large"
    outcome = Outcome(alone, (Part(compiled, root),))
    return Solved(outcome, outcome.probability(tree.chances))


def solve_with_negations(path: Path, most_nodes: int, top: str = "r1") -> tuple[float, int] | None:
    """Probability of a tree that may have NOT and XOR, and the nodes made; None beyond the budget.

    Failures of a catalog know no negation, so that gates and their rewriting have none; diagrams have.
    """
    root = ET.parse(path).getroot()
    definitions = {str(each.get("name")): each[0] for each in root.iter("define-gate")}
    chances = {
        str(each.get("name")): float(each.find("float").get("value"))  # type: ignore[union-attr,arg-type]
        for each in root.iter("define-basic-event")
    }
    events = list(chances)
    number = {name: index for index, name in enumerate(events)}
    gate_number = {name: index for index, name in enumerate(definitions)}

    def inputs_of(element: ET.Element) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        names = [str(each.get("name")) for each in element.iter() if each.get("name")]
        return tuple(((number[name],), ()) if name in number else ((), (gate_number[name],)) for name in names)

    wiring = Wiring(
        len(events),
        {gate_number[name]: inputs_of(element) for name, element in definitions.items()},
        (((), (gate_number[top],)),),
    )
    first = depth_first(wiring)
    for order in (first, force(wiring, first)):
        level = {events[index]: position for position, index in enumerate(order)}
        try:
            diagrams, node = _diagram(definitions, level, top, most_nodes)
        except OutOfNodes:
            continue
        return diagrams.probability(node, [chances[events[index]] for index in order]), len(diagrams)
    return None


def _diagram(
    definitions: Mapping[str, ET.Element], level: Mapping[str, int], top: str, most_nodes: int
) -> tuple[Diagrams, int]:
    diagrams = Diagrams(most_nodes)
    known: dict[str, int] = {}

    def node(element: ET.Element) -> int:
        name = str(element.get("name"))
        if element.tag in ("basic-event", "gate", "event"):
            if name in level:
                return diagrams.any_of([level[name]])
            if name not in known:
                known[name] = node(definitions[name])
            return known[name]
        found = [node(each) for each in element]
        if element.tag == "not":
            return diagrams.without(TRUE, found[0])
        if element.tag == "xor":
            first, second = found
            return diagrams.either(diagrams.without(first, second), diagrams.without(second, first))
        return diagrams.at_least({"or": 1, "and": len(found)}.get(element.tag) or int(element.get("min", "0")), found)

    with deep_recursion(len(definitions) + len(level)):
        return diagrams, node(definitions[top])
