"""Catalogs made in a few lines, for tests of what failures do: dictionaries through the real model and resolution."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from servicescape.bind.located import Located, Places
from servicescape.catalog.build import build_catalog
from servicescape.catalog.catalog import Catalog
from servicescape.model.kinds import KINDS

Spec = Mapping[str, Any]


class _Nowhere:
    """Place of what was not read from a file. Nothing here is ever reported, so spans are not needed."""

    file = "nowhere.yaml"


NOWHERE = cast(Places, _Nowhere())


def entity(kind: str, name: str, spec: Spec, labels: Mapping[str, str] | None = None) -> Located[Any]:
    """A real entity that stands nowhere."""
    document = {
        "apiVersion": "servicescape/v1",
        "kind": kind,
        "metadata": {"name": name, "labels": dict(labels or {})},
        "spec": dict(spec),
    }
    return Located(KINDS[kind].model_validate(_as_read(document)), NOWHERE)


def _as_read(value: Any) -> Any:
    """Lists as the model wants them."""
    if isinstance(value, dict):
        return {key: _as_read(item) for key, item in value.items()}
    return tuple(_as_read(item) for item in value) if isinstance(value, list | tuple) else value


def service(name: str, *needs: Any, labels: Mapping[str, str] | None = None, **spec: Any) -> Located[Any]:
    """A service with what it depends on."""
    return entity("Service", name, {"owner": "crew", "dependsOn": needs, **spec}, labels)


def external(name: str, vendor: str = "Vendor") -> Located[Any]:
    """Somebody else's part."""
    return entity("External", name, {"vendor": vendor})


def channel(
    name: str, *runs_on: str, mode: str = "self-service", capacity: int | None = None, **spec: Any
) -> Located[Any]:
    """A channel; `capacity` is contacts an hour."""
    more: dict[str, Any] = {} if capacity is None else {"capacity": {"perHour": capacity}}
    return entity("Channel", name, {"mode": mode, "runsOn": runs_on, **more, **spec})


def leg(channel_name: str, *uses: str) -> dict[str, Any]:
    """A way of doing a step."""
    return {"channel": channel_name, "uses": uses}


def step(name: str, *legs: Mapping[str, Any], **spec: Any) -> dict[str, Any]:
    """A step of a journey."""
    return {"name": name, "legs": legs, **spec}


def journey(
    name: str, *steps: Mapping[str, Any], demand: float | None = 100, peak: float | None = None, **spec: Any
) -> Located[Any]:
    """A journey; demand in attempts an hour."""
    rates = {key: rate for key, rate in (("perHour", demand), ("peakPerHour", peak)) if rate is not None}
    return entity("Journey", name, {"owner": "crew", "steps": steps, "demand": rates, **spec})


def scenario(name: str, **spec: Any) -> Located[Any]:
    """A what-if."""
    return entity("Scenario", name, spec)


def catalog(*entities: Located[Any] | Iterable[Located[Any]]) -> Catalog:
    """The catalog of these entities, of a team `crew` and of a channel `web` that runs on nothing."""
    listed: list[Located[Any]] = []
    for item in entities:
        listed.extend([item] if isinstance(item, Located) else item)
    names = {located.ref for located in listed}
    defaults = (entity("Team", "crew", {}), channel("web"))
    listed.extend(located for located in defaults if located.ref not in names)
    built, problems = build_catalog(listed)
    assert not problems, problems
    return built
