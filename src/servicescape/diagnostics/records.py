"""Plain values of which a run makes ten thousands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def record(*, order: bool = False) -> Callable[[type[_T]], type[_T]]:
    """A dataclass that is frozen to type checkers alone.

    Python takes six times as long to make an object that it is to guard.
    """
    return dataclass(slots=True, unsafe_hash=True, order=order)
