"""A diagram as JSON, for programs: everything that the picture shows, and nothing about where it stands."""

import json
from typing import Any

from servicescape.render.diagram import Diagram, DiagramEdge, Node

VERSION = 1


def to_json(diagram: Diagram) -> str:
    """The diagram as JSON text, version 1: more fields may be added, none renamed.

    Components go by canonical reference; edges that no arrow stands for have `drawn` false.
    """
    home = {member: group.id for group in diagram.groups for member in group.members}
    document = {
        "version": VERSION,
        "title": diagram.title,
        "direction": diagram.direction,
        "nodes": [_node(node, home.get(node.id)) for node in diagram.nodes],
        "edges": [_edge(edge) for edge in diagram.edges],
        "groups": [{"id": one.id, "title": one.title, "members": list(one.members)} for one in diagram.groups],
        "legend": [{"sign": one.sign, "key": one.key, "text": one.text} for one in diagram.legend],
        "notes": list(diagram.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _node(node: Node, group: str | None) -> dict[str, Any]:
    return {
        "id": node.id,
        "kind": node.kind,
        "title": node.title,
        "subtitle": node.subtitle or None,
        "badge": node.badge or None,
        "tone": node.tone,
        "group": group,
        "url": node.url,
        "rows": [{"key": row.key, "title": row.title, "note": row.note or None} for row in node.rows],
    }


def _edge(edge: DiagramEdge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "sourceRow": edge.source_row,
        "target": edge.target,
        "style": edge.style,
        "label": edge.label or None,
        "drawn": edge.is_drawn,
    }
