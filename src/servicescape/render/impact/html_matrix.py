"""The page with the whole matrix: a table that can be searched, filtered and sorted, and what stands behind each row.

The first rows stand in the page itself, for printers, mail previews and readers without scripts; the script draws them
again from the data, with the same words (a test holds the two against each other).
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.assembly import embedded_json, page, text, web_address
from servicescape.render.impact.facts import Columns, because, columns_as_they_are, longest_chain, shows_owner
from servicescape.render.impact.html_blast import capacity, flooded, part_rows, step_lines, steps_hit
from servicescape.render.impact.verdict import (
    blast_verdict,
    matrix_summary,
    matrix_verdict,
    row_heading,
    row_noun,
    runbook_sentence,
)
from servicescape.render.impact.words import (
    GLYPHS,
    LETTERS,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    chain,
    duration,
    moment,
    plain,
    rate,
    short_duration,
    title,
    whose,
)

PAGE_ROWS = 200
"""Rows on one page of the table, where it is not very wide."""
_PAGE_CELLS = 20_000
"""Cells on one page of the table: with more of them browsers become slow."""
_LEAST_PAGE_ROWS = 20
_HARMLESS = re.compile("0{5,}")
_MOST_PARTS = 60
"""Components listed behind a row."""
_FIGURES = (
    ("Blocked / h", "Customers an hour who cannot get it done", "blocked_average_per_hour", "blocked_peak_per_hour"),
    (
        "Moved / h",
        "Contacts an hour that move to another channel",
        "displaced_average_per_hour",
        "displaced_peak_per_hour",
    ),
)


def render_matrix(
    matrix: ImpactMatrix, catalog: Catalog, *, blast_radii: Mapping[str, BlastRadius] | None = None
) -> str:
    """A whole page. `blast_radii` holds, by a row's reference, what the panel behind that row tells in full.

    Rows without a blast radius still show what they hit and when. Giving those of the worst few hundred rows keeps the
    page of a very large catalog small.
    """
    columns = columns_as_they_are(matrix, catalog)
    owner = shows_owner(matrix, catalog)
    tier = any(row.tier is not None for row in matrix.rows)
    lasts = f", outages of {duration(matrix.lasts_seconds)}" if matrix.lasts_seconds is not None else ""
    verdict = matrix_verdict(matrix, catalog)
    total = len(matrix.rows)
    shown = min(total, _page_rows(columns))
    return page(
        "matrix.html",
        "matrix.js",
        title=text(f"Impact: {verdict}"),
        kicker=text(f"What customers feel when something fails{lasts}"),
        verdict=text(verdict),
        summary=text(matrix_summary(matrix)),
        filters="\n".join(_filters(matrix, catalog)),
        legend="".join(_legend()),
        shown=text(f"{shown:,} of {row_noun(matrix, total)} shown, worst first"),
        caption=text(
            f"A row for each {matrix.by} that can fail, a column for each "
            f"{'step' if _has_steps(matrix) else 'journey'}; a cell says what becomes of it and when."
        ),
        head=_head(matrix, columns, owner, tier),
        body="\n".join(_row(matrix, catalog, columns, index, owner, tier) for index in range(shown)),
        foot=_foot(columns, _beside(owner, tier)),
        data=embedded_json(_data(matrix, catalog, columns, blast_radii or {})),
    )


def _page_rows(columns: Columns) -> int:
    return max(_LEAST_PAGE_ROWS, min(PAGE_ROWS, _PAGE_CELLS // max(len(columns.heads), 1)))


def _has_steps(matrix: ImpactMatrix) -> bool:
    return any(column.step is not None for column in matrix.columns)


def _filters(matrix: ImpactMatrix, catalog: Catalog) -> Iterable[str]:
    owners = {whose(catalog, row.ref, row.owner) for row in matrix.rows}
    domains = {row.domain for row in matrix.rows}
    tiers = {row.tier for row in matrix.rows}
    for name, label, values in (
        ("domain", "Domain", {ref or "": title(catalog, ref) or "none" for ref in domains}),
        ("owner", "Owner", {key: name or "none" for key, name in owners}),
        ("tier", "Tier", {str(tier or ""): str(tier or "none") for tier in tiers}),
    ):
        if len(values) < 2 or (name == "owner" and not shows_owner(matrix, catalog)):
            continue
        ordered = sorted(values.items(), key=lambda item: (item[0] == "", item[1].casefold(), item[0]))
        options = "".join(f'<option value="={text(value)}">{text(label_)}</option>' for value, label_ in ordered)
        yield f'<label>{label} <select name="{name}"><option value="">all</option>{options}</select></label>'


def _legend() -> Iterable[str]:
    for code in (3, 2, 1, 0):
        mark = f"{GLYPHS[code]} {LETTERS[code]}".strip()
        yield f'<li title="{STATE_MEANINGS[code]}"><span class="state s{code}">{mark}</span> {STATE_WORDS[code]}</li>'
    yield '<li class="quiet">15m: after 15 minutes; no time: at once</li>'


def _first(columns: Columns) -> list[bool]:
    """Whether a column begins a group."""
    return [j == 0 or columns.groups[j] != columns.groups[j - 1] for j in range(len(columns.groups))]


def _head(matrix: ImpactMatrix, columns: Columns, owner: bool, tier: bool) -> str:
    groups = ['<td class="name"></td>' + _beside(owner, tier)]
    start = 0
    for end in range(1, len(columns.groups) + 1):
        if end == len(columns.groups) or columns.groups[end] != columns.groups[start]:
            name = columns.groups[start]
            cell = f'<th scope="colgroup" class="group" colspan="{end - start}">{text(name)}</th>'
            groups.append(cell if name else f'<td class="group" colspan="{end - start}"></td>')
            start = end
    groups += [
        f'<th scope="colgroup" class="group num" colspan="2" title="{meaning}">{head}</th>'
        for head, meaning, _, _ in _FIGURES
    ]
    heads = [
        f'<th scope="col" class="name" data-sort="name">{text(matrix.by.capitalize())}</th>',
    ]
    if owner:
        heads.append('<th scope="col" class="owner" data-sort="owner">Owner</th>')
    if tier:
        heads.append('<th scope="col" class="num tier" data-sort="tier">Tier</th>')
    for j, (head, first) in enumerate(zip(columns.heads, _first(columns), strict=True)):
        heads.append(f'<th scope="col" class="head{" first" if first else ""}" data-sort="{j}">{text(head)}</th>')
    for number in range(len(_FIGURES)):
        for place, word in enumerate(("average", "peak")):
            edge = " first" if place == 0 else ""
            heads.append(f'<th scope="col" class="num{edge}" data-sort="figure{2 * number + place}">{word}</th>')
    return f"<tr>{''.join(groups)}</tr>\n<tr>{''.join(heads)}</tr>"


def _row(matrix: ImpactMatrix, catalog: Catalog, columns: Columns, index: int, owner: bool, tier: bool) -> str:
    row = matrix.rows[index]
    cells = [f'<th scope="row" class="name">{text(row.title)}</th>']
    if owner:
        cells.append(f'<td class="owner">{text(whose(catalog, row.ref, row.owner)[1])}</td>')
    if tier:
        cells.append(f'<td class="num tier">{row.tier or ""}</td>')
    states, times = columns.state[index].tolist(), columns.after_seconds[index].tolist()
    for state, time, first in zip(states, times, _first(columns), strict=True):
        place = "cell first" if first else "cell"
        cells.append(f'<td class="{place}"><span class="state s{state}">{_cell(state, time)}</span></td>')
    for _, _, average, peak in _FIGURES:
        for number, name in enumerate((average, peak)):
            edge = "num first" if number == 0 else "num"
            cells.append(f'<td class="{edge}">{text(rate(float(getattr(matrix, name)[index])))}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _cell(state: int, seconds: float) -> str:
    """What is seen, and what is read out."""
    if state == 0:
        return f'<span aria-hidden="true">{GLYPHS[0]}</span><span class="sr">not hit</span>'
    later = f" {short_duration(seconds)}" if seconds > 0 and math.isfinite(seconds) else ""
    spoken = f"{STATE_WORDS[state]} {moment(seconds)}"
    return f'<span aria-hidden="true">{GLYPHS[state]} {LETTERS[state]}{later}</span><span class="sr">{spoken}</span>'


def _beside(owner: bool, tier: bool) -> str:
    """Empty cells above and below the owner and the tier."""
    return '<td class="owner"></td>' * owner + '<td class="tier"></td>' * tier


def _foot(columns: Columns, between: str) -> str:
    cells = "".join(
        f'<td class="cell{" first" if first else ""}">{number}</td>'
        for number, first in zip(columns.blocked_by, _first(columns), strict=True)
    )
    figures = '<td class="num first"></td><td class="num"></td>' * len(_FIGURES)
    return f'<tr><th scope="row" class="name">blocked by</th>{between}{cells}{figures}</tr>'


def _data(
    matrix: ImpactMatrix, catalog: Catalog, columns: Columns, blast_radii: Mapping[str, BlastRadius]
) -> dict[str, Any]:
    owners: dict[tuple[str, str], int] = {}
    domains: dict[str | None, int] = {}
    known_times: dict[float, int] = {}
    rows = []
    for index, row in enumerate(matrix.rows):
        states = columns.state[index].tolist()
        times = [
            known_times.setdefault(time, len(known_times))
            for state, time in zip(states, columns.after_seconds[index].tolist(), strict=True)
            if state
        ]
        figures = [
            _number(float(getattr(matrix, name)[index])) for _, _, average, peak in _FIGURES for name in (average, peak)
        ]
        rows.append(
            [
                row.ref,
                plain(row.title),
                owners.setdefault(whose(catalog, row.ref, row.owner), len(owners)),
                domains.setdefault(row.domain, len(domains)),
                row.tier,
                _HARMLESS.sub(lambda run: f"z{len(run[0])}.", "".join(map(str, states))),
                times,
                figures,
                row.kind,
                int(row.reaches_journeys),
                [title(catalog, ref) for ref in row.members[:_MOST_PARTS]] if len(row.members) > 1 else [],
                max(0, len(row.members) - _MOST_PARTS),
            ]
        )
    return {
        "noun": [row_noun(matrix, 1).partition(" ")[2], row_noun(matrix, 2).partition(" ")[2]],
        "heading": row_heading(matrix),
        "shows": {
            "owner": shows_owner(matrix, catalog),
            "tier": any(row.tier is not None for row in matrix.rows),
        },
        "pageRows": _page_rows(columns),
        "ask": "--scenario" if matrix.by == "scenario" else "--fail",
        "columns": [
            [full, int(first), matrix.columns[source].journey]
            for full, first, source in zip(columns.full, _first(columns), columns.source, strict=True)
        ],
        "states": [[GLYPHS[code], LETTERS[code], STATE_WORDS[code]] for code in range(4)],
        "times": [[time, short_duration(time) if time > 0 else "", moment(time)] for time in map(_time, known_times)],
        "owners": list(owners),
        "domains": [[ref or "", title(catalog, ref)] for ref in domains],
        "rows": rows,
        "details": {row.ref: _detail(blast_radii[row.ref], catalog) for row in matrix.rows if row.ref in blast_radii},
    }


def _time(seconds: float) -> float:
    return round(seconds, 3) if math.isfinite(seconds) else 0.0


def _number(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None


def _detail(result: BlastRadius, catalog: Catalog) -> dict[str, Any]:
    """What the panel behind a row says, in words that the script only has to place."""
    longest = longest_chain(result)
    return {
        "say": blast_verdict(result, catalog),
        "journeys": [
            [
                journey.journey,
                plain(journey.title),
                STATES.index(journey.state),
                moment(journey.after_seconds),
                because(journey, catalog, reasons=True),
                steps_hit(journey),
                step_lines(journey, catalog),
            ]
            for journey in result.journeys
            if journey.is_hit
        ],
        "channels": [
            [
                plain(load.title),
                rate(load.contacts_per_hour),
                capacity(load),
                rate(load.turned_away_per_hour),
                flooded(load),
            ]
            for load in result.channels
        ],
        "parts": [
            [name, owner, f"{state} {when}", plain(runbook), web_address(runbook)]
            for name, owner, state, when, runbook in part_rows(result, catalog, _MOST_PARTS)
        ],
        "moreParts": max(0, len(result.components) - _MOST_PARTS),
        "notes": [f"Longest chain: {chain(longest)}."] * bool(longest) + [runbook_sentence(result)],
    }
