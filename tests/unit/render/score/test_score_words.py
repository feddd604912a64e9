"""What is said of a card in one line."""

from servicescape.analysis.lenses.results import NOT_KNOWN, Card, Condition
from servicescape.render.score.words import first_lack


def _card(found: str, names: tuple[str, ...] = ()) -> Card:
    wanted = Condition("rehearsed", "bronze", "a scenario fails every part", "no scenario fails", False, found, names)
    return Card("team:crew", "team", "Crew", "team:crew", (), (), "none", (wanted,), (), (), None)


def test_what_is_not_known_is_not_said_to_be_missing() -> None:
    assert first_lack(_card("1 of 2", ("service:shop",))) == "bronze: no scenario fails: shop"
    unknown = first_lack(_card(f"{NOT_KNOWN}not predicted: --no-predictions"))
    assert unknown == "bronze: not known whether a scenario fails every part (not predicted: --no-predictions)"
