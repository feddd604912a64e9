"""Who has what, and where the work of one team rests on that of another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from servicescape.catalog.catalog import Catalog
from servicescape.render.diagram import Diagram, LegendEntry, edge_legend
from servicescape.render.views import Look, landscape

_MOST_PAIRS = 4


def ownership_picture(catalog: Catalog, refs: Sequence[str], title: str, look: Look) -> Diagram:
    """The components by team; dependencies within a team are pale, and the small print counts the others."""
    diagram = landscape(catalog, refs, title, replace(look, group_by="owner", colour_by="owner"))
    owners = {ref: catalog.components[ref].owner for ref in refs}
    homes = {
        node.id: catalog.components[node.id.split(":", 1)[1].rsplit(":", 1)[0]].owner
        for node in diagram.nodes
        if node.kind == "junction"
    }
    whose = owners | homes
    edges = tuple(replace(edge, is_faint=whose.get(edge.source) == whose.get(edge.target)) for edge in diagram.edges)
    legend = [entry for entry in diagram.legend if entry.sign != "edge" and entry.sign != "label"]
    legend += edge_legend([edge for edge in edges if not edge.is_faint])
    if any(edge.is_faint and edge.is_drawn for edge in edges):
        legend.append(LegendEntry("edge", "faint", "within a team"))
    return replace(diagram, edges=edges, legend=tuple(legend), notes=(*diagram.notes, *_notes(catalog, refs, owners)))


def _notes(catalog: Catalog, refs: Sequence[str], owners: dict[str, str | None]) -> list[str]:
    """How many dependencies cross teams, and between which most of them do. Platforms count, drawn or not."""
    pairs: Counter[tuple[str, str]] = Counter()
    total = 0
    for ref in refs:
        for edge in catalog.components[ref].edges:
            for target in dict.fromkeys((*edge.targets, edge.fallback)):
                if target is None or target not in owners:
                    continue
                total += 1
                mine, theirs = owners[ref], owners[target]
                if mine is not None and theirs is not None and mine != theirs:
                    pairs[mine, theirs] += 1
    crossing = sum(pairs.values())
    notes = [f"{crossing} of {total} dependencies cross teams"]
    if pairs:
        ranked = sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:_MOST_PAIRS]
        named = ", ".join(
            f"{catalog.title(one)} on {catalog.title(other)} {pairs[one, other]}" for one, other in ranked
        )
        notes.append(f"Most: {named}")
    lost = sum(owner is None and catalog.components[ref].kind != "External" for ref, owner in owners.items())
    if lost:
        notes.append(f"{lost} component{'s' * (lost != 1)} without a team")
    return notes
