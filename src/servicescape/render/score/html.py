"""The scorecard as a page: one file, nothing loaded from anywhere, and no script."""

import re
from collections.abc import Iterable, Sequence

from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES
from servicescape.analysis.lenses.results import SUBJECT_KINDS, Card, Figure, Improvements, Scorecard
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.assembly import page, text
from servicescape.render.impact.words import title
from servicescape.render.score.words import (
    LEVEL_WORDS,
    amount,
    best_of_all,
    currency_of,
    first_lack,
    is_worth_a_line,
    lacks,
    name_of_part,
    named,
    rehearsal,
    saving,
    side_words,
    verdict,
    worst_first,
)

_COLOURS = {"none": 3, "bronze": 2, "silver": 1, "gold": 0}
_MARKS = {"none": "○○○", "bronze": "●○○", "silver": "●●○", "gold": "●●●"}
"""How far a level is, in a form that needs no colour."""
_PLURALS = {"journey": "Journeys", "team": "Teams", "platform": "Platforms"}
_MOST_CARDS = 400
"""Cards told in full; of more the page would be too large to send around."""


def render_score(score: Scorecard, catalog: Catalog) -> str:
    """A whole page: what lacks for the next level, what would help first, and every card to open."""
    shown = [
        (kind, worst_first(card for card in score.cards if card.kind == kind)) for kind in SUBJECT_KINDS
    ]  # fmt: skip
    ids = {card.ref: f"card-{number}" for number, card in enumerate(card for _, cards in shown for card in cards)}
    sections = [_best(score.cards, catalog)]
    sections += [_table(kind, cards, catalog, ids) for kind, cards in shown if cards]
    told = [card for _, cards in shown for card in cards][:_MOST_CARDS]
    if told:
        sections.append("<h2>Every card</h2>")
        sections += [_card(card, catalog, ids[card.ref], len(score.cards) == 1) for card in told]
    if len(score.cards) > len(told):
        sections.append(f'<p class="quiet">{len(score.cards) - len(told):,} more cards: --by, or a name.</p>')
    head, _, rest = verdict(score.cards).partition(". ")
    summary = " ".join([rest, *(note[:1].upper() + note[1:] + "." for note in score.notes)]).strip()
    return page(
        "blast.html",
        None,
        title=text(f"Scorecard: {head}"),
        kicker=text("How well each journey, team and platform is looked after, and what lacks for the next level"),
        verdict=text(f"{head}." if rest else head),
        summary=text(summary),
        sections="\n".join(section for section in sections if section),
    )


