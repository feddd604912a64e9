"""The page about one failure: who is hit, when, through what, and who can mend it."""

import base64
import math

from servicescape.analysis.impact_results import BlastRadius, ChannelLoad, JourneyImpact
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.assembly import page, text, web_address
from servicescape.render.impact.facts import because, explained_chain, longest_chain, state_at, times_of_change
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
    title,
    whose,
)

WORDS = ("ok", "degraded", "falls back", "blocked")
"""What a state is called in reports, by code."""
_MOST_COMPONENTS = 300


def render_blast_radius(result: BlastRadius, catalog: Catalog, *, picture: bytes | None = None) -> str:
    """A whole page; works without any script. `picture` is the chain of failures as SVG."""
    sentence = blast_verdict(result, catalog)
    head, _, rest = sentence.partition(". ")
    sections = [_journeys(result, catalog)] if result.totals.journeys_hit else []
    if result.channels:
        sections.append(_channels(result))
    if picture is not None and result.totals.journeys_hit:
        sections.append(_picture(picture, result, catalog))
    if len(result.components) > 1 or result.runbooks:
        sections.append(_components(result, catalog))
    assumed = blast_title(result, catalog)
    return page(
        "blast.html",
        None,
        title=text(f"If this fails: {assumed}"),
        kicker=text(f"{assumed}."),
        verdict=text(f"{head}." if rest else head),
        summary=text(rest),
        sections="\n".join(sections),
    )


def _picture(picture: bytes, result: BlastRadius, catalog: Catalog) -> str:
    """The picture as an image: so nothing in it can run, and its style cannot meet the page's."""
    said = f"How the failure comes to customers. {blast_verdict(result, catalog)} The tables tell the same."
    data = base64.b64encode(picture).decode("ascii")
    return (
        '<h2>How it comes to them</h2>\n<div class="far" tabindex="0" role="region" aria-label="Picture">'
        f'<img class="picture" alt="{text(said)}" src="data:image/svg+xml;base64,{data}"></div>'
    )


def state_word(state: str) -> str:
    """A state as a coloured word with its glyph."""
    code = STATES.index(state)
    return f'<span class="word state s{code}">{GLYPHS[code]} {WORDS[code]}</span>'


def _journeys(result: BlastRadius, catalog: Catalog) -> str:
    times, left_out = times_of_change(result, 5)
    heads = "".join(f'<th scope="col">{moment(time)}</th>' for time in times)
    rows = "\n".join(_journey(journey, times, catalog, len(times) + 2) for journey in result.journeys if journey.is_hit)
    unhit = [plain(journey.title) for journey in result.journeys if not journey.is_hit]
    after = f'<p class="quiet">Not hit: {text(" · ".join(unhit))}</p>' if unhit else ""
    note = turned_away_note(result)
    if note:
        after = f'<p class="quiet">{note}</p>{after}'
    if left_out:
        after += f'<p class="quiet">{count(left_out, "further time")} of change left out.</p>'
    return (
        '<h2>What customers notice</h2>\n<div class="wide"><table class="report"><thead><tr>'
        f'<th scope="col">Journey</th>{heads}<th scope="col" class="num">Customers blocked / h</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>\n{after}"
    )


def _journey(journey: JourneyImpact, times: list[float], catalog: Catalog, columns: int) -> str:
    cells = "".join(f"<td>{state_word(state_at(journey.timeline, time))}</td>" for time in times)
    lines = [
        f'<tr><th scope="row">{text(journey.title)}</th>{cells}'
        f'<td class="num">{text(figure(journey.blocked_per_hour))}</td></tr>'
    ]
    more = ""
    why = because(journey, catalog, reasons=True)
    if why:
        more += f"<div>Through {text(why)}.</div>"
    steps = step_lines(journey, catalog)
    if steps:
        items = "".join(f"<li>{text(step)}</li>" for step in steps)
        more += f"<details><summary>{steps_hit(journey)}</summary><ul>{items}</ul></details>"
    if more:
        lines.append(f'<tr><td class="more" colspan="{columns}">{more}</td></tr>')
    return "\n".join(lines)


def steps_hit(journey: JourneyImpact) -> str:
    """How many of a journey's steps are hit: `3 of 8 steps are hit`."""
    hit = sum(step.state != "ok" for step in journey.steps)
    return f"{hit} of {count(len(journey.steps), 'step')} {'is' if hit == 1 else 'are'} hit"


