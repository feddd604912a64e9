"""Monotone functions of failures as sets of bits, before any diagram is built.

A function is true when one of its events happens or one of its gates is true: two bit sets. A gate is true when at
least `need` of its inputs are, each of them such a function. So a chain of hard dependencies, however long, is one
`|` of two numbers, and only redundancy and fallbacks make gates. Gates may feed on themselves: the least solution
counts, in which nothing fails unless something outside makes it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np


class Function(NamedTuple):
    """True when one of the events happens or one of the gates is true."""

    events: int
    """Bit i: event i."""
    gates: int
    """Bit i: gate i."""


NEVER = Function(0, 0)

_MANY = 30


@dataclass(frozen=True, slots=True)
class Gate:
    """True when at least `need` of the inputs are."""

    need: int
    inputs: tuple[Function, ...]


def bits(number: int) -> Iterator[int]:
    """Positions of the ones in a number, lowest first."""
    if number.bit_count() > _MANY:
        # In one go: taking them off a number of thousands of bits one by one takes a copy of it each time.
        octets = np.frombuffer(number.to_bytes((number.bit_length() + 7) // 8, "little"), np.uint8)
        yield from np.flatnonzero(np.unpackbits(octets, bitorder="little")).tolist()
        return
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


@lru_cache(maxsize=4096)
def positions(number: int) -> tuple[int, ...]:
    """The same as `bits`, remembered: large sets of events are gone through again and again."""
    return tuple(bits(number))


def any_function(functions: Iterable[Function]) -> Function:
    """The disjunction."""
    events = gates = 0
    for function in functions:
        events |= function.events
        gates |= function.gates
    return Function(events, gates)


def reached_gates(gates: Sequence[Gate], functions: Iterable[Function]) -> list[int]:
    """Numbers of the gates below these functions, in order."""
    seen = 0
    fresh = any_function(functions).gates
    while fresh:
        seen |= fresh
        below = 0
        for number in bits(fresh):
            for item in gates[number].inputs:
                below |= item.gates
        fresh = below & ~seen
    return list(bits(seen))


def true_gates(gates: Sequence[Gate], numbers: Iterable[int], happened: int) -> int:
    """Which of these gates (with all below them) are true once these events have happened, as bits."""
    open_gates = list(numbers)
    found = 0
    changed = True
    while changed:
        changed = False
        waiting = []
        for number in open_gates:
            gate = gates[number]
            count = 0
            for item in gate.inputs:
                if item.events & happened or item.gates & found:
                    count += 1
            if count >= gate.need:
                found |= 1 << number
                changed = True
            else:
                waiting.append(number)
        open_gates = waiting
    return found


def possible_gates(gates: Sequence[Gate], numbers: Iterable[int], without: int) -> int:
    """Which of these gates (with all below them) can be true where some events never happen, as bits."""
    return true_gates(gates, numbers, ~without)


def holds(function: Function, happened: int, gates_true: int) -> bool:
    """Whether a function is true for these events, whose true gates are known."""
    return bool(function.events & happened or function.gates & gates_true)


class SinglePoints:
    """For functions and gates: the events each of which alone makes them true, found for all events at once."""

    def __init__(self, gates: Sequence[Gate], found: list[int] | None = None) -> None:
        if found is not None:
            self._found = found
            return
        self._found = found = [0] * len(gates)
        # Least solution: from nothing upwards. Most gates stand after those that they feed on, so few rounds suffice.
        changed = True
        while changed:
            changed = False
            for number, gate in enumerate(gates):
                alone = at_least_sets(gate.need, [self.of(item) for item in gate.inputs])
                if alone != found[number]:
                    found[number] = alone
                    changed = True

    def copy(self) -> "SinglePoints":
        """One of its own, to which gates can be added."""
        return SinglePoints((), list(self._found))

    def add(self, gate: Gate) -> None:
        """The next gate, which stands on none after it."""
        self._found.append(at_least_sets(gate.need, [self.of(item) for item in gate.inputs]))

    def of(self, function: Function) -> int:
        """The events each of which alone makes the function true."""
        events = function.events
        for number in bits(function.gates):
            events |= self._found[number]
        return events


def at_least_sets(need: int, sets: Sequence[int]) -> int:
    """The bits that stand in at least `need` of the sets."""
    counts = [-1] + [0] * need
    for each in sets:
        for k in range(need, 0, -1):
            counts[k] |= counts[k - 1] & each
    return counts[need]
