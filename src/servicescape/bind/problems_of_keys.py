"""Findings about keys: missing, unknown, or at odds with each other."""

from collections.abc import Sequence
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import are_spelt_alike, key_fix, value_fix
from servicescape.bind.problem_words import container_words, listed, lower_first, value_at
from servicescape.diagnostics import Diagnostic, Label, nearest
from servicescape.model import shape
from servicescape.model.base import AUTHORS_OWN, Part
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.syntax.document import Document


def missing_key(document: Document, model: type[Entity], path: Path) -> Diagnostic:
    """The finding for a required key that is not there."""
    parent, key = path[:-1], str(path[-1])
    purpose = shape.purpose_at(model, path).rstrip(".")
    where = container_words(parent, model)
    present = value_at(document.value, parent)
    typo = None
    if isinstance(present, dict):
        allowed = set(shape.keys_at(model, parent))
        typo = nearest(key, [name for name in present if name not in allowed])
    return Diagnostic(
        code="SCH104",
        message=f"`{key}` is missing{where}",
        file=document.file,
        span=document.key_span(parent) if parent else document.key_span(("kind",)),
        label=f"needs `{key}`",
        help=f"is `{typo}` meant to be `{key}`?"
        if typo
        else f"add `{key}:` — {lower_first(purpose)}"
        if purpose
        else f"add `{key}:`",
    )


def unknown_key(document: Document, model: type[Entity], path: Path) -> Diagnostic:
    """The finding for a key that is not known there, and for those beside it that belong to the same other place."""
    key, parent = str(path[-1]), path[:-1]
    present = value_at(document.value, parent)
    close = nearest(key, shape.keys_at(model, parent))
    others: list[str] = []
    fix = None
    if close is not None:
        advice = f"did you mean `{close}`?"
        if isinstance(present, dict) and close in present:
            advice = f"`{close}` is there already; remove this one"
        elif isinstance(present, dict) and not any(nearest(each, [close]) for each in present if each != key):
            fix = key_fix(document, path, close, safe=are_spelt_alike(key, close))
    else:
        place = _place_of(model, path)
        if place is not None:
            others = _beside(document, model, path, place)[1:]
        advice = (
            _no_space_behind_colon(key, _keys_here(model, parent, present))
            or _half_of_a_number(key, present)
            or _form_of_its_own(path)
            or (_belongs(document, [key, *others], parent, place) if place is not None else None)
            or _missing_one(document, model, path)
            or _keys_in_words(_keys_here(model, parent, present))
        )
    return Diagnostic(
        code="SCH105",
        message=f"unknown {_keys([key, *others])}{container_words(parent, model)}",
        file=document.file,
        span=document.key_span(path),
        label="the language has no such key here",
        help=advice,
        related=tuple(
            Label(document.file, document.key_span((*parent, other)), "this one belongs there, too") for other in others
        ),
        fix=fix,
    )


def is_told_elsewhere(document: Document, model: type[Entity], path: Path, fault_type: str) -> bool:
    """Whether the finding about an unknown key beside it says all that is to be said of a fault.

    A key that is missing because its value stands under a wrong name, or because its parts stand one level above; and
    the second of several keys that belong to the same other place.
    """
    if not path:
        return False
    key, parent = path[-1], path[:-1]
    present = value_at(document.value, parent)
    if not isinstance(present, dict):
        return False
    unknown = [each for each in present if _is_unknown(model, (*parent, each))]
    if fault_type == "missing":
        if not parent and any(key in part for part in present.values() if isinstance(part, dict)):
            return True
        if nearest(str(key), unknown) is not None:
            return True
        return any(
            _place_of(model, (*parent, each)) == (key,) or _missing_meant(model, (*parent, each), present) == key
            for each in unknown
        )
    if fault_type == "extra_forbidden" and nearest(str(key), shape.keys_at(model, parent)) is None:
        place = _place_of(model, path)
        return place is not None and _beside(document, model, path, place)[0] != key
    return False


def kinds_of_these_keys(model: type[Entity], value: dict[str, Any]) -> list[str]:
    """The other kinds whose keys a `spec` has, where it has several that its own kind does not know."""
    spec = value.get("spec")
    if not isinstance(spec, dict):
        return []
    keys = [key for key in spec if not key.startswith(AUTHORS_OWN)]
    strange = [key for key in keys if _is_unknown(model, ("spec", key))]
    if len(strange) < _STRANGE_KEYS or 2 * len(strange) <= len(keys):
        return []
    return [
        name
        for name, kind in KINDS.items()
        if kind is not model and set(keys) <= set(shape.keys_at(kind, ("spec",))) and _required(kind, ("spec",), spec)
    ]


