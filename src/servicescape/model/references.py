"""Every reference that an entity makes, found from the types alone.

A field is a reference because its type says so (`TeamRef` and the like). Resolution, renaming and live schemas all
walk entities by this one function, so that a new field needs no second place.
"""

import types
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from servicescape.model.base import Part
from servicescape.model.entity import Entity
from servicescape.model.names import RefTo

Path = tuple[str | int, ...]
_Visit = Callable[[Any, Path, list["ReferenceUse"]], None]


class ReferenceUse(NamedTuple):
    """One reference as written."""

    path: Path
    """Route to it from the document's root, in keys as written."""
    text: str
    kinds: tuple[str, ...]
    """Kinds that it may name."""
    is_key: bool = False
    """Whether it is the last key of the path instead of the value there."""


def references_of(entity: Entity) -> list[ReferenceUse]:
    """All references of an entity, in the order of its fields."""
    found: list[ReferenceUse] = []
    _visit_part(entity, (), found)
    return found


@cache
def reference_keys() -> frozenset[str]:
    """Keys, as written, under which the language expects a reference (or a list of them)."""
    from servicescape.model.kinds import KINDS

    keys: set[str] = set()
    seen: set[type[Part]] = set()

    def collect(part: type[Part]) -> None:
        if part in seen:
            return
        seen.add(part)
        for field in part.model_fields.values():
            annotation = _full_annotation(field)
            if _holds_reference(annotation):
                keys.add(field.alias or "")
            for inner in _parts_in(annotation):
                collect(inner)

    for kind in KINDS.values():
        collect(kind)
    return frozenset(keys)


def _visit_part(part: Part, path: Path, out: list[ReferenceUse]) -> None:
    for attribute, alias, visit in _plan(type(part)):
        value = getattr(part, attribute)
        if value is not None and value != ():
            visit(value, (*path, alias), out)


@cache
def _plan(part: type[Part]) -> tuple[tuple[str, str, _Visit], ...]:
    plan = []
    for attribute, field in part.model_fields.items():
        visit = _visitor(_full_annotation(field))
        if visit is not None:
            plan.append((attribute, field.alias or attribute, visit))
    return tuple(plan)


def _full_annotation(field: Any) -> Any:
    """The annotation with the metadata that pydantic took off its top."""
    if field.metadata:
        return Annotated[(field.annotation, *field.metadata)]
    return field.annotation


def _visitor(annotation: Any) -> _Visit | None:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        for item in metadata:
            if isinstance(item, RefTo):
                return _reference_visitor(item.kinds)
        return _visitor(inner)
    if origin in (Union, types.UnionType):
        return _union_visitor([_visitor(member) for member in get_args(annotation)])
    if origin is tuple:
        visit = _visitor(get_args(annotation)[0])
        return _items_visitor(visit) if visit else None
    if origin is dict:
        key, value = (_visitor(argument) for argument in get_args(annotation))
        return _mapping_visitor(key, value) if key or value else None
    if isinstance(annotation, type) and issubclass(annotation, Part) and _plan_may_find(annotation):
        return _visit_if_part
    return None


def _plan_may_find(part: type[Part]) -> bool:
    return part is Entity or bool(_plan(part))


def _is_part(value: Any) -> bool:
    """Whether a value is a part: remembered by type, since `isinstance` takes long with pydantic's classes."""
    kind = type(value)
    known = _PART_TYPES.get(kind)
    if known is None:
        known = _PART_TYPES[kind] = issubclass(kind, Part)
    return known


_PART_TYPES: dict[type[Any], bool] = {}


def _visit_if_part(value: Any, path: Path, out: list[ReferenceUse]) -> None:
    if _is_part(value):
        _visit_part(value, path, out)


def _reference_visitor(kinds: tuple[str, ...]) -> _Visit:
    def visit(value: Any, path: Path, out: list[ReferenceUse]) -> None:
        if isinstance(value, str):
            out.append(ReferenceUse(path, value, kinds))

    return visit


def _union_visitor(members: list[_Visit | None]) -> _Visit | None:
    visits = [member for member in members if member is not None]
    if not visits:
        return None
    if len(visits) == 1:
        return visits[0]

    def visit(value: Any, path: Path, out: list[ReferenceUse]) -> None:
        # At most one member can take a value: references take text, parts take parts.
        if _is_part(value):
            _visit_part(value, path, out)
            return
        for member in visits:
            if member is not _visit_if_part:
                member(value, path, out)

    return visit


def _items_visitor(visit_item: _Visit) -> _Visit:
    def visit(value: Any, path: Path, out: list[ReferenceUse]) -> None:
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                visit_item(item, (*path, index), out)

    return visit


def _mapping_visitor(visit_key: _Visit | None, visit_value: _Visit | None) -> _Visit:
    def visit(value: Any, path: Path, out: list[ReferenceUse]) -> None:
        if not isinstance(value, dict):
            return
        for key, item in value.items():
            if visit_key is not None:
                before = len(out)
                visit_key(key, (*path, key), out)
                out[before:] = [ReferenceUse(use.path, use.text, use.kinds, is_key=True) for use in out[before:]]
            if visit_value is not None:
                visit_value(item, (*path, key), out)

    return visit


def _holds_reference(annotation: Any) -> bool:
    """Whether a value of this type, or an item of it, can itself be a reference."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        return any(isinstance(item, RefTo) for item in metadata) or _holds_reference(inner)
    if origin in (Union, types.UnionType, tuple):
        return any(_holds_reference(member) for member in get_args(annotation))
    return False


def _parts_in(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        if isinstance(argument, type) or get_origin(argument) is not None:
            yield from _parts_in(argument)
