"""The words that every form of the scorecard uses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicescape.analysis.lenses.definitions import DEFINITIONS
from servicescape.analysis.lenses.results import (
    LEVELS,
    NOT_KNOWN,
    SUBJECT_KINDS,
    Card,
    Condition,
    Figure,
    Improvement,
    Rehearsal,
    Side,
)
from servicescape.catalog.catalog import Catalog
from servicescape.model.names import name_of
from servicescape.render.impact.words import NONE, count, figure, listing, money, plain, title

EFFORT = ("", "a day", "one team", "several teams, or a new part", "a contract, or months")
"""By class of effort."""
LEVEL_WORDS = {"none": "no level", "bronze": "bronze", "silver": "silver", "gold": "gold"}
MOST_NAMES = 4
HIGHEST = "nothing: this is the highest level"


def saved(each: Improvement, currency: str | None) -> str:
    """What an improvement saves, in words: `3,753 attempts a year, £ 142,610; effort 2, one team`."""
    words = saving(each, currency)
    attempts = f"{words.attempts} attempts" + ("" if each.attempts_saved_per_year is None else " a year")
    worth = f", {words.value}" if words.value else ""
    return f"{attempts}{worth}; effort {words.effort}"


@dataclass(frozen=True, slots=True)
class Saving:
    """An improvement as it stands in a table."""

    what: str
    attempts: str
    value: str
    effort: str


def verdict(cards: Sequence[Card]) -> str:
    """How many have got how far: `2 of 9 journeys reach gold, 4 silver and 3 bronze. …`."""
    sentences = []
    for kind in SUBJECT_KINDS:
        shown = [card for card in cards if card.kind == kind]
        if shown:
            sentences.append(_levels(kind, shown))
    return " ".join(sentences)


def _levels(kind: str, cards: Sequence[Card]) -> str:
    counts = [(level, sum(card.level == level for card in cards)) for level in reversed(LEVELS)]
    parts = [f"{number} {'without a level' if level == LEVELS[0] else level}" for level, number in counts if number]
    return f"{count(len(cards), kind).capitalize()}: {', '.join(parts)}."


def name_of_part(text: str) -> str:
    """A reference by its bare name; words as they are."""
    reference = text.partition(" ")[0]
    if ":" in reference and reference.partition(":")[0].islower() and not reference.endswith(":"):
        return plain(name_of(reference) + text[len(reference) :])
    return plain(text)


def named(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """Names in a row: the first few, and how many more."""
    return listing([name_of_part(each) for each in names], most)


def amount(each: Figure) -> str:
    """`7 of 9`, `3`, or a ? for what is not known."""
    if each.value is None:
        return "?"
    if each.of is not None:
        return f"{each.value:g} of {each.of}"
    return figure(each.value)


def side_words(side: Side | None) -> str:
    """How many of how many on one side; a dash where nothing stands there, nothing where there are no sides."""
    if side is None:
        return ""
    return f"{side.have} of {side.of}" if side.of else NONE


def sentence(each: Figure, most: int = MOST_NAMES, *, sides: bool = True) -> str:
    """The whole figure in words: `7 of 9 have a runbook; missing: crm, billing`."""
    definition = DEFINITIONS[each.figure]
    if each.value is None:
        return f"{definition.title}: not known, {plain(each.note or '')}"
    single = (each.of is None and each.value == 1) or (each.of == 1 and each.value == 1)
    text = f"{amount(each)} {definition.one if single and definition.one else definition.says}"
    if sides and each.seen is not None and each.behind is not None and each.seen.of and each.behind.of:
        text += (
            f" (of those that customers meet {each.seen.have} of {each.seen.of}, "
            f"behind {each.behind.have} of {each.behind.of})"
        )
    if each.figure == "chain":
        text += f": {' → '.join(name_of_part(name) for name in each.names)}" if each.names else ""
    elif each.names and each.figure != "pages":
        text += f"{'; missing' if each.of is not None else ''}: {named(each.names, most)}"
    return f"{text} ({plain(each.note)})" if each.note else text


def is_worth_a_line(each: Figure) -> bool:
    """Whether there is anything to say: a share of nothing is left out."""
    return each.of != 0 or (each.value is None and each.note is not None)


def lacks(condition: Condition, most: int = MOST_NAMES) -> str:
    """What a condition asks for, and what there is instead."""
    text = condition.wants
    if condition.holds:
        return text
    if condition.found:
        text += f": {plain(condition.found)}"
    if condition.names and condition.found[:1].isdigit():
        text += f"; missing: {named(condition.names, most)}"
    return text


def next_level(card: Card) -> str:
    """The level that comes next; empty at the highest."""
    at = LEVELS.index(card.level)
    return LEVELS[at + 1] if at + 1 < len(LEVELS) else ""


def first_lack(card: Card, most: int = 2) -> str:
    """What lacks for the next level, in one line: `silver: no runbook: crm and billing; 1 more condition`."""
    lacking = card.lacking
    if not lacking:
        return HIGHEST
    first = lacking[0]
    text = f"{next_level(card)}: {first.lack}"
    if first.found.startswith(NOT_KNOWN):
        # That it is lacking would be saying too much.
        text = f"{next_level(card)}: not known whether {first.wants} ({plain(first.found.removeprefix(NOT_KNOWN))})"
    elif first.names:
        text += f": {named(first.names, most)}"
    elif first.found:
        text += f": {plain(first.found)}"
    return f"{text}; {count(len(lacking) - 1, 'more condition')}" if len(lacking) > 1 else text


def saving(each: Improvement, currency: str | None) -> Saving:
    """An improvement in words."""
    if each.attempts_saved_per_year is None:
        attempts = f"{each.share_saved * 100:.2g} % of all"
    else:
        attempts = figure(each.attempts_saved_per_year)
    value = "" if each.value_saved_per_year is None else money(each.value_saved_per_year, currency)
    return Saving(plain(each.what), attempts, value, f"{each.cost}, {EFFORT[each.cost]}")


def rehearsal(each: Rehearsal, catalog: Catalog) -> str:
    """A way to try, in words."""
    last = "never tried" if each.tested is None else f"last tried on {each.tested}"
    rests = ""
    if each.attempts_per_year is not None:
        rests = f"; {figure(each.attempts_per_year)} attempts a year rest on it"
    return f"{plain(each.step)} → {title(catalog, each.channel)}: {last}{rests}"


def worst_first(cards: Iterable[Card]) -> list[Card]:
    """Cards of one kind by level, then by name."""
    return sorted(cards, key=lambda card: (LEVELS.index(card.level), plain(card.title).casefold(), card.ref))


def best_of_all(cards: Iterable[Card], most: int = 3) -> list[tuple[Card, Improvement]]:
    """The best change of each journey, those that save most attempts; only where demand is known."""
    found = [
        (card, each)
        for card in cards
        if card.improvements
        for each in card.improvements.best[:1]
        if each.attempts_saved_per_year is not None
    ]
    return sorted(found, key=lambda item: (-(item[1].attempts_saved_per_year or 0), item[0].ref, item[1].what))[:most]


def currency_of(catalog: Catalog, ref: str) -> str | None:
    """Currency of a journey's value; None for whatever has none."""
    journey = catalog.journeys.get(ref)
    return journey.currency if journey else None