_STRANGE_KEYS = 3


def other_kind(document: Document, model: type[Entity], kinds: Sequence[str]) -> Diagnostic:
    """The finding for an entity that has the keys of other kinds."""
    strange = [key for key in document.value["spec"] if _is_unknown(model, ("spec", key))]
    return Diagnostic(
        code="SCH105",
        message=f"`kind` says {model.__name__}, and {_some(strange)} are keys of a {' or '.join(kinds)}",
        file=document.file,
        span=document.value_span(("kind",)),
        label=f"did you mean {listed(kinds, 'or')}?",
        help=f"write {listed([f'kind: {kind}' for kind in kinds], 'or')}, or remove what a {model.__name__} has not",
        fix=value_fix(document, ("kind",), kinds[0], safe=False) if len(kinds) == 1 else None,
    )


def _keys(keys: Sequence[str]) -> str:
    return f"key `{keys[0]}`" if len(keys) == 1 else f"keys {_some(keys)}"


def _some(keys: Sequence[str]) -> str:
    rest = len(keys) - _MOST_NAMED
    return listed(keys) if rest <= 0 else f"{', '.join(f'`{key}`' for key in keys[:_MOST_NAMED])} and {rest} more"


_MOST_NAMED = 4


def _is_unknown(model: type[Entity], path: Path) -> bool:
    key = str(path[-1])
    known = shape.keys_at(model, path[:-1])
    return bool(known) and key not in known and not key.startswith(AUTHORS_OWN)


def _required(kind: type[Entity], path: Path, present: dict[str, Any]) -> bool:
    """Whether some type of mapping that may stand there has all that it needs."""
    return any(not _lacking(part, present) for part in shape.parts_at(kind, path))


def _lacking(part: type[Part], present: dict[str, Any]) -> list[str]:
    return [key for key, field in shape.fields_of(part).items() if field.is_required() and key not in present]


def _fitting_part(model: type[Entity], path: Path, present: Any) -> type[Part] | None:
    """Of the types of mapping that may stand there the first of those that lack least."""
    parts = shape.parts_at(model, path)
    if not parts or not isinstance(present, dict):
        return parts[0] if parts else None
    return min(parts, key=lambda part: len(_lacking(part, present)))


def _keys_here(model: type[Entity], path: Path, present: Any) -> tuple[str, ...]:
    part = _fitting_part(model, path, present)
    return tuple(shape.fields_of(part)) if part is not None else ()


def _keys_in_words(keys: tuple[str, ...]) -> str:
    if not keys:
        return "remove the key"
    return f"the {'keys' if len(keys) > 1 else 'only key'} here {'are' if len(keys) > 1 else 'is'} {listed(keys)}"


def _no_space_behind_colon(key: str, allowed: tuple[str, ...]) -> str | None:
    before, colon, behind = key.partition(":")
    return f"write `{before}: {behind}` with a space behind the colon" if colon and before in allowed else None


def _half_of_a_number(key: str, present: Any) -> str | None:
    """A comma in braces ends a value: of `perHour: 1,420` the second half is a key."""
    if not key.isdigit() or not isinstance(present, dict) or present.get(key) is not None:
        return None
    keys = list(present)
    before = present[keys[keys.index(key) - 1]] if keys.index(key) else None
    if isinstance(before, bool) or not isinstance(before, int):
        return None
    return f"a comma ends the value before it: write `{before}{key}` without one"


def _form_of_its_own(path: Path) -> str | None:
    if path[-2:] == ("window", "rolling"):
        return "a rolling window is written as its length alone, such as `window: 30d`"
    return None


def _place_of(model: type[Entity], path: Path) -> Path | None:
    """The part of the document that has a key, for one that stands elsewhere and cannot mean anything there."""
    key, parent = str(path[-1]), path[:-1]
    if not _is_unknown(model, path) or nearest(key, shape.keys_at(model, parent)) is not None:
        return None
    return next(
        (place for place in ((), ("metadata",), ("spec",)) if place != parent and key in shape.keys_at(model, place)),
        None,
    )


