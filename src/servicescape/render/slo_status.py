"""Which components have an objective, and which of these are only a wish."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from servicescape.catalog.catalog import Catalog
from servicescape.render.boxes import GroupBy
from servicescape.render.colours import Colour
from servicescape.render.diagram import Diagram
from servicescape.render.views import Look, landscape

_KEPT = "objective that can be kept"
_WISH = "a wish: dependencies rule it out"
_OTHER = "objectives, but none of availability"
_CONTRACT = "promised by contract"
_NONE = "no objective"


def slo_picture(
    catalog: Catalog,
    refs: Sequence[str],
    title: str,
    look: Look,
    at_best: Mapping[str, float],
    group_by: GroupBy | None = None,
) -> Diagram:
    """The components by the state of their objectives.

    `at_best` says of each component whose objective of availability cannot be kept what its dependencies allow, 0 to 1.
    """
    promised: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for slo in catalog.slos.values():
        promised[slo.target].append((slo.measures, slo.objective_percent))
    painted = {ref: _colour(catalog, ref, promised[ref], ref in at_best) for ref in refs}
    remarks = {ref: f"at best {_percent(at_best[ref])}" for ref in refs if ref in at_best}
    diagram = landscape(
        catalog, refs, title, replace(look, group_by=group_by or "domain", painted=painted, remarks=remarks)
    )
    with_any = sum(colour.words != _NONE for colour in painted.values())
    notes = [f"{with_any} of {len(refs)} have an objective or a contract"]
    wishes = sorted((ref for ref in refs if ref in at_best), key=lambda ref: (at_best[ref], ref))
    if wishes:
        named = ", ".join(catalog.title(ref) for ref in wishes[:6])
        rest = f" and {len(wishes) - 6} more" if len(wishes) > 6 else ""
        notes.append(
            f"{len(wishes)} cannot be kept: {named}{rest} (`servicescape explain SLO420` says how that is found)"
        )
    return replace(diagram, notes=(*diagram.notes, *notes))


def _colour(catalog: Catalog, ref: str, slos: Sequence[tuple[str, Decimal]], is_wish: bool) -> Colour:
    availability = [objective for measures, objective in slos if measures == "availability"]
    if availability:
        badge = f"{min(availability).normalize():f} %"
        return Colour("slo-wish", badge, _WISH) if is_wish else Colour("slo-availability", badge, _KEPT)
    sla = getattr(catalog.components[ref].entity.entity.spec, "sla", None)
    if sla is not None:
        return Colour("slo-contract", f"{Decimal(sla).normalize():f} %", _CONTRACT)
    if slos:
        return Colour("slo-other", f"{min(objective for _, objective in slos).normalize():f} %", _OTHER)
    return Colour("slo-none", "", _NONE)


def _percent(ratio: float) -> str:
    # Rounded down: what is at best possible must not look better than it is.
    hundredths = int(ratio * 1_000_000) / 10_000
    return f"{hundredths:g} %"
