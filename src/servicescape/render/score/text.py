"""The scorecard for a terminal: the answer first, then a line each, or one card in full."""

from collections.abc import Sequence

from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES
from servicescape.analysis.lenses.results import LEVELS, SUBJECT_KINDS, Card, Figure, Improvements, Scorecard
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.terminal import GAP, LEAST_WIDTH, Cell, paint, paragraph, table_line, widest, wrap
from servicescape.render.impact.words import count, plain, title
from servicescape.render.score.words import (
    LEVEL_WORDS,
    amount,
    best_of_all,
    currency_of,
    first_lack,
    is_worth_a_line,
    lacks,
    named,
    next_level,
    rehearsal,
    saved,
    sentence,
    side_words,
    verdict,
    worst_first,
)

_STYLES = {"none": "blocked", "bronze": "fallback", "silver": "degraded", "gold": ""}
_MOST_FINDINGS = 5


def render_overview(score: Scorecard, catalog: Catalog, *, width: int, colour: bool) -> str:
    """All cards, a line each; ends without a line break."""
    width = max(width, LEAST_WIDTH)
    lines = [paint(line, "title", colour) for line in paragraph(verdict(score.cards), width)]
    best = best_of_all(score.cards)
    if best:
        lines += ["", f"{GAP}Would save most attempts, predicted one by one"]
        for card, each in best:
            text = f"{plain(card.title)}: {plain(each.what)}: {saved(each, currency_of(catalog, card.ref))}"
            lines += paragraph(text, width, GAP * 2, GAP)
    for kind in SUBJECT_KINDS:
        cards = worst_first(card for card in score.cards if card.kind == kind)
        if cards:
            lines += ["", *_table(kind, cards, width, colour)]
    for note in score.notes:
        lines += ["", *paragraph(note[:1].upper() + note[1:], width, GAP)]
    hint = "One card in full: servicescape score NAME. What a figure means: --explain."
    lines += ["", *(paint(line, "dim", colour) for line in paragraph(hint, width, GAP))]
    return "\n".join(lines)


def _table(kind: str, cards: Sequence[Card], width: int, colour: bool) -> list[str]:
    names = [plain(card.title) for card in cards]
    widths = [min(widest([kind, *names]), 24), max(len(LEVEL_WORDS[card.level]) for card in cards)]
    room = width - sum(widths) - 3 * len(GAP)
    heads = [Cell(kind, "dim"), Cell("", "dim"), Cell("what lacks for the next level", "dim")]
    lines = [table_line(heads, [*widths, room], colour)]
    below = " " * (width - room)
    for card, name in zip(cards, names, strict=True):
        first, *rest = wrap(first_lack(card), room)
        cells = [Cell(name), Cell(LEVEL_WORDS[card.level], _STYLES[card.level]), Cell(first)]
        lines.append(table_line(cells, [*widths, room], colour))
        lines += [below + line for line in rest]
    return lines


def render_card(score: Scorecard, catalog: Catalog, *, width: int, colour: bool) -> str:
    """One card with everything on it; ends without a line break."""
    width = max(width, LEAST_WIDTH)
    (card,) = score.cards
    lines = _lacking(card, width, colour)
    lines += ["", f"{GAP}{_about(card, catalog)}"]
    if card.improvements is not None:
        lines += ["", *_improvements(card, card.improvements, catalog, width, colour)]
    by_lens = dict(card.findings)
    for lens, (name, _) in LENSES.items():
        figures = [each for each in card.figures if DEFINITIONS[each.figure].lens == lens and is_worth_a_line(each)]
        findings = by_lens.get(lens, ())
        if not figures and not findings:
            continue
        lines += ["", paint(f"{GAP}{name}", "title", colour)]
        if lens == "parity":
            lines += _sides(figures, width, colour)
        for each in figures if lens != "parity" else ():
            lines += paragraph(sentence(each, sides=False), width, GAP * 2, GAP)
        for found in findings[:_MOST_FINDINGS]:
            place = f" ({plain(found.file)}{f':{found.line}' if found.line else ''})"
            lines += paragraph(f"{found.code}: {plain(found.message)}{place}", width, GAP * 2, GAP)
        if len(findings) > _MOST_FINDINGS:
            lines.append(f"{GAP * 2}and {len(findings) - _MOST_FINDINGS:,} more findings: servicescape validate")
    for note in score.notes:
        lines += ["", *paragraph(note[:1].upper() + note[1:], width, GAP)]
    return "\n".join(lines)