def step_lines(journey: JourneyImpact, catalog: Catalog) -> list[str]:
    """A sentence for every step that is hit: `Sign in: falls back at once (Contact centre), blocked after 1 h.`"""
    lines = []
    of_journey = because(journey, catalog)
    for step in journey.steps:
        if step.state == "ok":
            continue
        changes = []
        for change in step.timeline:
            if change.state == "ok" and change.at_seconds == 0:
                continue
            where = f" ({title(catalog, change.leg)})" if change.state == "fallback" and change.leg else ""
            changes.append(f"{WORDS[STATES.index(change.state)]} {moment(change.at_seconds)}{where}")
        optional = " (customers can do without)" if step.optional else ""
        line = f"{plain(step.title)}{optional}: {', '.join(changes)}."
        if step.customer_sees:
            seen = plain(step.customer_sees)
            line += f" Customers see: “{seen}”" + ("" if seen.endswith((".", "!", "?", "…")) else ".")
        why = explained_chain(step.because, catalog)
        if why and why != of_journey:
            line += f" Through {why}."
        lines.append(line)
    return lines


def capacity(load: ChannelLoad) -> str:
    """What a channel can take; a dash where nothing is said of it."""
    return NONE if load.capacity_per_hour is None else figure(load.capacity_per_hour)


def flooded(load: ChannelLoad) -> str:
    """What is wrong with a channel; empty where nothing is."""
    if load.state == "down":
        return "◀ is itself down"
    if math.isfinite(load.flooded_after_seconds):
        return f"◀ flooded {moment(load.flooded_after_seconds)}"
    return "◀ is itself degraded" if load.state == "degraded" else ""


def _channels(result: BlastRadius) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{text(load.title)}</th><td class="num">{text(rate(load.contacts_per_hour))}</td>'
        f'<td class="num">{text(capacity(load))}</td>'
        f'<td class="num">{text(rate(load.turned_away_per_hour))}</td><td class="mark">{flooded(load)}</td></tr>'
        for load in result.channels
    )
    return (
        '<h2>Where they go instead</h2>\n<div class="wide"><table class="report"><thead><tr>'
        '<th scope="col">Channel</th>'
        '<th scope="col" class="num">Contacts / h</th><th scope="col" class="num">Capacity / h</th>'
        '<th scope="col" class="num">Turned away / h</th><td></td></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def part_rows(result: BlastRadius, catalog: Catalog, most: int) -> list[tuple[str, str, str, str, str]]:
    """Title, owner or vendor, state, when, and runbook address of the components reached, first ones first."""
    runbooks = dict(result.runbooks)
    rows = []
    for part in result.components[:most]:
        component = catalog.components.get(part.component)
        _, owner = whose(catalog, part.component, component.owner if component else None)
        known = runbooks.get(part.component) or (component.runbook if component else None)
        when = part.down_after_seconds if part.state == "down" else part.degraded_after_seconds
        rows.append((title(catalog, part.component), owner, part.state, moment(when), known or ""))
    return rows


def _components(result: BlastRadius, catalog: Catalog) -> str:
    rows = []
    for name, owner, state, when, runbook in part_rows(result, catalog, _MOST_COMPONENTS):
        address = web_address(runbook)
        link = f'<a href="{text(address)}" rel="noopener noreferrer">Runbook</a>' if address else text(runbook) or NONE
        rows.append(
            f'<tr><th scope="row">{text(name)}</th><td>{state} {when}</td>'
            f"<td>{text(owner) or NONE}</td><td>{link}</td></tr>"
        )
    longest = longest_chain(result)
    notes = [f"Longest chain: {chain(longest)}."] if longest else []
    if len(result.components) > _MOST_COMPONENTS:
        notes.insert(0, f"And {len(result.components) - _MOST_COMPONENTS:,} more.")
    runbooks = runbook_sentence(result)
    if runbooks:
        notes.append(runbooks)
    return (
        '<h2>What fails, and who owns it</h2>\n<div class="wide"><table class="report"><thead><tr>'
        '<th scope="col">Part</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Runbook</th>'
        f"</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody></table></div>\n"
        + "\n".join(f'<p class="quiet">{text(note)}</p>' for note in notes)
    )