def _prose(value: str) -> str:
    """Words of ours with names in backticks, which are set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", text(value))


def _level(card: Card) -> str:
    return (
        f'<span class="word state s{_COLOURS[card.level]}"><span aria-hidden="true">{_MARKS[card.level]}</span> '
        f"{LEVEL_WORDS[card.level]}</span>"
    )


def _table(kind: str, cards: Sequence[Card], catalog: Catalog, ids: dict[str, str]) -> str:
    owner = kind != "team"
    head = f'<th scope="col">{kind.capitalize()}</th><th scope="col">Level</th>'
    head += '<th scope="col">Owner</th>' if owner else ""
    head += '<th scope="col">What lacks for the next level</th>'
    rows = []
    for card in cards:
        name = f'<a href="#{ids[card.ref]}">{text(card.title)}</a>'
        whose = f"<td>{text(title(catalog, card.owner))}</td>" if owner else ""
        rows.append(
            f'<tr><th scope="row">{name}</th><td>{_level(card)}</td>{whose}<td>{text(first_lack(card))}</td></tr>'
        )
    return _wide(_PLURALS[kind], head, rows)


def _best(cards: Sequence[Card], catalog: Catalog) -> str:
    best = best_of_all(cards) if len(cards) > 1 else []
    if not best:
        return ""
    rows = []
    for card, each in best:
        found = saving(each, currency_of(catalog, card.ref))
        rows.append(
            f'<tr><th scope="row">{_prose(found.what)}</th><td>{text(card.title)}</td>'
            f'<td class="num">{text(found.attempts)}</td><td class="num">{text(found.value or "?")}</td>'
            f"<td>{text(found.effort)}</td></tr>"
        )
    head = (
        '<th scope="col">Change</th><th scope="col">Journey</th><th scope="col" class="num">Attempts saved a year</th>'
        '<th scope="col" class="num">Worth</th><th scope="col">Effort</th>'
    )
    return _wide("Would save most attempts", head, rows)


def _wide(heading: str, head: str, rows: Iterable[str], level: int = 2) -> str:
    body = "\n".join(rows)
    look = ' class="mark"' if level > 2 else ""
    return (
        f'<h{level}{look}>{text(heading)}</h{level}>\n<div class="wide" role="region" tabindex="0" '
        f'aria-label="{text(heading)}"><table class="report"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _card(card: Card, catalog: Catalog, anchor: str, is_open: bool) -> str:
    # A link to what is inside a closed card opens it, without any script.
    parts = [f'<ul id="{anchor}">']
    for each in card.conditions:
        mark = "✓" if each.holds else "✗"
        spoken = "holds" if each.holds else "lacking"
        parts.append(
            f'<li><span aria-hidden="true">{mark}</span><span class="sr">{spoken}:</span> {each.level}: '
            f"{_prose(lacks(each))}</li>"
        )
    parts.append("</ul>")
    if card.improvements is not None:
        parts.append(_improvements(card, card.improvements, catalog))
    parts.append(_figures(card))
    parts += _findings(card)
    opened = " open" if is_open else ""
    return (
        f"<details{opened}><summary>{text(card.title)} ({card.kind}) {_level(card)}</summary>\n"
        + "\n".join(part for part in parts if part)
        + "\n</details>"
    )


def _improvements(card: Card, found: Improvements, catalog: Catalog) -> str:
    parts = []
    if found.best:
        rows = []
        for each in found.best:
            words = saving(each, currency_of(catalog, card.ref))
            rows.append(
                f'<tr><th scope="row">{_prose(words.what)}</th><td class="num">{text(words.attempts)}</td>'
                f'<td class="num">{text(words.value or "?")}</td><td>{text(words.effort)}</td></tr>'
            )
        head = (
            '<th scope="col">Change</th><th scope="col" class="num">Attempts saved a year</th>'
            '<th scope="col" class="num">Worth</th><th scope="col">Effort</th>'
        )
        parts.append(_wide("Cheapest next improvements", head, rows, 3))
    if found.note:
        parts.append(f'<p class="quiet">{text(found.note[:1].upper() + found.note[1:])}.</p>')
    if found.rehearse:
        items = "".join(f"<li>{text(rehearsal(each, catalog))}</li>" for each in found.rehearse)
        parts.append(f'<h3 class="mark">Try first</h3><ul>{items}</ul>')
    return "\n".join(parts)


def _figures(card: Card) -> str:
    rows = []
    for each in card.figures:
        if is_worth_a_line(each):
            definition = DEFINITIONS[each.figure]
            sides = "".join(f'<td class="num">{side_words(side)}</td>' for side in (each.seen, each.behind))
            rows.append(
                f"<tr><td>{text(LENSES[definition.lens][0])}</td>"
                f'<th scope="row" title="{text(definition.meaning)}">{text(definition.title)}</th>'
                f'<td class="num">{text(amount(each))}</td>{sides}<td>{_names(each)}</td></tr>'
            )
    head = (
        '<th scope="col">Lens</th><th scope="col">Figure</th><th scope="col" class="num">How many</th>'
        '<th scope="col" class="num">Customers meet</th><th scope="col" class="num">Behind</th>'
        '<th scope="col">Missing, or counted</th>'
    )
    return _wide("Figures", head, rows, 3)


def _names(each: Figure) -> str:
    note = f"<div>{text(each.note)}</div>" if each.note else ""
    if len(each.names) <= 4:
        return f"{text(named(each.names))}{note}"
    every = ", ".join(name_of_part(name) for name in each.names)
    return f"<details><summary>{text(named(each.names, 3))}</summary>{text(every)}</details>{note}"


def _findings(card: Card) -> Iterable[str]:
    for lens, findings in card.findings:
        items = "".join(
            f"<li>{text(each.code)} {text(each.message)} ({text(each.file)}:{each.line or 1})</li>" for each in findings
        )
        yield f'<h3 class="mark">{text(LENSES[lens][0])}: what validate finds</h3><ul>{items}</ul>'