def _sides(figures: Sequence[Figure], width: int, colour: bool) -> list[str]:
    """Figures on both sides of the line of visibility, and below each what is missing."""
    heads = ["", "all", "customers meet", "behind"]
    rows = [
        [DEFINITIONS[each.figure].title, amount(each), *map(side_words, sides)]
        for each in figures
        for sides in [(each.seen, each.behind)]
    ]
    widths = [widest([head, *(row[i] for row in rows)]) for i, head in enumerate(heads)]
    lines = [table_line([Cell(head, "dim", i > 0) for i, head in enumerate(heads)], widths, colour, indent=GAP * 2)]
    for each, row in zip(figures, rows, strict=True):
        lines.append(table_line([Cell(text, "", i > 0) for i, text in enumerate(row)], widths, colour, indent=GAP * 2))
        if each.names:
            lines += paragraph(f"missing: {named(each.names)}", width, GAP * 3, GAP)
    return lines


def _lacking(card: Card, width: int, colour: bool) -> list[str]:
    head = f"{plain(card.title)} ({card.kind}): {LEVEL_WORDS[card.level]}"
    if not card.lacking:
        return [paint(line, "title", colour) for line in paragraph(f"{head}, the highest level", width)]
    first, *rest = card.lacking
    lines = [
        paint(line, "title", colour)
        for line in paragraph(f"{head}. For {next_level(card)} it lacks: {lacks(first)}", width)
    ]
    for each in rest:
        lines += paragraph(f"and: {lacks(each)}", width, GAP, GAP)
    later = [each for each in card.conditions if LEVELS.index(each.level) > LEVELS.index(next_level(card))]
    for each in later:
        if not each.holds:
            lines += paragraph(f"then, for {each.level}: {lacks(each)}", width, GAP, GAP)
    return lines


def _about(card: Card, catalog: Catalog) -> str:
    parts = count(len(card.parts), "part")
    if card.kind == "journey":
        return f"Owned by {title(catalog, card.owner) or 'nobody'}; it needs {parts}."
    journeys = count(len(card.journeys), "journey")
    if card.kind == "team":
        return f"It owns {parts} and {journeys}."
    others = count(len(card.parts) - 1, "other")
    return f"Owned by {title(catalog, card.owner) or 'nobody'}; it needs {others}, and {journeys} need it."


def _improvements(card: Card, found: Improvements, catalog: Catalog, width: int, colour: bool) -> list[str]:
    lines = [paint(f"{GAP}Cheapest next improvements", "title", colour)]
    for number, each in enumerate(found.best, 1):
        lines += paragraph(f"{number}. {plain(each.what)}", width, GAP * 2, "   ")
        lines += paragraph(saved(each, currency_of(catalog, card.ref)), width, f"{GAP * 2}   ")
    if found.note:
        lines += paragraph(found.note[:1].upper() + found.note[1:], width, GAP * 2, GAP)
    if found.tried:
        text = f"{found.tried} of {count(found.of, 'change')} that could help were predicted (--explain improvements)."
        lines += [paint(line, "dim", colour) for line in paragraph(text, width, GAP * 2, GAP)]
    if found.rehearse:
        lines += ["", paint(f"{GAP}Try first, for a day's work", "title", colour)]
        for way in found.rehearse:
            lines += paragraph(rehearsal(way, catalog), width, GAP * 2, GAP)
    return lines
