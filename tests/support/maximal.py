"""One document a kind in which every field of the language stands, each reference with a name of its own.

Made by walking the types, independently of how the package finds references.
"""

import datetime
import types
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servicescape.model.names import RefTo
from servicescape.model.units import Duration

Path = tuple[str | int, ...]


def maximal_documents(
    kind: type[BaseModel],
) -> Iterator[tuple[Any, dict[tuple[Path, bool], tuple[str, tuple[str, ...]]]]]:
    """Documents of a kind that together hold every field and every form of every value.

    With each comes what it refers to: `(path, is key)` → text and kinds that may be meant.
    """
    for variant in range(_VARIANTS):
        maker = _Maker(variant)
        value = maker.part(kind, ())
        yield value, maker.references


_VARIANTS = 6
"""As many as the largest choice between forms."""


class _Maker:
    def __init__(self, variant: int) -> None:
        self.variant = variant
        self.references: dict[tuple[Path, bool], tuple[str, tuple[str, ...]]] = {}

    def part(self, part: type[BaseModel], path: Path) -> dict[str, Any]:
        fields = {field.alias or name: field for name, field in part.model_fields.items()}
        left_out = _AT_ODDS.get(part.__name__, lambda variant: ())(self.variant)
        return {key: self.field(field, (*path, key)) for key, field in fields.items() if key not in left_out}

    def field(self, field: FieldInfo, path: Path) -> Any:
        annotation = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        return self.value(annotation, path)

    def value(self, annotation: Any, path: Path, *, as_key: bool = False) -> Any:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            metadata = [
                each for item in arguments[1:] for each in (item.metadata if isinstance(item, FieldInfo) else [item])
            ]
            for item in metadata:
                if isinstance(item, RefTo):
                    return self.reference(item.kinds, path, as_key)
            if arguments[0] is str:
                return _text(path)
            if arguments[0] is Decimal:
                return Decimal("0.5")
            if arguments[0] is int:
                return 1
            if get_origin(arguments[0]) is tuple:
                least = max((getattr(item, "min_length", 0) or 0 for item in metadata), default=0)
                most = min((getattr(item, "max_length", 9) or 9 for item in metadata), default=9)
                return self.items(arguments[0], path, max(least, min(4, most)))
            return self.value(arguments[0], path)
        if origin in (Union, types.UnionType):
            members = [member for member in arguments if member is not type(None)]
            return self.value(members[(self.variant + _position(path)) % len(members)], path)
        if origin is Literal:
            return arguments[self.variant % len(arguments)]
        if origin is tuple:
            return self.items(annotation, path, 4)
        if origin is dict:
            key = self.value(arguments[0], (*path, "KEY"), as_key=True)
            key = key.replace("KEY", "key") if isinstance(key, str) else key
            self.move_key(path, key)
            return {key: self.value(arguments[1], (*path, key))}
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.part(annotation, path)
        return _SIMPLE[annotation](path)

    def items(self, annotation: Any, path: Path, count: int) -> tuple[Any, ...]:
        return tuple(self.value(get_args(annotation)[0], (*path, index)) for index in range(count))

    def reference(self, kinds: tuple[str, ...], path: Path, as_key: bool) -> str:
        text = f"name-{len(self.references)}"
        self.references[(path, as_key)] = (text, kinds)
        return text

    def move_key(self, path: Path, key: str) -> None:
        moved = self.references.pop(((*path, "KEY"), True), None)
        if moved is not None:
            self.references[((*path, key), True)] = moved


def _position(path: Path) -> int:
    return next((step for step in reversed(path) if isinstance(step, int)), 0)


def _text(path: Path) -> str:
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    return {
        "at": "Sa 20:30",
        "currency": "GBP",
        "rrule": "FREQ=WEEKLY",
        "timeZone": "Europe/London",
        "histogram": "http_seconds",
        "below": "{{below}}",
    }.get(key, "a")


_SIMPLE: dict[Any, Any] = {
    str: _text,
    bool: lambda path: True,
    int: lambda path: 1,
    Decimal: lambda path: Decimal("0.5"),
    Duration: lambda path: "30m",
    datetime.date: lambda path: "2026-10-01",
    Any: lambda path: {"x": (1, None)},
}

_FORMS = ("ratio", "errorRatio", "latency", "gauge")

_AT_ODDS: dict[str, Any] = {
    # Keys that must not stand side by side: one form after the other.
    "RatioQueries": lambda variant: ("good", "bad")[variant % 2 : variant % 2 + 1],
    "Sli": lambda variant: (
        [form for form in _FORMS if form != _FORMS[variant]] + ["use", "with"] if variant < 4 else _FORMS
    ),
    "ViewSpec": lambda variant: ("fail", "scenario")[variant % 2 : variant % 2 + 1],
    "IndicatorSpec": lambda variant: [form for form in _FORMS if form != _FORMS[variant % 4]],
}