def _beside(document: Document, model: type[Entity], path: Path, place: Path) -> list[str]:
    """This key and those beside it that belong to the same place, in their order."""
    present = value_at(document.value, path[:-1])
    return [key for key in present if _place_of(model, (*path[:-1], key)) == place]


def _belongs(document: Document, keys: list[str], parent: Path, place: Path) -> str:
    what = f"`{keys[0]}` belongs" if len(keys) == 1 else "they belong"
    if not place:
        if keys == ["spec"] and parent == ("spec",):
            return "remove this line, and indent what stands below it one level less"
        return f"{what} at the top level of the document"
    if len(keys) == 1 and keys[0] == "name" and place == ("metadata",) and not document.value.get("metadata"):
        return f"{what} under `metadata`: write `metadata: {{name: {value_at(document.value, (*parent, 'name'))}}}`"
    return f"{what} under `{place[0]}`"


def _missing_meant(model: type[Entity], path: Path, present: Any) -> str | None:
    """The key that an unknown one most likely stands for: the only one that is missing, if this is the only other."""
    parent = path[:-1]
    part = _fitting_part(model, parent, present)
    if part is None or not isinstance(present, dict):
        return None
    strange = [
        each
        for each in present
        if _is_unknown(model, (*parent, each))
        and nearest(each, shape.keys_at(model, parent)) is None
        and _place_of(model, (*parent, each)) is None
    ]
    lacking = _lacking(part, present)
    if strange != [path[-1]] or len(lacking) != 1 or _form_of_its_own(path):
        return lacking[0] if _form_of_its_own(path) and len(lacking) == 1 else None
    return lacking[0]


def _missing_one(document: Document, model: type[Entity], path: Path) -> str | None:
    key, parent = str(path[-1]), path[:-1]
    present = value_at(document.value, parent)
    meant = _missing_meant(model, path, present)
    if meant is None:
        return None
    keys = [each for each in _keys_here(model, parent, present) if each != meant]
    also = f" Further keys here are {listed(keys)}." if 1 < len(keys) <= _MOST_NAMED else ""
    return f"`{meant}` is missing here: is it meant by `{key}`?{also}"


_LACKS = {
    "journey": "add for example `journey: buy-broadband`",
    "fail": "add for example `fail: [identity]`, or the name of a `scenario`",
    "groupBy": "write domain, owner, platform, vendor or zone, or `kind: landscape`",
    "around": "add for example `include: [{dependenciesOf: payment-hub}, {dependentsOf: payment-hub}]`",
}
"""What to do where a view lacks something that its kind of picture needs."""
_OF_A_VIEW = ("kind_lacks", "depth_of_view")
"""Faults whose words name the picture, and need not name the place."""


def keys_at_odds(document: Document, path: Path, fault: Any) -> Diagnostic:
    """The finding for keys of which exactly one may stand, or that need each other."""
    kind = str(fault["type"])
    given: list[str] = fault.get("ctx", {}).get("given", [])
    place = document.key_span((*path, given[1])) if len(given) > 1 else document.key_span(path)
    advice = {
        "with_without_use": "name the Indicator with `use`, or remove `with`",
        "empty_selector": "write for example `{domain: sales}`",
        "depth_alone": "add `dependenciesOf` or `dependentsOf`, or remove `depth`",
        "depth_of_view": "add `journey`, or write `depth` in a selector beside `dependenciesOf` or `dependentsOf`",
        "rank_twice": "leave it in one of them",
        "kind_lacks": _LACKS.get(str(fault.get("ctx", {}).get("what")), ""),
    }.get(kind, "add one of them")
    if kind == "kind_lacks":
        place = document.value_span((*path, "kind"))
    elif kind == "depth_of_view":
        place = document.key_span((*path, "depth"))
    elif kind == "rank_twice":
        place = document.value_span((*path, "rank", fault["ctx"]["line"], fault["ctx"]["place"]))
    message = str(fault["msg"])
    if len(given) > 1:
        advice = f"`{given[0]}` and `{given[1]}` stand side by side: keep one"
    return Diagnostic(
        code="SCH110",
        message=message if kind in _OF_A_VIEW else f"{message}{container_words(path, None)}",
        file=document.file,
        span=place,
        label="one too many" if len(given) > 1 else "",
        help=advice,
    )
