"""A small catalog and impact results made by hand, for tests of what is printed about them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from servicescape.analysis.impact_results import (
    JOURNEY_STATE_CODES,
    BlastRadius,
    Chain,
    ChannelLoad,
    ComponentImpact,
    ImpactMatrix,
    JourneyImpact,
    MatrixColumn,
    MatrixRow,
    Moment,
    StepImpact,
    Totals,
)
from servicescape.bind.located import Located, Places
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Channel, Component, Edge, Effect, Journey
from servicescape.catalog.names import NameIndex
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import name_of

NOWHERE = cast(Places, None)
INF = math.inf

TEAMS = {"storefront": "Storefront", "network": "Network crew", "field": "Field service", "care": "Care"}
DOMAINS = {"sales": "Sales", "billing": "Billing", "assurance": "Assurance"}
COMPONENTS: tuple[tuple[str, str, str | None, str | None, int | None, str | None], ...] = (
    # reference, title, owner, domain, tier, runbook
    ("external:object-storage", "Object storage", None, None, None, "https://runbooks.example/object-storage"),
    ("external:psp", "Payment provider", None, "billing", None, None),
    ("platform:cdn", "CDN", "network", None, 2, None),
    ("platform:identity", "Identity", "network", None, 1, "https://runbooks.example/identity"),
    ("service:document-store", "Document store", "network", "assurance", 2, "https://runbooks.example/documents"),
    ("service:fault-photos", "Fault photos", "field", "assurance", 3, None),
    ("service:offers", "Offers", "storefront", "sales", 2, "https://runbooks.example/offers"),
    ("service:order-documents", "Order documents", "storefront", "sales", 3, "https://runbooks.example/orders"),
    ("service:newsletter", "Newsletter", "care", None, 4, None),
    ("service:statistics", "Statistics", "care", None, 4, None),
)
JOURNEYS = (
    ("journey:report-fault", "Report a fault", "assurance", "care"),
    ("journey:track-order", "Track an order", "assurance", "storefront"),
    ("journey:pay-bill", "Pay bill", "billing", "storefront"),
    ("journey:buy-broadband", "Buy broadband", "sales", "storefront"),
)
CHANNELS = (
    ("channel:web", "Website", "self-service", None),
    ("channel:contact-centre", "Contact centre", "live", 900.0),
    ("channel:live-chat", "Live chat", "live", 600.0),
)


def entity(kind: str, name: str, title: str, spec: Mapping[str, Any]) -> Located[Any]:
    """A real entity that stands nowhere."""
    model = KINDS[kind]
    document = {"apiVersion": "servicescape/v1", "kind": kind, "metadata": {"name": name, "title": title}, "spec": spec}
    return Located(model.model_validate(document), NOWHERE)


def edge(
    source: str, target: str, *, tolerates: float = 0.0, because: str | None = None, fallback: str | None = None
) -> Edge:
    """A hard dependency, or with a fallback one that degrades."""
    return Edge(
        source=source,
        targets=(target,),
        need=1,
        when_down=Effect.DEGRADED if fallback else Effect.DOWN,
        when_degraded=Effect.DEGRADED,
        fallback=fallback,
        tolerates_seconds=tolerates,
        role="dependency",
        soft=False,
        degrades=None,
        because=because,
        common_cause=None,
        switch_failure=None,
        path=("spec", "dependsOn", 0),
    )


EDGES = (
    edge("platform:cdn", "external:object-storage", tolerates=900.0, because="the cache holds"),
    edge("service:document-store", "external:object-storage"),
    edge("service:fault-photos", "external:object-storage"),
    edge("service:offers", "platform:cdn"),
    edge("service:order-documents", "service:document-store"),
)


def catalog(titles: Mapping[str, str] | None = None, edges: Iterable[Edge] = EDGES) -> Catalog:
    """The small catalog; `titles` replaces titles by reference."""
    titles = titles or {}
    edges = tuple(edges)
    entities: dict[str, Located[Any]] = {}
    for name, title in TEAMS.items():
        entities[f"team:{name}"] = entity("Team", name, titles.get(f"team:{name}", title), {})
    for name, title in DOMAINS.items():
        entities[f"domain:{name}"] = entity("Domain", name, titles.get(f"domain:{name}", title), {})
    components: dict[str, Component] = {}
    for ref, title, owner, domain, tier, runbook in COMPONENTS:
        kind = ref.split(":")[0].title()
        spec: dict[str, Any] = {"vendor": "Nimbus Cloud"} if kind == "External" else {"owner": owner}
        entities[ref] = located = entity(kind, name_of(ref), titles.get(ref, title), spec)
        components[ref] = Component(
            ref=ref,
            kind=kind,
            name=name_of(ref),
            title=located.entity.title,
            owner=f"team:{owner}" if owner else None,
            domain=f"domain:{domain}" if domain else None,
            platform=None,
            vendor="Nimbus Cloud" if kind == "External" else None,
            tier=tier,
            lifecycle="production",
            type=None,
            runbook=runbook,
            mttr_seconds=None,
            edges=tuple(edge for edge in edges if edge.source == ref),
            entity=located,
        )
    channels: dict[str, Channel] = {}
    for ref, title, mode, capacity in CHANNELS:
        entities[ref] = located = entity("Channel", name_of(ref), titles.get(ref, title), {"mode": mode})
        channels[ref] = Channel(
            ref=ref,
            name=name_of(ref),
            title=located.entity.title,
            mode=mode,
            owner=None,
            runs_on=(),
            capacity_per_hour=capacity,
            hours=None,
            cost_per_contact=4.2,
            entity=located,
        )
    journeys: dict[str, Journey] = {}
    for ref, title, domain, owner in JOURNEYS:
        steps = ({"name": "start", "legs": ({"channel": "web"},)},)
        entities[ref] = located = entity(
            "Journey", name_of(ref), titles.get(ref, title), {"owner": owner, "steps": steps}
        )
        journeys[ref] = Journey(
            ref=ref,
            name=name_of(ref),
            title=located.entity.title,
            owner=f"team:{owner}",
            domain=f"domain:{domain}",
            persona=None,
            lifecycle="production",
            average_per_hour=100.0,
            peak_per_hour=400.0,
            value_per_completion=10.0,
            currency="GBP",
            objective_percent=99.5,
            steps=(),
            entity=located,
        )
    dependents: dict[str, tuple[Edge, ...]] = {
        ref: tuple(e for e in edges if ref in e.targets or e.fallback == ref) for ref in components
    }
    return Catalog(
        entities=cast("dict[str, Located[Entity]]", dict(sorted(entities.items()))),
        components=dict(sorted(components.items())),
        channels=dict(sorted(channels.items())),
        journeys=dict(sorted(journeys.items())),
        slos={},
        teams={ref: located for ref, located in sorted(entities.items()) if ref.startswith("team:")},
        domains={ref: located for ref, located in sorted(entities.items()) if ref.startswith("domain:")},
        indicators={},
        scenarios={},
        views={},
        dependents=dependents,
        names=NameIndex((), {}),
    )


@dataclass(frozen=True)
class _Told:
    """Chains as they are written down here."""

    path: tuple[str, ...]

    def chain_to(self, ref: str) -> Chain:
        assert ref == self.path[-1]
        return Chain(self.path)


def _reached(ref: str, state: str, down: float, harmed: float, path: tuple[str, ...]) -> ComponentImpact:
    return ComponentImpact(ref, state, down, harmed, _Told(path))


def blast_radius(catalog_: Catalog | None = None, lasts_seconds: float | None = 14400.0) -> BlastRadius:
    """Object storage is lost: one journey falls back and is then blocked, one is degraded, two are untouched."""
    cat = catalog_ or catalog()
    storage, cdn, photos = "external:object-storage", "platform:cdn", "service:fault-photos"

    def title(ref: str) -> str:
        return cat.title(ref)

    fault_moments = (Moment(0.0, "fallback", "channel:contact-centre"), Moment(3600.0, "blocked"))
    fault = JourneyImpact(
        journey="journey:report-fault",
        title=title("journey:report-fault"),
        state="blocked",
        after_seconds=3600.0,
        timeline=(Moment(0.0, "fallback"), Moment(3600.0, "blocked")),
        steps=(
            StepImpact(
                "sign-in", "Sign in", False, "ok", 0.0, "channel:web", (Moment(0.0, "ok", "channel:web"),), (), None
            ),
            StepImpact(
                "show-fault",
                "Show the fault",
                False,
                "blocked",
                3600.0,
                None,
                fault_moments,
                (photos, storage),
                "Please call us to report a fault",
            ),
        ),
        blocked_per_hour=380.0,
        displaced_per_hour={"channel:contact-centre": 1240.0, "channel:live-chat": 310.0},
        blocked_total=1140.0 if lasts_seconds else None,
        value_lost=None,
        currency=None,
    )
    broadband = JourneyImpact(
        journey="journey:buy-broadband",
        title=title("journey:buy-broadband"),
        state="degraded",
        after_seconds=900.0,
        timeline=(Moment(0.0, "ok"), Moment(900.0, "degraded")),
        steps=(
            StepImpact(
                "choose-offer",
                "Choose an offer",
                True,
                "blocked",
                900.0,
                None,
                (Moment(0.0, "ok", "channel:web"), Moment(900.0, "blocked")),
                ("service:offers", cdn, storage),
                None,
            ),
        ),
        blocked_per_hour=0.0,
        displaced_per_hour={},
        blocked_total=0.0 if lasts_seconds else None,
        value_lost=0.0 if lasts_seconds else None,
        currency="GBP",
    )
    untouched = tuple(
        JourneyImpact(ref, title(ref), "ok", INF, (Moment(0.0, "ok"),), (), 0.0, {}, 0.0, 0.0, "GBP")
        for ref in ("journey:pay-bill", "journey:track-order")
    )
    return BlastRadius(
        failed=(storage,),
        degraded=(),
        lasts_seconds=lasts_seconds,
        at="peak",
        components=(
            _reached(storage, "down", 0.0, 0.0, (storage,)),
            _reached("service:document-store", "down", 0.0, 0.0, (storage, "service:document-store")),
            _reached(photos, "down", 0.0, 0.0, (storage, photos)),
            _reached(
                "service:order-documents",
                "down",
                0.0,
                0.0,
                (storage, "service:document-store", "service:order-documents"),
            ),
            _reached(cdn, "down", 900.0, 900.0, (storage, cdn)),
            _reached("service:offers", "degraded", INF, 900.0, (storage, cdn, "service:offers")),
        ),
        journeys=(fault, broadband, *untouched),
        channels=(
            ChannelLoad(
                "channel:contact-centre", title("channel:contact-centre"), "ok", 1240.0, 900.0, 340.0, 0.0, 5208.0
            ),
            ChannelLoad("channel:live-chat", title("channel:live-chat"), "ok", 310.0, 600.0, 0.0, INF, None),
        ),
        totals=Totals(
            2,
            4,
            380.0,
            1550.0,
            *((4120.0, 2900.0, 12180.0, {"GBP": 161000.0}) if lasts_seconds else (None, None, None, {})),
        ),
        runbooks=(
            (storage, "https://runbooks.example/object-storage"),
            (photos, None),
            ("service:offers", "https://runbooks.example/offers"),
            (cdn, None),
        ),
    )


def nothing_hit() -> BlastRadius:
    """A failure that no customer feels."""
    return BlastRadius(
        failed=("service:newsletter",),
        degraded=(),
        lasts_seconds=None,
        at="average",
        components=(_reached("service:newsletter", "down", 0.0, 0.0, ("service:newsletter",)),),
        journeys=tuple(
            JourneyImpact(ref, title, "ok", INF, (Moment(0.0, "ok"),), (), 0.0, {}, None, None, None)
            for ref, title, _, _ in JOURNEYS
        ),
        channels=(),
        totals=Totals(0, 4, 0.0, 0.0, None, None, None, {}),
        runbooks=(),
    )


_CELLS: dict[str, tuple[tuple[str, float], ...]] = {
    "platform:identity": (("fallback", 0.0), ("fallback", 0.0), ("blocked", 0.0), ("blocked", 0.0)),
    "external:psp": (("ok", INF), ("ok", INF), ("blocked", 0.0), ("fallback", 900.0)),
    "external:object-storage": (("blocked", 3600.0), ("ok", INF), ("ok", INF), ("degraded", 900.0)),
    "service:fault-photos": (("fallback", 0.0), ("ok", INF), ("ok", INF), ("ok", INF)),
    "platform:cdn": (("ok", INF), ("ok", INF), ("ok", INF), ("degraded", 0.0)),
    "service:offers": (("ok", INF), ("ok", INF), ("ok", INF), ("degraded", 0.0)),
    "service:document-store": (("ok", INF),) * 4,
    "service:order-documents": (("ok", INF),) * 4,
    "service:newsletter": (("ok", INF),) * 4,
    "service:statistics": (("ok", INF),) * 4,
}
_REACHES = {"service:document-store", "service:order-documents"}


def matrix(catalog_: Catalog | None = None) -> ImpactMatrix:
    """Ten components against four journeys."""
    cat = catalog_ or catalog()
    rows = tuple(
        MatrixRow(
            ref=ref,
            title=cat.components[ref].title,
            kind=cat.components[ref].kind,
            owner=cat.components[ref].owner,
            domain=cat.components[ref].domain,
            tier=cat.components[ref].tier,
            members=(ref,),
            reaches_journeys=any(state != "ok" for state, _ in cells) or ref in _REACHES,
        )
        for ref, cells in _CELLS.items()
    )
    state = np.array([[JOURNEY_STATE_CODES[s] for s, _ in cells] for cells in _CELLS.values()], dtype=np.uint8)  # type: ignore[index]
    after = np.array([[t for _, t in cells] for cells in _CELLS.values()], dtype=np.float32)
    columns = tuple(
        MatrixColumn(ref, None, cat.title(ref), f"domain:{domain}", int((state[:, j] == 3).sum()))
        for j, (ref, _, domain, _) in enumerate(JOURNEYS)
    )
    return _with_figures(14400.0, rows, columns, state, after)


def by_team() -> ImpactMatrix:
    """Two teams with all that they own; nobody owns a team, and it has no tier."""
    whole = matrix()
    chosen = [0, 3]
    teams = (("team:network", "Network crew"), ("team:field", "Field service"))
    rows = tuple(
        MatrixRow(ref, title, "Team", ref, None, None, ("platform:identity", "platform:cdn"), True)
        for ref, title in teams
    )
    return replace(
        whole,
        by="team",
        rows=rows,
        state=whole.state[chosen],
        after_seconds=whole.after_seconds[chosen],
        blocked_average_per_hour=np.array([280.0, np.nan]),
        blocked_peak_per_hour=np.array([0.4, np.nan]),
        displaced_average_per_hour=whole.displaced_average_per_hour[chosen],
        displaced_peak_per_hour=whole.displaced_peak_per_hour[chosen],
    )


def big_matrix(rows: int, columns: int, seed: int = 7, owners: int = 12) -> ImpactMatrix:
    """A made-up matrix of any size, worst rows first, a quarter of them without effect."""
    rng = np.random.default_rng(seed)
    state = rng.choice(4, size=(rows, columns), p=[0.62, 0.14, 0.12, 0.12]).astype(np.uint8)
    state[rng.random(rows) < 0.25] = 0
    state[rng.random(rows) < 0.25] = 0
    state = state[np.lexsort((-state.sum(axis=1, dtype=np.int64), -state.max(axis=1, initial=0).astype(np.int64)))]
    after = rng.choice([0.0, 0.0, 0.0, 900.0, 3600.0, 5400.0], size=state.shape).astype(np.float32)
    after[state == 0] = np.inf
    words = ("Order", "Customer", "Network", "Payment", "Address", "Offer", "Document", "Fault", "Number", "Usage")
    nouns = ("store", "gateway", "engine", "catalogue", "router", "ledger", "index", "adapter", "broker")
    kinds = ("Service", "Service", "Service", "Platform", "External")
    made = tuple(
        MatrixRow(
            ref=f"{kinds[i % 5].lower()}:part-{i}",
            title=f"{words[i % 10]} {nouns[i // 10 % 9]}" + (f" {i // 90 + 1}" if i >= 90 else ""),
            kind=kinds[i % 5],
            owner=f"team:team-{i % owners}" if i % 5 != 4 else None,
            domain=f"domain:{('sales', 'billing', 'assurance')[i % 3]}",
            tier=i % 4 + 1 if i % 7 else None,
            members=(f"{kinds[i % 5].lower()}:part-{i}",),
            reaches_journeys=bool(state[i].any()) or i % 2 == 0,
        )
        for i in range(rows)
    )
    titles = (
        "Buy broadband", "Upgrade an offer", "Move house", "Pay bill", "Query a charge", "Report a fault",
        "Track an engineer", "Change a number", "Leave us",
    )  # fmt: skip
    domains = ("sales", "sales", "sales", "billing", "billing", "assurance", "assurance", "assurance", "assurance")
    heads = tuple(
        MatrixColumn(
            f"journey:journey-{j}",
            None,
            titles[j % 9] + (f" {j // 9 + 1}" if j >= 9 else ""),
            f"domain:{domains[j * 9 // max(columns, 9)]}",
            int((state[:, j] == 3).sum()),
        )
        for j in range(columns)
    )
    return _with_figures(None, made, heads, state, after)


def _with_figures(
    lasts: float | None,
    rows: tuple[MatrixRow, ...],
    columns: tuple[MatrixColumn, ...],
    state: np.ndarray[Any, np.dtype[np.uint8]],
    after: np.ndarray[Any, np.dtype[np.float32]],
) -> ImpactMatrix:
    blocked = (state == 3).sum(axis=1) * 140.0
    moved = (state == 2).sum(axis=1) * 90.0
    return ImpactMatrix(
        lasts_seconds=lasts,
        by="component",
        rows=rows,
        columns=columns,
        state=state,
        after_seconds=after,
        blocked_average_per_hour=blocked,
        blocked_peak_per_hour=blocked * 4,
        displaced_average_per_hour=moved,
        displaced_peak_per_hour=moved * 4,
    )
