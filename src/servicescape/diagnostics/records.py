"""Plain values: dataclasses that are quick to make, and whose classes are quick to make."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, order: bool = False) -> Callable[[type[_T]], type[_T]]:
    """A dataclass with slots that is frozen to type checkers alone, and can be compared and hashed.

    Python takes six times as long to make an object that it is to guard; and for each class `dataclass` compiles a
    method of every kind from source, which for all of ours took a quarter of the time of importing them.
    """

    def decorate(cls: type[_T]) -> type[_T]:
        made: Any = dataclass(slots=True, repr=False, eq=False)(cls)
        compared = _values(each.name for each in fields(made) if each.compare)
        shown = [each.name for each in fields(made) if each.repr]

        def is_equal(self: Any, other: object) -> Any:
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        def is_less(self: Any, other: object) -> Any:
            return compared(self) < compared(other) if other.__class__ is self.__class__ else NotImplemented

        def is_less_or_equal(self: Any, other: object) -> Any:
            return compared(self) <= compared(other) if other.__class__ is self.__class__ else NotImplemented

        made.__eq__ = is_equal
        made.__hash__ = lambda self: hash(compared(self))
        made.__repr__ = lambda self: (
            f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"
        )
        if order:
            # Python turns the sides round for `>` and `>=`.
            made.__lt__, made.__le__ = is_less, is_less_or_equal
        return cast(type[_T], made)

    return decorate


def _values(names: Iterable[str]) -> Callable[[Any], Any]:
    wanted = tuple(names)
    return attrgetter(*wanted) if wanted else lambda value: ()
