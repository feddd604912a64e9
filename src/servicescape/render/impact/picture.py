"""The blast radius as a picture: the journeys that are hit, and the chains through which the failure comes to them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from servicescape.analysis.impact_results import BlastRadius, ComponentImpact
from servicescape.catalog.catalog import Catalog
from servicescape.render.boxes import Wiring, component_nodes, tell_carried, wire
from servicescape.render.colours import Colouring
from servicescape.render.diagram import Diagram, DiagramEdge, LegendEntry, Node, edge_legend, node_legend
from servicescape.render.impact.facts import deciding_step
from servicescape.render.impact.verdict import blast_title, blast_verdict
from servicescape.render.impact.words import STATE_WORDS, STATES, count, moment, plain

MOST_COMPONENTS = 20
"""Components reached up to which all of them are drawn; of more only those of chains, or the eye finds no way."""
MOST_JOURNEYS = 24
"""Journeys drawn, worst first."""
_TONES = {"degraded": "state-degraded", "fallback": "state-degraded", "blocked": "state-down"}


def blast_picture(result: BlastRadius, catalog: Catalog) -> Diagram:
    """Journeys at the left, what failed at the right, and between them what falls, each arrow of a chain in bold.

    An arrow of a chain says when its dependent falls, where that is not at once. Other dependencies among the
    components shown are drawn thin.
    """
    hit = [journey for journey in result.journeys if journey.is_hit]
    left_out = hit[MOST_JOURNEYS:]
    impacts = {impact.component: impact for impact in result.components}
    on_chains = dict.fromkeys((*result.failed, *result.degraded))
    links: dict[tuple[str, str], ComponentImpact] = {}
    ways: list[DiagramEdge] = []
    doors: list[Node] = []
    for journey in hit[:MOST_JOURNEYS]:
        word = STATE_WORDS[STATES.index(journey.state)]
        when = moment(journey.after_seconds)
        doors.append(
            Node(
                journey.journey,
                "customer",
                journey.title,
                f"journey · {word} {when}",
                word,
                _TONES[journey.state],
                words=f"{journey.title}, journey, {word} {when}",
            )
        )
        step = deciding_step(journey)
        because = step.because if step is not None else ()
        on_chains.update(dict.fromkeys(because))
        links.update({pair: impacts[pair[0]] for pair in pairwise(because)})
        if because:
            words = f"{journey.title} is {word} {when} through {catalog.title(because[0])}"
            ways.append(DiagramEdge(journey.journey, because[0], "chain", words=words))
    others = [impact.component for impact in result.components if impact.component not in on_chains]
    shown = others if len(result.components) <= MOST_COMPONENTS else [] if hit else others[:MOST_COMPONENTS]
    refs = sorted((*on_chains, *shown))
    states = {ref: impacts[ref].state for ref in refs}
    colouring = Colouring(catalog, [catalog.components[ref] for ref in refs], "state", states)
    nodes = component_nodes(catalog, refs, colouring, (*result.failed, *result.degraded))
    wiring = wire(catalog, refs, focus=refs)
    edges = [*ways, *_bold(wiring, links or _own_links(result, refs))]
    notes = [blast_verdict(result, catalog)]
    if left_out:
        notes.append(
            f"{count(len(left_out), 'journey')} more that {'is' if len(left_out) == 1 else 'are'} hit, left out"
        )
    if len(others) > len(shown):
        where = " off these chains" if hit else ""
        notes.append(f"{count(len(others) - len(shown), 'component')} more that fall{where}, left out")
    unhit = len(result.journeys) - len(hit)
    if unhit and hit:
        notes.append(f"{count(unhit, 'journey')} {'is' if unhit == 1 else 'are'} not hit")
    return Diagram(
        title=plain(blast_title(result, catalog)),
        direction="LR",
        nodes=(*doors, *tell_carried(nodes, wiring), *wiring.junctions),
        edges=tuple(edges),
        legend=(*_legend(colouring, doors), *node_legend(nodes), *_edges(edges)),
        notes=tuple(notes),
        columns=(tuple(door.id for door in doors),) if len(doors) > 1 else (),
    )


def _own_links(result: BlastRadius, refs: Iterable[str]) -> dict[tuple[str, str], ComponentImpact]:
    """Of a failure that hits no journey: the last link of each component's chain."""
    shown = set(refs)
    impacts = [impact for impact in result.components if impact.component in shown and impact.links]
    return {(impact.component, impact.links[-1].target): impact for impact in impacts}


def _bold(wiring: Wiring, links: Mapping[tuple[str, str], ComponentImpact]) -> list[DiagramEdge]:
    """The arrows, with those in bold that carry the failure; a group's lead over its junction."""
    home = wiring.junction_homes
    over = {
        edge.source: links[home[edge.source], edge.target]
        for edge in wiring.edges
        if edge.source in home and (home[edge.source], edge.target) in links
    }
    found = []
    for edge in wiring.edges:
        impact = links.get((home.get(edge.source, edge.source), edge.target)) or over.get(edge.target)
        if impact is None:
            found.append(replace(edge, label="") if edge.style != "fallback" else edge)
            continue
        after = impact.down_after_seconds if impact.state == "down" else impact.degraded_after_seconds
        label = moment(after) if after > 0 and edge.source not in home else ""
        words = f"{edge.words}; {impact.state} {moment(after)}"
        found.append(replace(edge, style="chain", label=label, words=words, is_drawn=True))
    return found


def _legend(colouring: Colouring, doors: list[Node]) -> list[LegendEntry]:
    entries = {entry.key: entry for entry in colouring.legend()}
    for door in doors:
        words = {"state-down": "down, or blocked", "state-degraded": "degraded, or falls back"}
        entries[door.tone] = LegendEntry("tone", door.tone, words[door.tone])
    return [entries[key] for key in sorted(entries, key=["state-degraded", "state-down"].index)]


def _edges(edges: list[DiagramEdge]) -> list[LegendEntry]:
    """Labels say when here, and not how long something is tolerated."""
    entries = [entry for entry in edge_legend(edges) if entry.sign != "label"]
    labels = [edge.label for edge in edges if edge.style == "chain" and edge.label]
    return entries + [LegendEntry("label", "after …", "falls so late; else at once")] * bool(labels)
