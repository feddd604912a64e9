"""The blast radius and the matrix for a terminal: the answer first, then one screen of figures."""

import math

from servicescape.analysis.impact_results import BlastRadius, ChannelLoad, JourneyImpact
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.facts import because, longest_chain, state_at, times_of_change
from servicescape.render.impact.terminal import GAP, LEAST_WIDTH, Cell, paint, paragraph, table_line, widest, wrap
from servicescape.render.impact.text_matrix import render_matrix
from servicescape.render.impact.verdict import blast_title, blast_verdict, runbook_sentence, turned_away_note
from servicescape.render.impact.words import (
    GLYPHS,
    NONE,
    STATES,
    chain,
    count,
    figure,
    moment,
    plain,
    rate,
    short_duration,
    title,
)

__all__ = ["render_blast_radius", "render_matrix"]

_MOST_UNHIT = 3
"""So many journeys that are not hit still get a line each."""
_BECAUSE = 24
"""Cells that the reasons need to stand beside the figures; with fewer they stand below."""
_WORDS = {"ok": "ok", "degraded": "degraded", "fallback": "falls back", "blocked": "blocked"}


def render_blast_radius(
    result: BlastRadius, catalog: Catalog, *, width: int, colour: bool, explained: bool = False
) -> str:
    """Who is hit by a failure, when and why, in lines of at most `width` cells; ends without a line break.

    `explained`: the explanation of the figures follows, so nothing points to it.
    """
    width = max(width, LEAST_WIDTH)
    lines = [paint(line, "title", colour) for line in paragraph(blast_title(result, catalog), width)]
    lines += ["", *paragraph(blast_verdict(result, catalog), width, GAP)]
    hit = [journey for journey in result.journeys if journey.is_hit]
    if hit:
        lines += ["", *_journeys(result, hit, catalog, width, colour)]
    if result.channels:
        lines += ["", *_channels(result.channels, width, colour)]
    if not hit:
        lines += _components(result, catalog, width)
    notes = _notes(result, width)
    if notes:
        lines += ["", *notes]
    if not explained:
        hint = "How each figure is made: --explain. A page to pass on: -o impact.html"
        lines += [paint(line, "dim", colour) for line in paragraph(hint, width, GAP)]
    return "\n".join(lines)


def _journeys(result: BlastRadius, hit: list[JourneyImpact], catalog: Catalog, width: int, colour: bool) -> list[str]:
    unhit = [journey for journey in result.journeys if not journey.is_hit]
    rows = hit + (unhit if len(unhit) <= _MOST_UNHIT else [])
    times, left_out = times_of_change(result, 4 if width >= 100 else 3 if width >= 72 else 2)
    heads = ["journey", *(moment(time) for time in times), "blocked / h", "because"]
    body: list[tuple[list[Cell], str]] = []
    for journey in rows:
        cells = [Cell(plain(journey.title))]
        for time in times:
            state = state_at(journey.timeline, time)
            cells.append(Cell(f"{GLYPHS[STATES.index(state)]} {_WORDS[state]}", state))
        blocked = journey.blocked_per_hour
        cells.append(Cell(figure(blocked) if journey.is_hit else NONE, right=True))
        body.append((cells, because(journey, catalog)))
    widths = [widest([heads[i], *(cells[i].text for cells, _ in body)]) for i in range(len(heads) - 1)]
    spare = width - len(GAP) - sum(widths) - len(GAP) * (len(widths) - 1)
    widths[0] = max(12, min(widths[0], widths[0] + spare, 32))
    room = width - len(GAP) * (len(widths) + 1) - sum(widths)
    beside = room >= _BECAUSE
    head = [Cell(text, "dim", i == len(widths) - 1) for i, text in enumerate(heads[:-1])]
    lines = [table_line([*head, *([Cell("because", "dim")] if beside else [])], widths + [room] * beside, colour)]
    for cells, reason in body:
        if beside:
            pieces = wrap(reason, room)
            lines.append(table_line([*cells, Cell(pieces[0])], [*widths, room], colour))
            below = " " * (width - room)
            lines += [below + piece for piece in pieces[1:]]
        else:
            lines.append(table_line(cells, widths, colour))
            if reason:
                lines += [paint(line, "dim", colour) for line in paragraph(f"↳ {reason}", width, GAP * 2, GAP)]
    if len(unhit) > _MOST_UNHIT:
        names = " · ".join(plain(journey.title) for journey in unhit)
        lines += paragraph(f"Not hit: {names}", width, GAP, GAP)
    note = turned_away_note(result)
    if note:
        lines += [paint(line, "dim", colour) for line in paragraph(note, width, GAP, GAP)]
    if left_out:
        lines.append(f"{GAP}{count(left_out, 'further time')} of change: --format html shows all")
    return lines


