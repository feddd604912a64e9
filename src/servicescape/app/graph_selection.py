"""What `graph` is told to show: selectors, names, and why nothing is left."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from servicescape.analysis.selection import matching
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS, DEFAULT_NAMESPACE, name_of
from servicescape.model.view import Selector, View


def title_of(
    catalog: Catalog, needed: str | None, needing: str | None, include: Iterable[str], exclude: Iterable[str]
) -> str:
    """Heading of a picture of what the command line picks."""
    if needed is not None and needed == needing:
        return f"What {catalog.title(needed)} needs, and what needs it"
    parts = [f"what {catalog.title(needed)} needs"] if needed is not None else []
    parts += [f"what needs {catalog.title(needing)}"] if needing is not None else []
    parts += [text.replace("=", ": ") for text in include]
    title = ", ".join(parts) or "All components"
    without = f", without {', '.join(exclude).replace('=', ' ')}" if exclude else ""
    return title[0].upper() + title[1:] + without


_PLAIN_KEYS: dict[str, tuple[tuple[str, ...], str]] = {
    "domain": (("Domain",), "domain"),
    "owner": (("Team",), "team"),
    "journey": (("Journey",), "journey"),
    "name": (COMPONENT_KINDS, "service, platform or external"),
}


def read_selectors(catalog: Catalog, texts: Iterable[str]) -> list[Selector]:
    """Selectors as the command line has them. Raises ToolError with what is allowed."""
    return [_selector(catalog, text) for text in texts]


def _selector(catalog: Catalog, text: str) -> Selector:
    """Reads `key=value`, with commas between keys that must hold together. Raises ToolError with what is allowed."""
    keys: dict[str, Any] = {}
    for part in text.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise ToolError(f"`{part}` is not a selector", "write for example domain=commerce or tier=1")
        reader = _READERS.get(key)
        if key.startswith("label."):
            keys.setdefault("label", {})[key.removeprefix("label.")] = value
        elif key in _PLAIN_KEYS:
            kinds, what = _PLAIN_KEYS[key]
            keys[key] = resolve(catalog, value, kinds, what)
        elif key == "between":
            keys[key] = _between(catalog, value)
        elif reader is not None:
            keys[key] = reader(value)
        else:
            known = ", ".join([*_PLAIN_KEYS, *_READERS, "label.KEY", "between"])
            raise ToolError(f"there is no selector `{key}`", f"the selectors are {known}")
    return Selector.model_validate(keys)


def _kind(value: str) -> str:
    kind = value.capitalize()
    if kind not in COMPONENT_KINDS:
        raise ToolError(f"`{value}` is not a kind of component", f"the kinds are {', '.join(COMPONENT_KINDS)}")
    return kind


def _tier(value: str) -> int:
    if value not in ("1", "2", "3", "4"):
        raise ToolError(f"`{value}` is not a tier", "tiers are 1 (most critical) to 4")
    return int(value)


def _between(catalog: Catalog, value: str) -> tuple[str, ...]:
    ends = [end.strip() for end in value.split("..")]
    if len(ends) != 2 or not all(ends):
        raise ToolError(
            f"`between={value}` does not name two components", "write for example between=web-shop..database"
        )
    return tuple(resolve(catalog, end, COMPONENT_KINDS, "service, platform or external") for end in ends)


def largest_readable_domain(catalog: Catalog, most: int) -> str | None:
    """Name of the business area with the most components of those with at most so many; None where there is none."""
    counts = Counter(component.domain for component in catalog.components.values() if component.domain is not None)
    fitting = [ref for ref, count in counts.items() if count <= most]
    return name_of(min(fitting, key=lambda ref: (-counts[ref], ref))) if fitting else None


_READERS: dict[str, Callable[[str], Any]] = {"kind": _kind, "tier": _tier}


def resolve(catalog: Catalog, text: str, kinds: tuple[str, ...], what: str) -> str:
    """The reference that a name stands for. Raises ToolError with what was likely meant."""
    ref = catalog.find(text, kinds)
    if ref is not None:
        return ref
    close = catalog.names.suggest(text, kinds, DEFAULT_NAMESPACE)
    if close is not None:
        hint = f"did you mean `{close.split(':', 1)[1]}`?"
    else:
        known = sorted(one.split(":", 1)[1] for one in catalog.entities if one.split(":", 1)[0].capitalize() in kinds)
        more = " …" if len(known) > 12 else ""
        hint = f"there is: {', '.join(known[:12])}{more}" if known else "there is none at all"
    raise ToolError(f"there is no {what} `{text}`", hint)


def why_view_is_empty(catalog: Catalog, view: View) -> str:
    """Which of a view's selectors picks nothing."""
    namespace = view.metadata.namespace
    for number, selector in enumerate(view.spec.include, 1):
        if not matching(catalog, selector, namespace):
            said = ", ".join(f"{key}: {value}" for key, value in selector.model_dump(by_alias=True).items() if value)
            return f"no component fits the selector {{{said}}}, number {number} under `include`"
    return "what `include` picks, `exclude` takes away again" if view.spec.exclude else "the catalog has no components"


def why_none(catalog: Catalog, include: Iterable[str], exclude: Iterable[str]) -> str:
    """Why the command line picks nothing."""
    for text in include:
        if not matching(catalog, _selector(catalog, text)):
            return f"no component fits --include {text}"
    if exclude:
        return "--exclude takes everything away again"
    return "the catalog has no components"
