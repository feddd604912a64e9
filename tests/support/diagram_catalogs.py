"""Catalogs for tests of selections and pictures, written as the documents that a team would write."""

from collections.abc import Mapping
from typing import Any

from servicescape.bind.located import Located
from servicescape.catalog.build import build_catalog
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Span
from servicescape.model.kinds import KINDS

Document = dict[str, Any]


class _Nowhere:
    file = "catalog.yaml"

    def value(self, path: tuple[str | int, ...]) -> Span:
        return Span.at(1, 1)

    key = value


def service(name: str, *depends_on: Any, **spec: Any) -> Document:
    """A Service document; `kind`, `title`, `labels`, `links` and `namespace` go to their own places."""
    return component("Service", name, *depends_on, **spec)


def component(kind: str, name: str, *depends_on: Any, **spec: Any) -> Document:
    """A Service, Platform or External document."""
    metadata = {"name": name} | {
        key: spec.pop(key) for key in ("title", "labels", "links", "namespace", "aliases") if key in spec
    }
    if kind == "External":
        spec.setdefault("vendor", "Nimbus")
    else:
        spec.setdefault("owner", "crew")
    return document(kind, metadata, {**spec, "dependsOn": list(depends_on)})


def document(kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any] | None = None) -> Document:
    """Any document of the language."""
    return {"apiVersion": "servicescape/v1", "kind": kind, "metadata": dict(metadata), "spec": dict(spec or {})}


def catalog_of(*documents: Mapping[str, Any]) -> Catalog:
    """A catalog of the documents. Fails where something in them does not resolve."""
    entities = [KINDS[str(one["kind"])].model_validate(_frozen(one)) for one in documents]
    catalog, diagnostics = build_catalog([Located(entity, _Nowhere()) for entity in entities])
    assert not diagnostics, diagnostics
    return catalog


def _frozen(value: Any) -> Any:
    """Lists as the tuples that the strict model wants."""
    if isinstance(value, Mapping):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def shop_catalog() -> Catalog:
    """A small shop with one of everything that a picture can show."""
    return catalog_of(
        document("Team", {"name": "crew", "title": "Shop crew"}),
        document("Team", {"name": "tills", "title": "Tills"}, {"parent": "crew"}),
        document("Domain", {"name": "sales", "title": "Sales"}),
        document("Domain", {"name": "money", "title": "Money"}, {"parent": "sales"}),
        component("Platform", "cluster", title="Cluster", domain="sales", tier=1, type="infrastructure"),
        service(
            "shop",
            "basket",
            {"on": "offers", "kind": "soft", "degrades": "No offers"},
            title="Web shop",
            domain="sales",
            platform="cluster",
            tier=1,
            type="application",
            links=({"url": "https://example.com/shop", "title": "Dashboard"},),
        ),
        service(
            "basket",
            {"anyOf": ["cache-a", "cache-b", "cache-c"], "need": 2},
            {"on": "psp", "tolerates": "15m"},
            {"on": "tax", "fallback": "tax-tables"},
            domain="sales",
            platform="cluster",
            tier=1,
            labels={"pci": "in-scope"},
        ),
        service("offers", domain="sales", tier=3, lifecycle="experimental"),
        service("cache-a", domain="sales", tier=2),
        service("cache-b", domain="sales", tier=2),
        service("cache-c", domain="sales", tier=2),
        service("tax", owner="tills", domain="money", tier=2),
        service("tax-tables", owner="tills", domain="money", lifecycle="deprecated"),
        component("External", "psp", title="Payment provider", vendor="Wharfside", domain="money", sla=99),
        document("Channel", {"name": "web", "title": "Web"}, {"mode": "self-service", "runsOn": ["shop"]}),
        document("Channel", {"name": "phone", "title": "Telephone"}, {"mode": "live", "runsOn": []}),
        document(
            "Journey",
            {"name": "buy", "title": "Buy something"},
            {
                "owner": "crew",
                "persona": "New customer",
                "steps": [
                    {"name": "choose", "title": "Choose", "collects": ["size"], "legs": [{"channel": "web"}]},
                    {
                        "name": "pay",
                        "title": "Pay",
                        "share": 1,
                        "collects": ["card"],
                        "legs": [
                            {"channel": "web", "uses": ["basket"]},
                            {"channel": "phone", "uses": ["tax"], "carries": ["card"], "offered": "offered"},
                        ],
                    },
                ],
            },
        ),
        document(
            "View",
            {"name": "money", "title": "Where the money goes"},
            {"include": [{"domain": "money"}], "groupBy": "owner", "colourBy": "lifecycle"},
        ),
        document("View", {"name": "empty"}, {"include": [{"domain": "money", "tier": 4}]}),
    )
