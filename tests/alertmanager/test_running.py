"""A real Alertmanager with our configuration: who is told, and who is left in peace."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicescape.catalog.catalog import Catalog
from tests.alertmanager.harness import (
    Notification,
    alertmanager,
    compiled,
    labels_of,
    listening,
    part,
    read,
    team,
    wait_until,
    written,
)

QUICK: dict[str, Any] = {"group_wait": "1s", "group_interval": "1s"}
SHOPS = [f"shop-{number:02}" for number in range(1, 12)]


def outage() -> Catalog:
    """A platform, eleven services of another team that need it, most of them not directly."""
    return read(
        team("platform", "receivers: {page: platform-pager}"),
        team("shops", "receivers: {page: shops-pager}"),
        part("cluster", owner="platform", kind="Platform"),
        part("gateway", owner="platform", needs=["cluster"], slos=()),  # Nothing is promised of it.
        *(part(name, owner="shops", needs=["gateway"]) for name in SHOPS),
    )


def test_an_outage_upstream_notifies_once_and_those_downstream_when_theirs_remain(tmp_path: Path) -> None:
    catalog = outage()
    labels = labels_of(catalog)
    assert len(labels) == 12
    with listening() as receivers:
        base = receivers.base("platform-pager", "shops-pager")
        file = written(tmp_path, compiled(catalog, base, **QUICK))
        with alertmanager(file, tmp_path) as running:
            running.send(list(labels.values()))
            assert wait_until(lambda: bool(receivers.taken))
            time.sleep(3)  # Three times as long as any group waits.
            assert receivers.taken == [Notification("platform-pager", "firing", ("cluster",))]
            assert running.silenced() == {f"{name}-0/1h" for name in SHOPS}

            running.send([labels["cluster-0"]], resolved=True)
            expected = {Notification("shops-pager", "firing", (name,)) for name in SHOPS}
            assert wait_until(lambda: expected <= set(receivers.taken))
            assert Notification("platform-pager", "resolved", ()) in receivers.taken
            assert len(receivers.taken) == 13
            assert not running.silenced()


@dataclass(frozen=True)
class Scene:
    """A few components that have nothing to do with those of other scenes, and alerts about them."""

    entities: tuple[str, ...]
    firing: tuple[tuple[str, str | None, str], ...]
    """SLO, window (None: series are gone) and cluster of each alert; without a cluster where that is empty."""
    silenced: frozenset[str] = frozenset()
    """SLO and window, as `slo/window` or `slo/window@cluster`."""


def scene(*entities: str, firing: str, silenced: str = "") -> Scene:
    found = []
    for text in firing.split():
        slo, _, rest = text.partition("/")
        window, _, cluster = rest.partition("@")
        found.append((slo, None if window == "absent" else window, cluster))
    return Scene(entities, tuple(found), frozenset(silenced.split()))


def pair(
    name: str,
    *,
    by_up: str = "",
    by_down: str = "",
    up: tuple[str, ...] = ("",),
    down: tuple[str, ...] = ("",),
    owner: str = "crew",
) -> tuple[str, str]:
    """A service `NAME-down` that cannot work without `NAME-up`."""
    return (
        part(f"{name}-up", owner=owner, by=by_up, slos=up),
        part(f"{name}-down", owner="crew", needs=[f"{name}-up"], by=by_down, slos=down),
    )


LATENCY = "measures: latency"
ABSENT = "alerting: {absent: 10m}"

SCENES = {
    "a page silences every alert downstream": scene(
        *pair("a", down=("", ABSENT)),
        firing="a-up-0/1h a-down-0/1h a-down-1/1d a-down-1/absent",
        silenced="a-down-0/1h a-down-1/1d a-down-1/absent",
    ),
    "a ticket silences nothing downstream": scene(*pair("b"), firing="b-up-0/1d b-down-0/1h"),
    "a slower page silences no faster one": scene(
        *pair("c", down=("", "")), firing="c-up-0/6h c-down-0/1h c-down-1/6h", silenced="c-down-1/6h"
    ),
    "within one SLO the gravest is heard": scene(
        part("d", owner="crew", slos=("", "")),
        firing="d-0/1h d-0/6h d-0/1d d-0/3d d-1/1d d-1/3d",
        silenced="d-0/6h d-0/1d d-0/3d d-1/3d",
    ),
    "a cluster silences only its own": scene(
        *pair("e", by_up="cluster", by_down="cluster"),
        firing="e-up-0/1h@x e-up-0/6h@y e-down-0/1h@x e-down-0/1h@y",
        silenced="e-down-0/1h@x",
    ),
    "labels of Prometheus itself tell clusters apart": scene(
        *pair("f"), firing="f-up-0/1h@x f-up-0/6h@y f-down-0/1h@x f-down-0/1h@y", silenced="f-down-0/1h@x"
    ),
    "a part upstream does not explain the whole downstream": scene(
        *pair("g", by_up="cluster"), firing="g-up-0/1h@x g-down-0/1h"
    ),
    "a slow upstream explains slowness alone": scene(
        *pair("h", up=(LATENCY,), down=("", LATENCY)),
        firing="h-up-0/1h h-down-0/1h h-down-1/1h",
        silenced="h-down-1/1h",
    ),
    "members of a circle are all heard": scene(
        part("i-a", owner="crew", needs=["i-b"]), part("i-b", owner="crew", needs=["i-a"]), firing="i-a-0/1h i-b-0/1h"
    ),
    "a page that reaches nobody silences nothing": scene(
        *pair("j", owner="nobodys"), firing="j-up-0/1h j-down-0/1h j-up-0/1d", silenced="j-up-0/1d"
    ),
    "vanished series prove nothing": scene(*pair("k", up=(ABSENT,)), firing="k-up-0/absent k-down-0/1h"),
    "what is tolerated for long explains nothing": scene(
        part("l-up", owner="crew"),
        part("l-down", owner="crew", needs=["{on: l-up, tolerates: 6m}"]),
        firing="l-up-0/1h l-down-0/1h",
    ),
    "labels that nobody knows": scene(
        part("m", owner="crew", slos=("",)).replace("sum (", "(").replace("sum(", "("),
        firing="m-0/1h m-0/1d",
    ),
    "soft dependencies explain nothing": scene(
        part("n-up", owner="crew"),
        part("n-down", owner="crew", needs=["{on: n-up, kind: soft}"]),
        firing="n-up-0/1h n-down-0/1h",
    ),
}
FOREIGN = [
    {"alertname": "DiskFull", "component": "o-up", "severity": "page", "window": "1h"},
    {"alertname": "ErrorBudgetBurn", "slo": "d-0", "severity": "ticket"},
]
"""Alerts of other tools, one about a component of ours and one about an SLO of the same name."""


@pytest.fixture(scope="module")
def silenced(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is silenced while the alerts of all scenes fire."""
    folder = tmp_path_factory.mktemp("alertmanager")
    catalog = read(
        team("crew", "receivers: {page: pager, ticket: tickets}"),
        team("nobodys"),
        *(entity for each in SCENES.values() for entity in each.entities),
        *pair("o"),
    )
    known = {window: labels_of(catalog, window=window) for window in ("1h", "6h", "1d", "3d", None)}
    alerts = [
        known[window][slo] | ({"cluster": cluster} if cluster else {})
        for each in SCENES.values()
        for slo, window, cluster in each.firing
    ]
    expected = {name for each in SCENES.values() for name in each.silenced}
    with listening() as receivers:
        file = written(folder, compiled(catalog, receivers.base("pager", "tickets"), **QUICK))
        with alertmanager(file, folder) as running:
            running.send([*alerts, known["1h"]["o-down-0"], *FOREIGN])
            wait_until(lambda: running.silenced() >= expected)
            time.sleep(2)  # Twice as long as any group waits: who is not silenced by now is not.
            return running.silenced()


@pytest.mark.parametrize("name", SCENES)
def test_scene(name: str, silenced: set[str]) -> None:
    each = SCENES[name]
    slos = {slo for slo, _, _ in each.firing}
    assert {alert for alert in silenced if alert.partition("/")[0] in slos} == each.silenced


def test_alerts_of_others_neither_silence_nor_are_silenced(silenced: set[str]) -> None:
    assert not silenced & {"o-down-0/1h", "/1h", "d-0/absent"}
    assert silenced == {name for each in SCENES.values() for name in each.silenced}
