"""How available each component is, which of them takes a journey down alone, and where one of several is enough."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from servicescape.analysis.prediction.availability import Availability
from servicescape.catalog.catalog import Catalog
from servicescape.render.boxes import GroupBy
from servicescape.render.colours import AVAILABILITY_WORDS, Colour, availability_level
from servicescape.render.diagram import Diagram, Group, LegendEntry
from servicescape.render.views import Look, landscape

_MOST_SINGLE = 5
"""Single points of failure that the small print names."""


def reliability_picture(
    catalog: Catalog,
    refs: Sequence[str],
    title: str,
    look: Look,
    availabilities: Mapping[str, Availability],
    blocks: Mapping[str, Sequence[str]],
    group_by: GroupBy | None = None,
) -> Diagram:
    """The components by how available they are; frames hold those of which some are enough, unless others are wanted.

    `blocks` says for a component which journeys its failure alone blocks.
    """
    painted, remarks = {}, {}
    for ref in refs:
        known = availabilities.get(ref)
        painted[ref] = _colour(known)
        told = [_blocked(blocks[ref])] if blocks.get(ref) else []
        told += ["assumed"] if known is not None and known.assumed else []
        if told:
            remarks[ref] = " · ".join(told)
    alone = [ref for ref in refs if blocks.get(ref)]
    frames = _redundant(catalog, set(refs)) if group_by is None else None
    look = replace(look, group_by=group_by or "none", painted=painted, remarks=remarks)
    diagram = landscape(catalog, refs, title, look, focus=(), frames=frames)
    focused = set(alone)
    nodes = tuple(replace(node, is_focus=node.id in focused) for node in diagram.nodes)
    legend = list(diagram.legend)
    if alone:
        legend.append(LegendEntry("node", "focus", "blocks a journey by itself"))
    return replace(diagram, nodes=nodes, legend=tuple(legend), notes=(*diagram.notes, *_notes(catalog, alone, blocks)))


def _colour(known: Availability | None) -> Colour:
    if known is None:
        return Colour("availability-none", "", AVAILABILITY_WORDS["none"])
    percent = Decimal(repr(known.target_percent if known.target_percent is not None else known.own * 100))
    percent = percent.quantize(Decimal("0.0001"))
    level = availability_level(percent)
    return Colour(f"availability-{level}", f"{percent.normalize():f} %", AVAILABILITY_WORDS[level])


def _blocked(journeys: Sequence[str]) -> str:
    return "alone blocks 1 journey" if len(journeys) == 1 else f"alone blocks {len(journeys)} journeys"


def _redundant(catalog: Catalog, shown: set[str]) -> list[Group]:
    """A frame for each set of components of which some are enough; of sets that overlap the first, by reference."""
    found: list[Group] = []
    taken: set[str] = set()
    for ref in sorted(shown):
        for edge in catalog.components[ref].edges:
            members = [target for target in edge.targets if target in shown]
            if not edge.is_group or len(members) < 2 or taken & set(members):
                continue
            taken.update(members)
            enough = f"{edge.need} of {len(edge.targets)} {'is' if edge.need == 1 else 'are'} enough"
            found.append(Group(f"redundant:{len(found) + 1}", enough, tuple(members)))
    return found


def _notes(catalog: Catalog, alone: Sequence[str], blocks: Mapping[str, Sequence[str]]) -> list[str]:
    if not catalog.journeys:
        return ["There is no journey that a failure could block"]
    if not alone:
        return ["No component shown here blocks a journey by itself"]
    ranked = sorted(alone, key=lambda ref: (-len(blocks[ref]), ref))
    named = ", ".join(f"{catalog.title(ref)} ({len(blocks[ref])})" for ref in ranked[:_MOST_SINGLE])
    rest = f" and {len(ranked) - _MOST_SINGLE} more" if len(ranked) > _MOST_SINGLE else ""
    return [f"Single points of failure, and how many journeys each blocks: {named}{rest}"]
