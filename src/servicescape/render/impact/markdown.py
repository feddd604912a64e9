"""The blast radius and the matrix as GitHub tables, for pull requests and wikis.

Nothing from the author's YAML can open a tag, a link, a table's cell or a mention: see `escape`.
"""

import math
import re
from collections.abc import Iterable, Sequence

from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.facts import (
    because,
    columns_as_they_are,
    longest_chain,
    shows_owner,
    state_at,
    state_sets,
    times_of_change,
)
from servicescape.render.impact.text_matrix import cell_text
from servicescape.render.impact.verdict import (
    blast_title,
    blast_verdict,
    matrix_summary,
    matrix_verdict,
    runbook_sentence,
    survived_words,
    turned_away_note,
)
from servicescape.render.impact.words import (
    GLYPHS,
    LETTERS,
    NONE,
    STATE_WORDS,
    STATES,
    chain,
    count,
    figure,
    moment,
    plain,
    rate,
    whose,
)

_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "&#64;",  # a mention would write to people
        "#": "&#35;",  # a number would link to an issue
        "$": "&#36;",  # two of them would be mathematics
        **{char: "\\" + char for char in "\\`*_[]|~"},
    }
)
_LINKS = re.compile(r":(?=\S)|www\.", re.IGNORECASE)
"""What GitHub makes a link of, or (a word between two colons) an emoji."""


def escape(text: str) -> str:
    """The author's text on one line, to be read exactly as written wherever in Markdown it stands."""
    return _LINKS.sub(lambda match: f"{match[0][:-1]}&#{ord(match[0][-1])};", plain(text).translate(_ESCAPES))


def _table(heads: Sequence[str], aligned: str, rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are already escaped; `aligned` has an `l`, `c` or `r` for each column."""
    marks = {"l": ":--", "c": ":-:", "r": "--:"}
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join(marks[side] for side in aligned) + " |"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return lines


def render_matrix(matrix: ImpactMatrix, catalog: Catalog) -> str:
    """The whole matrix, worst row first; what hits no journey is told below the table. Ends with a line break."""
    lines = [f"**{escape(matrix_verdict(matrix, catalog))}**"]
    summary = matrix_summary(matrix)
    if summary:
        lines += ["", summary]
    hit, survived, unused = state_sets(matrix)
    if hit:
        lines += ["", *_matrix_table(matrix, catalog, hit)]
        legend = [f"{GLYPHS[code]} {LETTERS[code]} {STATE_WORDS[code]}" for code in (3, 2, 1)]
        legend.append(f"{GLYPHS[0]} {STATE_WORDS[0]}")
        lines += ["", f"{', '.join(legend)}; 15m: after 15 minutes, no time: at once."]
    for rows, words in ((survived, survived_words(matrix)), (unused, "No journey needs")):
        if rows:
            names = " · ".join(escape(matrix.rows[index].title) for index in rows)
            lines += ["", f"{words} {len(rows):,}: {names}"]
    return "\n".join(lines) + "\n"


def _matrix_table(matrix: ImpactMatrix, catalog: Catalog, shown: list[int]) -> list[str]:
    columns = columns_as_they_are(matrix, catalog)
    figures = [
        (head, values)
        for head, values in (
            ("blocked / h at peak", matrix.blocked_peak_per_hour),
            ("moved / h at peak", matrix.displaced_peak_per_hour),
        )
        if not all(math.isnan(value) for value in values[shown].tolist())
    ]
    owners = shows_owner(matrix, catalog)
    rows = []
    for index in shown:
        row = matrix.rows[index]
        cells = [escape(row.title)]
        if owners:
            cells.append(escape(whose(catalog, row.ref, row.owner)[1]))
        cells += [
            cell_text(int(state), float(time))
            for state, time in zip(columns.state[index], columns.after_seconds[index], strict=True)
        ]
        cells += [_figure(rate(float(values[index]))) for _, values in figures]
        rows.append(cells)
    foot = ["blocked by", *[""] * owners, *(str(number) for number in columns.blocked_by), *("" for _ in figures)]
    heads = [matrix.by, *["owner"] * owners, *(escape(head) for head in columns.full), *(head for head, _ in figures)]
    return _table(heads, "l" * (1 + owners) + "l" * len(columns.full) + "r" * len(figures), [*rows, foot])


def render_blast_radius(result: BlastRadius, catalog: Catalog) -> str:
    """Who is hit, when and why, and what the channels must take on. Ends with a line break."""
    lines = [f"**{escape(blast_title(result, catalog))}**", "", escape(blast_verdict(result, catalog))]
    hit = [journey for journey in result.journeys if journey.is_hit]
    if hit:
        times, left_out = times_of_change(result, 5)
        rows = []
        for journey in hit:
            states = [state_at(journey.timeline, time) for time in times]
            rows.append(
                [
                    escape(journey.title),
                    *(f"{GLYPHS[STATES.index(state)]} {_state_word(state)}" for state in states),
                    _figure(figure(journey.blocked_per_hour)),
                    escape(because(journey, catalog)),
                ]
            )
        heads = ["journey", *(moment(time) for time in times), "blocked / h", "because"]
        lines += ["", *_table(heads, "l" + "l" * len(times) + "rl", rows)]
        if left_out:
            lines += ["", f"{count(left_out, 'further time')} of change left out."]
        note = turned_away_note(result)
        if note:
            lines += ["", note]
        unhit = [escape(journey.title) for journey in result.journeys if not journey.is_hit]
        if unhit:
            lines += ["", f"Not hit: {' · '.join(unhit)}"]
    if result.channels:
        table = [
            [
                escape(load.title),
                _figure(rate(load.contacts_per_hour)),
                NONE if load.capacity_per_hour is None else figure(load.capacity_per_hour),
                _figure(rate(load.turned_away_per_hour)),
                "is itself down" if load.state == "down" else _flooded(load.flooded_after_seconds),
            ]
            for load in result.channels
        ]
        lines += ["", *_table(["channel", "contacts / h", "capacity / h", "turned away / h", ""], "lrrrl", table)]
    longest = longest_chain(result)
    if longest:
        lines += ["", f"Longest chain: {escape(chain(longest))}."]
    runbooks = runbook_sentence(result)
    if runbooks:
        lines += ["", escape(runbooks)]
    return "\n".join(lines) + "\n"


def _flooded(seconds: float) -> str:
    when = moment(seconds)
    return "" if when == "never" else f"◀ flooded {when}"


def _figure(text: str) -> str:
    return text.replace("<", "&lt;") if text != NONE else NONE


def _state_word(state: str) -> str:
    return "ok" if state == "ok" else STATE_WORDS[STATES.index(state)]
