"""What a component needs, with every reference resolved."""

from collections.abc import Mapping, Sequence

from servicescape.bind.located import Path
from servicescape.catalog.graph import Edge, EdgeRole, Effect
from servicescape.model.components import AnyDependency, Dependency, EdgeOptions, RedundantDependency
from servicescape.model.units import Duration


def edges_of(
    own: str, platform: str | None, depends_on: Sequence[AnyDependency], found: Mapping[str, str | None]
) -> tuple[Edge, ...]:
    """Its platform first, then its dependencies in the author's order.

    `found` gives the component that a name means to it. What means none, or itself, was reported and is left out.
    """
    edges: list[Edge] = []
    if platform is not None and platform != own:
        edges.append(_plain_edge(own, platform, "platform", _PLATFORM_PATH))
    targets: tuple[str, ...]
    options: EdgeOptions
    path: Path
    for number, dependency in enumerate(depends_on):
        if isinstance(dependency, str):
            target = found[dependency]
            if target is not None and target != own:
                edges.append(_plain_edge(own, target, "dependency", ("spec", "dependsOn", number)))
            continue
        if type(dependency) is Dependency:
            options = dependency
            target = found[dependency.on]
            if target is None or target == own:
                continue
            targets, need, path = (target,), 1, ("spec", "dependsOn", number, "on")
        else:
            assert type(dependency) is RedundantDependency
            options = dependency
            members = dict.fromkeys([ref for name in dependency.any_of if (ref := found[name]) is not None])
            members.pop(own, None)
            if not members:
                continue
            targets, need = tuple(members), min(dependency.need, len(members))
            path = ("spec", "dependsOn", number, "anyOf")
        fallback = found[options.fallback] if options.fallback is not None else None
        edges.append(_edge(own, targets, need, options, fallback if fallback != own else None, path))
    return tuple(edges)


_PLATFORM_PATH: Path = ("spec", "platform")
_OK, _DEGRADED, _DOWN = Effect.OK, Effect.DEGRADED, Effect.DOWN
_EFFECTS = {"ok": _OK, "degraded": _DEGRADED, "down": _DOWN}


def _plain_edge(source: str, target: str, role: EdgeRole, path: Path) -> Edge:
    """What `_edge` makes where nothing but a name is written: nine of ten edges, and each field costs time."""
    return Edge(source, (target,), 1, _DOWN, _DEGRADED, None, 0.0, role, False, None, None, None, None, path)


def _edge(
    source: str,
    targets: tuple[str, ...],
    need: int,
    options: EdgeOptions,
    fallback: str | None,
    path: Path,
) -> Edge:
    """An edge with what its kind, fallback and overrides come to."""
    # Of a model's attributes each takes as long to ask for as to look up four of its values.
    written = options.__dict__
    soft = written["kind"] == "soft"
    overridden = written["when_down"]
    if overridden is not None:
        when_down = _EFFECTS[overridden]
    elif soft or fallback is not None:
        when_down = _DEGRADED
    else:
        when_down = _DOWN
    # Unless the author says so, a dependency that is only degraded does no more harm than one that is down.
    when_degraded = _OK if soft or when_down is _OK else _DEGRADED
    overridden = written["when_degraded"]
    if overridden is not None:
        when_degraded = _EFFECTS[overridden]
    tolerates: Duration | None = written["tolerates"]
    common_cause = written.get("common_cause")
    switch_failure = written["switch_failure"]
    return Edge(
        source,
        targets,
        need,
        when_down,
        when_degraded,
        fallback,
        tolerates.seconds if tolerates is not None else 0.0,
        "dependency",
        soft,
        written["degrades"],
        written["because"],
        float(common_cause) if common_cause is not None else None,
        float(switch_failure) if switch_failure is not None else None,
        path,
    )
