"""Groups in place of components, for what is too large to be seen at once: every arrow is lifted to the groups."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.render.boxes import GroupBy, group_of, group_title
from servicescape.render.diagram import Diagram, DiagramEdge, EdgeStyle, LegendEntry, Node, edge_legend
from servicescape.render.views import Look

_NOWHERE = "group:none"


def overview_picture(catalog: Catalog, refs: Sequence[str], title: str, look: Look, group_by: GroupBy) -> Diagram:
    """One box a group; an arrow says how many dependencies it stands for, and is soft where all of them are."""
    members: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        members[group_of(catalog, ref, group_by) or _NOWHERE].append(ref)
    home = {ref: key for key, inside in members.items() for ref in inside}
    order = [home[ref] for ref in look.order if ref in home]
    ranked = sorted(members, key=lambda key: (order.index(key) if key in order else len(order), key == _NOWHERE, key))
    counts: Counter[tuple[str, str]] = Counter()
    hard: set[tuple[str, str]] = set()
    for ref in refs:
        for edge in catalog.components[ref].edges:
            for target in dict.fromkeys((*edge.targets, edge.fallback)):
                pair = (home[ref], home.get(target or "", ""))
                if pair[1] and pair[0] != pair[1]:
                    counts[pair] += 1
                    if edge.is_hard:
                        hard.add(pair)
    titles = {key: "In no group" if key == _NOWHERE else group_title(catalog, key) for key in ranked}
    edges = []
    for source, target in sorted(counts, key=lambda pair: (ranked.index(pair[0]), ranked.index(pair[1]))):
        count = counts[source, target]
        style: EdgeStyle = "hard" if (source, target) in hard else "soft"
        needs = f"{count} {'dependency' if count == 1 else 'dependencies'}"
        words = f"{titles[source]} has {needs} on {titles[target]}"
        edges.append(DiagramEdge(source, target, style, str(count), words=words))
    boxes = tuple(_box(catalog, key, titles[key], members[key]) for key in ranked)
    legend = [LegendEntry("tone", "tier-1", "has parts of tier 1")] if any(box.tone != "plain" for box in boxes) else []
    legend += [entry for entry in edge_legend(edges) if entry.sign != "label"]
    if edges:
        legend.append(LegendEntry("label", edges[0].label, "so many dependencies"))
    return Diagram(
        title=title,
        direction=look.direction,
        nodes=boxes,
        edges=tuple(edges),
        legend=tuple(legend),
        notes=(f"{len(refs)} components in {len(ranked)} groups",),
    )


def _box(catalog: Catalog, key: str, title: str, refs: Sequence[str]) -> Node:
    critical = sum(catalog.components[ref].tier == 1 for ref in refs)
    said = f"{len(refs)} component{'s' * (len(refs) != 1)}"
    if critical:
        said += f" · {critical} of tier 1"
    tone = "tier-1" if critical else "plain"
    return Node(key, "group", title, said, tone=tone, words=f"{title}, {said}")
