"""What is to fail, as it is named on the command line."""

from collections.abc import Callable, Iterable, Sequence

from servicescape.analysis.failure_groups import (
    members_of_domain,
    members_of_team,
    members_of_vendor,
    members_with_labels,
)
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import nearest
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS

_COMPONENT = "service, platform or external"
_MOST_NAMED = 8


def resolve_targets(catalog: Catalog, texts: Sequence[str]) -> tuple[str, ...]:
    """Components that names on the command line stand for.

    A name is a component's, or `team:NAME`, `domain:NAME`, `vendor:NAME` or `label:KEY=VALUE` for all that belong to
    it. Raises ToolError for what names nothing.
    """
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(_members(catalog, text)))
    return tuple(found)


def _members(catalog: Catalog, text: str) -> tuple[str, ...]:
    group, separator, rest = text.partition(":")
    reader = _GROUPS.get(group.lower()) if separator else None
    if reader is not None:
        if not rest.strip():
            raise ToolError(f"`{text}` names nothing", f"write for example {_example(catalog, group.lower())}")
        return reader(catalog, rest)
    ref = catalog.find(text, COMPONENT_KINDS)
    if ref is None:
        raise _no_component(catalog, text)
    return (ref,)


def _team(catalog: Catalog, name: str) -> tuple[str, ...]:
    ref = catalog.find(name, ("Team",))
    if ref is None:
        raise unknown(catalog, name, ("Team",), "team", "team:")
    return _some(members_of_team(catalog, ref), f"team `{name}` owns no service, platform or external", catalog, "team")


def _domain(catalog: Catalog, name: str) -> tuple[str, ...]:
    ref = catalog.find(name, ("Domain",))
    if ref is None:
        raise unknown(catalog, name, ("Domain",), "domain", "domain:")
    return _some(
        members_of_domain(catalog, ref), f"domain `{name}` has no service, platform or external", catalog, "domain"
    )


def _vendor(catalog: Catalog, name: str) -> tuple[str, ...]:
    members = members_of_vendor(catalog, name)
    if members:
        return members
    vendors = sorted({part.vendor for part in catalog.components.values() if part.vendor})
    raise ToolError(f"no external has the vendor `{name}`", _meant(name, vendors, "vendor:", "vendors"))


def _label(catalog: Catalog, text: str) -> tuple[str, ...]:
    key, equals, value = text.partition("=")
    values = sorted(
        {labels[key] for part in catalog.components.values() if key in (labels := part.entity.entity.metadata.labels)}
    )
    if not values:
        keys = sorted({key for part in catalog.components.values() for key in part.entity.entity.metadata.labels})
        raise ToolError(f"no component has the label `{key}`", _meant(key, keys, "label:", "labels", "=…"))
    if not equals:
        raise ToolError(f"`label:{text}` lacks a value", f"write for example `label:{key}={values[0]}`")
    members = members_with_labels(catalog, {key: value})
    if not members:
        hint = _meant(value, values, f"label:{key}=", f"values of `{key}`")
        raise ToolError(f"no component has the label `{key}` with the value `{value}`", hint)
    return members


_GROUPS: dict[str, Callable[[Catalog, str], tuple[str, ...]]] = {
    "team": _team,
    "domain": _domain,
    "vendor": _vendor,
    "label": _label,
}


def _some(members: tuple[str, ...], problem: str, catalog: Catalog, group: str) -> tuple[str, ...]:
    if not members:
        raise ToolError(problem, f"nothing of it can fail; write for example {_example(catalog, group)}")
    return members


def _example(catalog: Catalog, group: str) -> str:
    """A name that works."""
    parts = sorted(catalog.components.values(), key=lambda part: part.ref)
    if group == "vendor":
        names: Iterable[str] = (f"vendor:{part.vendor}" for part in parts if part.vendor)
    elif group == "label":
        labels = (part.entity.entity.metadata.labels.items() for part in parts)
        names = (f"label:{key}={value}" for items in labels for key, value in sorted(items))
    elif group == "team":
        names = (f"team:{part.owner.split(':', 1)[1]}" for part in parts if part.owner)
    else:
        names = (f"domain:{part.domain.split(':', 1)[1]}" for part in parts if part.domain)
    return f"`{next(iter(names), f'{group}:NAME')}`"


def _meant(name: str, known: Sequence[str], prefix: str, what: str, ending: str = "") -> str:
    """The one that was meant, else those that there are."""
    folded = name.casefold()
    begun = [one for one in known if folded and one.casefold().startswith(folded)]
    close = nearest(name, known) or (begun[0] if len(begun) == 1 else None)
    if close is not None:
        return f"did you mean `{prefix}{close}{ending}`?"
    if not known:
        return f"the catalog has no {what}"
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return f"the {what} are {', '.join(known[:_MOST_NAMED])}{more}"


def _no_component(catalog: Catalog, text: str) -> ToolError:
    prefix, separator, rest = text.partition(":")
    if separator and catalog.names.of_other_kind(text, "default") is None:
        keys = {key for part in catalog.components.values() for key in part.entity.entity.metadata.labels}
        if prefix in keys:
            return ToolError(f"`{prefix}:` is not a way to name what fails", f"write `label:{prefix}={rest}`")
        if prefix.capitalize() not in COMPONENT_KINDS:
            close = nearest(prefix, (*_GROUPS, *(kind.lower() for kind in COMPONENT_KINDS)))
            known = ", ".join(f"{name}:" for name in _GROUPS)
            hint = f"did you mean `{close}:{rest}`?" if close else f"name a component, or use {known}"
            return ToolError(f"`{prefix}:` is not a way to name what fails", hint)
    if not text.strip():
        return ToolError("an empty name stands for nothing", f"name a {_COMPONENT}")
    return unknown(catalog, text, COMPONENT_KINDS, _COMPONENT)


def unknown(catalog: Catalog, text: str, kinds: tuple[str, ...], what: str, prefix: str = "") -> ToolError:
    """There is nothing of these kinds by this name; with the name that was most likely meant."""
    other = catalog.names.of_other_kind(text, "default")
    close = catalog.names.suggest(text, kinds, "default")
    kind = other.split(":", 1)[0] if other is not None else ""
    if close is not None:
        hint = f"did you mean `{prefix}{close.split(':', 1)[1]}`?"
    elif kind in _GROUPS and what == _COMPONENT:
        hint = f"that is a {kind}; `{kind}:{text.removeprefix(f'{kind}:')}` stands for all that belongs to it"
    elif kind == "scenario" and what == _COMPONENT:
        hint = f"that is a scenario; write --scenario {text.removeprefix('scenario:')}"
    elif other is not None:
        hint = f"that is a {kind}, and a {kind} cannot fail by itself" if what == _COMPONENT else f"that is a {kind}"
    elif what == _COMPONENT:
        hint = "`servicescape graph --format json` lists all components"
    else:
        known = sorted(ref.split(":", 1)[1] for ref in catalog.entities if ref.startswith(f"{kinds[0].lower()}:"))
        shown = ", ".join(known[:_MOST_NAMED]) + (", …" if len(known) > _MOST_NAMED else "")
        hint = f"the catalog has {shown}" if known else f"the catalog has no {what}"
    return ToolError(f"there is no {what} `{text}`", hint)
