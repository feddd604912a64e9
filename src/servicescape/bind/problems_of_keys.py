"""Findings about keys: missing, unknown, or at odds with each other."""

from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import are_spelt_alike, key_fix
from servicescape.bind.problem_words import container_words, listed, lower_first, value_at
from servicescape.diagnostics import Diagnostic, nearest
from servicescape.model import shape
from servicescape.model.entity import Entity
from servicescape.syntax.document import Document


def missing_key(document: Document, model: type[Entity], path: Path) -> Diagnostic:
    """The finding for a required key that is not there."""
    parent, key = path[:-1], str(path[-1])
    field = shape.field_at(model, path)
    purpose = (field.description or "").rstrip(".") if field is not None else ""
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
    """The finding for a key that the language does not have there."""
    key = str(path[-1])
    allowed = shape.keys_at(model, path[:-1])
    close = nearest(key, allowed)
    fix = None
    if close is not None:
        present = value_at(document.value, path[:-1])
        advice = f"did you mean `{close}`?"
        if isinstance(present, dict) and close in present:
            advice = f"`{close}` is there already; remove this one"
        elif isinstance(present, dict) and not any(nearest(each, [close]) for each in present if each != key):
            fix = key_fix(document, path, close, safe=are_spelt_alike(key, close))
    else:
        advice = (
            _no_space_behind_colon(key, allowed)
            or _belongs_elsewhere(model, path)
            or (f"the keys here are {listed(allowed)}" if allowed else "remove the key")
        )
    return Diagnostic(
        code="SCH105",
        message=f"unknown key `{key}`{container_words(path[:-1], model)}",
        file=document.file,
        span=document.key_span(path),
        label="the language has no such key here",
        help=advice,
        fix=fix,
    )


def _no_space_behind_colon(key: str, allowed: tuple[str, ...]) -> str | None:
    before, colon, behind = key.partition(":")
    return f"write `{before}: {behind}` with a space behind the colon" if colon and before in allowed else None


def _belongs_elsewhere(model: type[Entity], path: Path) -> str | None:
    key, parent = str(path[-1]), path[:-1]
    for place in ((), ("metadata",), ("spec",)):
        if place != parent and key in shape.keys_at(model, place):
            return f"`{key}` belongs {'under `' + place[0] + '`' if place else 'at the top level of the document'}"
    return None


def keys_at_odds(document: Document, path: Path, fault: Any) -> Diagnostic:
    """The finding for keys of which exactly one may stand, or that need each other."""
    kind = str(fault["type"])
    given: list[str] = fault.get("ctx", {}).get("given", [])
    place = document.key_span((*path, given[1])) if len(given) > 1 else document.key_span(path)
    advice = {
        "with_without_use": "name the Indicator with `use`, or remove `with`",
        "empty_selector": "write for example `{domain: sales}`",
        "depth_alone": "add `dependenciesOf` or `dependentsOf`, or remove `depth`",
    }.get(kind, "add one of them")
    message = str(fault["msg"])
    if len(given) > 1:
        advice = f"`{given[0]}` and `{given[1]}` stand side by side: keep one"
    return Diagnostic(
        code="SCH110",
        message=f"{message}{container_words(path, None)}",
        file=document.file,
        span=place,
        label="one too many" if len(given) > 1 else "",
        help=advice,
    )
