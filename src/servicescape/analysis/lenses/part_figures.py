"""Figures about parts: what is known of them, what they promise, and how much of it there is."""

from collections.abc import Callable, Iterable, Iterator

from servicescape.analysis.lenses.data_items import GONE
from servicescape.analysis.lenses.facts import Facts, Subject
from servicescape.analysis.lenses.results import Figure, Side
from servicescape.catalog.graph import Component
from servicescape.model.components import ExternalSpec

Test = Callable[[Component], bool]


def part_figures(facts: Facts, subject: Subject) -> Iterator[Figure]:
    """Parity, construction, complexity and firefighting, and the promises of parts."""
    yield from _parity(facts, subject)
    yield _promises(facts, subject)
    yield _production(facts, subject)
    yield from _complexity(facts, subject)
    yield from _firefighting(facts, subject)


def _parity(facts: Facts, subject: Subject) -> Iterator[Figure]:
    slos = facts.slos_of

    def has_slo(each: Component) -> bool:
        spec = each.entity.entity.spec
        return each.ref in slos or (isinstance(spec, ExternalSpec) and spec.sla is not None)

    def alerts(each: Component) -> bool:
        return any(slo.alerting.page != "off" or slo.alerting.ticket != "off" for slo in slos.get(each.ref, ()))

    def recovers(each: Component) -> bool:
        return each.mttr_seconds is not None or each.entity.entity.spec.recovery.rto is not None

    parts = facts.in_service(subject.parts)
    own = [ref for ref in parts if facts.catalog.components[ref].kind != "External"]
    yield _share(facts, "owner", parts, lambda each: each.owner is not None)
    yield _share(facts, "slo", parts, has_slo)
    yield _share(facts, "alerts", own, alerts)
    yield _share(facts, "runbook", parts, lambda each: each.runbook is not None)
    yield _share(facts, "recovery", parts, recovers)
    yield _share(facts, "fallback", parts, lambda each: each.ref not in facts.not_spared)


def _share(facts: Facts, name: str, refs: Iterable[str], test: Test) -> Figure:
    """How many parts pass a test, on both sides of the line of visibility."""
    parts = [facts.catalog.components[ref] for ref in refs]
    missing = [each.ref for each in parts if not test(each)]
    lacking = set(missing)
    seen = [each.ref for each in parts if each.ref in facts.seen]
    missing_seen = sum(ref in lacking for ref in seen)
    missing_behind = len(missing) - missing_seen
    behind = len(parts) - len(seen)
    return Figure(
        name,
        len(parts) - len(missing),
        len(parts),
        tuple(missing),
        seen=Side(len(seen) - missing_seen, len(seen)),
        behind=Side(behind - missing_behind, behind),
    )


def _promises(facts: Facts, subject: Subject) -> Figure:
    parts = set(subject.parts)
    promised = [
        slo.ref
        for slo in facts.catalog.slos.values()
        if slo.target in parts and slo.measures == "availability" and slo.scope == "total"
    ]
    broken = facts.infeasible
    if broken is None:
        return Figure("promises", None, len(promised), note="the catalog is too large to work this out")
    missing = tuple(ref for ref in promised if ref in broken)
    return Figure("promises", len(promised) - len(missing), len(promised), missing)


def _production(facts: Facts, subject: Subject) -> Figure:
    components = facts.catalog.components
    needed = [ref for ref in subject.parts if ref in facts.needed]
    missing = tuple(ref for ref in needed if components[ref].lifecycle != "production")
    return Figure("production", len(needed) - len(missing), len(needed), missing)


def _complexity(facts: Facts, subject: Subject) -> Iterator[Figure]:
    catalog = facts.catalog
    parts = [catalog.components[ref] for ref in facts.in_service(subject.parts)]
    yield Figure("parts", len(parts))
    owners = sorted({each.owner for each in parts if each.owner is not None})
    yield Figure("teams", len(owners), names=tuple(owners))
    vendors = sorted({each.vendor for each in parts if each.vendor is not None})
    yield Figure("vendors", len(vendors), names=tuple(vendors))
    yield _chain(facts, [each.ref for each in parts])
    yield _fan_in(facts, [each.ref for each in parts])
    if subject.kind == "team":
        idle = tuple(each.ref for each in parts if each.ref not in facts.needed)
        if catalog.journeys:
            yield Figure("idle", len(idle), names=idle)
        else:
            yield Figure("idle", None, note="the catalog has no journey")


def _chain(facts: Facts, parts: list[str]) -> Figure:
    if not parts:
        return Figure("chain", 0)
    links, start = max(((facts.chains[ref][0], ref) for ref in parts), key=lambda each: (each[0], _backwards(each[1])))
    if not links:
        return Figure("chain", 0)
    chain = [start]
    while (following := facts.chains[chain[-1]][1]) is not None:
        chain.append(following)
    return Figure("chain", links, names=tuple(chain))


def _fan_in(facts: Facts, parts: list[str]) -> Figure:
    components = facts.catalog.components
    needing = {
        ref: {
            edge.source for edge in facts.catalog.dependents.get(ref, ())
            if components[edge.source].lifecycle not in GONE
        }
        for ref in parts
    }  # fmt: skip
    most = max((len(each) for each in needing.values()), default=0)
    names = tuple(ref for ref in parts if len(needing[ref]) == most) if most else ()
    return Figure("fan-in", most, names=names)


def _backwards(text: str) -> tuple[int, ...]:
    """A key by which the first in the alphabet is the largest."""
    return (*(-ord(char) for char in text), 1)


def _firefighting(facts: Facts, subject: Subject) -> Iterator[Figure]:
    components = facts.catalog.components
    paging = [
        slo
        for ref in facts.in_service(subject.parts)
        for slo in facts.slos_of.get(ref, ())
        if slo.alerting.page != "off"
    ]
    missing = tuple(
        slo.ref
        for slo in paging
        if components[slo.target].runbook is None
        and (isinstance(slo.alerting.page, str) or "runbook_url" not in slo.alerting.page.annotations)
    )
    yield Figure("page-runbook", len(paging) - len(missing), len(paging), missing)
    yield _share(
        facts,
        "calm",
        facts.in_service(subject.parts),
        lambda each: each.entity.entity.spec.recovery.self_healing or each.ref not in facts.not_spared,
    )
    weekly = [facts.pages_per_week.get(slo.ref) for slo in paging]
    unknown = tuple(slo.ref for slo, pages in zip(paging, weekly, strict=True) if pages is None)
    known = [pages for pages in weekly if pages is not None]
    note = f"without {len(unknown)} whose table of windows is not known" if unknown else None
    if unknown and not known:
        yield Figure("pages", None, names=unknown, note="the table of windows is not known")
    else:
        yield Figure("pages", sum(known), names=unknown, note=note)
