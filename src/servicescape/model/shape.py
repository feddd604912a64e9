"""What the language allows at a place of a document: keys, and what a key is for. Read off the types."""

import types
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from servicescape.model.base import Part
from servicescape.model.docstrings import words_of
from servicescape.model.entity import Entity

Path = tuple[str | int, ...]


def keys_at(kind: type[Entity], path: Path) -> tuple[str, ...]:
    """Keys that a mapping at this path may have, in the order of the language; empty where any key may stand."""
    keys: dict[str, None] = {}
    for part in parts_at(kind, path):
        keys.update(dict.fromkeys(fields_of(part)))
    return tuple(keys)


def parts_at(kind: type[Entity], path: Path) -> list[type[Part]]:
    """Types of mapping that may stand at this path."""
    return [part for annotation in _annotations_at(kind, path) for part in _parts_in(annotation)]


def words_at(kind: type[Entity], path: Path) -> tuple[str, ...]:
    """Words from which the value at this path must be chosen; empty where it is not a choice."""
    words: dict[str, None] = {}
    for annotation in _annotations_at(kind, path):
        words.update(dict.fromkeys(str(word) for word in _literals_in(annotation)))
    return tuple(words)


def purpose_at(kind: type[Entity], path: Path) -> str:
    """What the last key of a path is for; empty where the language knows no such key there."""
    if path and isinstance(path[-1], str):
        for part in parts_at(kind, path[:-1]):
            for name, field in part.model_fields.items():
                if path[-1] == (field.alias or name):
                    return words_of(part).get(name, "")
    return ""


@cache
def fields_of(part: type[Part]) -> dict[str, FieldInfo]:
    """Fields by the key that stands for them in YAML."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def _annotations_at(kind: type[Entity], path: Path) -> list[Any]:
    current: list[Any] = [kind]
    for step in path:
        following: list[Any] = []
        for annotation in current:
            following.extend(_step(annotation, step))
        current = following
    return current


def _step(annotation: Any, step: str | int) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _step(get_args(annotation)[0], step)
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _step(member, step)
    elif origin is tuple and isinstance(step, int):
        yield get_args(annotation)[0]
    elif origin is dict and isinstance(step, str):
        yield get_args(annotation)[1]
    elif isinstance(annotation, type) and issubclass(annotation, Part) and isinstance(step, str):
        field = fields_of(annotation).get(step)
        if field is not None:
            yield field.annotation


def _parts_in(annotation: Any) -> Iterator[type[Part]]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts_in(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _parts_in(member)
    elif isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation


def _literals_in(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Literal:
        yield from get_args(annotation)
    elif origin is Annotated:
        yield from _literals_in(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _literals_in(member)