def _channels(channels: tuple[ChannelLoad, ...], width: int, colour: bool) -> list[str]:
    heads = ["channel", "contacts / h", "capacity / h", "turned away / h"]
    body = [
        [
            plain(load.title),
            rate(load.contacts_per_hour),
            NONE if load.capacity_per_hour is None else figure(load.capacity_per_hour),
            rate(load.turned_away_per_hour),
        ]
        for load in channels
    ]
    if width < 72:
        heads.pop(2)
        for row in body:
            row.pop(2)
    widths = [widest([head, *(row[i] for row in body)]) for i, head in enumerate(heads)]
    marks = [_mark(load) for load in channels]
    room = width - len(GAP) * (len(heads) + 1) - sum(widths[1:])
    mark_width = widest(marks)
    if min(widths[0], 12) + mark_width > room:
        marks = [mark.partition(" after ")[0].removesuffix(" at once").replace("is itself ", "") for mark in marks]
        mark_width = widest(marks)
    widths[0] = max(8, min(widths[0], room - mark_width, 32))
    lines = [
        table_line([Cell(head, "dim", i > 0) for i, head in enumerate(heads)], widths, colour),
    ]
    for row, mark in zip(body, marks, strict=True):
        cells = [Cell(text, right=i > 0) for i, text in enumerate(row)]
        lines.append(table_line([*cells, Cell(mark, "flooded")], [*widths, mark_width], colour))
    return lines


def _mark(load: ChannelLoad) -> str:
    if load.state == "down":
        return "◀ is itself down"
    if math.isfinite(load.flooded_after_seconds):
        return f"◀ flooded {moment(load.flooded_after_seconds)}"
    return "◀ is itself degraded" if load.state == "degraded" else ""


_MOST_COMPONENTS = 12


def _components(result: BlastRadius, catalog: Catalog, width: int) -> list[str]:
    """What falls with it, for a failure that no journey tells of."""
    fallen = [impact for impact in result.components if impact.component not in (*result.failed, *result.degraded)]
    if not fallen:
        return paragraph("Nothing else in the catalog needs it.", width, GAP, GAP)
    lines = [
        "",
        *paragraph(f"{count(len(fallen), 'component')} {'suffers' if len(fallen) == 1 else 'suffer'}:", width, GAP),
    ]
    for impact in fallen[:_MOST_COMPONENTS]:
        after = impact.down_after_seconds if impact.state == "down" else impact.degraded_after_seconds
        when = f" after {short_duration(after)}" if after > 0 else ""
        words = f"{title(catalog, impact.component)} is {impact.state}{when} ({chain(impact.path[::-1])})"
        lines += paragraph(words, width, GAP * 2, GAP)
    if len(fallen) > _MOST_COMPONENTS:
        lines.append(f"{GAP * 2}… and {len(fallen) - _MOST_COMPONENTS} more, --format csv shows all")
    return lines


def _notes(result: BlastRadius, width: int) -> list[str]:
    lines: list[str] = []
    longest = longest_chain(result)
    if longest:
        lines += paragraph(f"Longest chain: {chain(longest)}.", width, GAP, GAP)
    runbooks = runbook_sentence(result)
    if runbooks:
        lines += paragraph(runbooks, width, GAP, GAP)
    return lines
