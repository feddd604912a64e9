"""The scorecard as GitHub tables. Nothing from the author's YAML can open a tag, a link or a table's cell."""

from collections.abc import Iterable

from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES
from servicescape.analysis.lenses.results import SUBJECT_KINDS, Card, Scorecard
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.markdown import escape
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
    saving,
    side_words,
    verdict,
    worst_first,
)


def render_score(score: Scorecard, catalog: Catalog, *, details: bool) -> str:
    """A table for each kind of subject, or with `details` every card in full; ends with a line break."""
    lines = [] if details else [f"**{escape(verdict(score.cards))}**"]
    best = [] if details else best_of_all(score.cards)
    if best:
        lines += [
            "",
            "| would save most | journey | attempts a year | worth | effort |",
            "| :-- | :-- | --: | --: | :-- |",
        ]
        for card, each in best:
            found = saving(each, currency_of(catalog, card.ref))
            cells = (found.what, card.title, found.attempts, found.value or "?", found.effort)
            lines.append(_row(cells))
    if not details:
        for kind in SUBJECT_KINDS:
            cards = worst_first(card for card in score.cards if card.kind == kind)
            if cards:
                lines += ["", f"| {kind} | level | what lacks for the next |", "| :-- | :-- | :-- |"]
                lines += (_row((card.title, LEVEL_WORDS[card.level], first_lack(card))) for card in cards)
    if details:
        for card in score.cards:
            lines += _card(card, catalog)
    lines += (f"\n{escape(note)}" for note in score.notes)
    return "\n".join(lines).strip("\n") + "\n"


def _card(card: Card, catalog: Catalog) -> Iterable[str]:
    yield ""
    yield f"### {escape(card.title)} ({card.kind}): {LEVEL_WORDS[card.level]}"
    yield ""
    for each in card.conditions:
        mark = "x" if each.holds else " "
        text = each.wants if each.holds else lacks(each)
        yield f"- [{mark}] {each.level}: {escape(text)}"
    if not card.lacking:
        yield ""
        yield "The highest level."
    else:
        yield ""
        yield f"Next: {next_level(card)}."
    found = card.improvements
    if found is not None and (found.best or found.note):
        yield ""
        if found.best:
            yield "| cheapest next improvements | attempts saved a year | worth | effort |"
            yield "| :-- | --: | --: | :-- |"
            for improvement in found.best:
                words = saving(improvement, currency_of(catalog, card.ref))
                yield _row((words.what, words.attempts, words.value or "?", words.effort))
        if found.note:
            yield ""
            yield escape(found.note)
    if found is not None:
        for way in found.rehearse:
            yield f"- try {escape(rehearsal(way, catalog))}"
    yield ""
    yield "| lens | figure | | customers meet | behind | what is missing, or counted |"
    yield "| :-- | :-- | --: | --: | --: | :-- |"
    for figure in card.figures:
        if is_worth_a_line(figure):
            definition = DEFINITIONS[figure.figure]
            sides = map(side_words, (figure.seen, figure.behind))
            note = figure.note or ""
            names = f"{named(figure.names)}{' ' if figure.names and note else ''}{f'({note})' if note else ''}"
            yield _row((LENSES[definition.lens][0], definition.title, amount(figure), *sides, names))
    for lens, findings in card.findings:
        yield ""
        yield f"{LENSES[lens][0]}:"
        yield ""
        for finding in findings:
            yield f"- {finding.code} {escape(finding.message)} ({escape(finding.file)}:{finding.line or 1})"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(escape(cell) for cell in cells)} |"
