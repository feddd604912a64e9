"""Records behave like frozen dataclasses, but for the guard."""

from dataclasses import dataclass, fields, replace

import pytest

from servicescape.diagnostics import Diagnostic, Position, Span
from servicescape.diagnostics.records import record


@record()
class Item:
    name: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    size: int = 1


@record()
class Nothing:
    pass


def test_equal_by_value_and_type() -> None:
    assert Item("a") == Item("a", 1)
    assert Item("a") != Item("a", 2)
    assert Item("a") != Plain("a")
    assert Nothing() == Nothing()
    assert len({Item("a"), Item("a", 1), Item("b")}) == 2


def test_shown_and_replaced_as_dataclasses_are() -> None:
    assert repr(Item("a")) == repr(Plain("a")).replace("Plain", "Item")
    assert replace(Item("a"), size=3) == Item("a", 3)
    assert [field.name for field in fields(Item)] == ["name", "size"]


def test_no_further_attributes() -> None:
    with pytest.raises(AttributeError):
        Item("a").other = 1  # type: ignore[attr-defined]


def test_order_is_that_of_the_values() -> None:
    places = [Position(2, 1), Position(1, 9), Position(1, 2)]
    assert sorted(places) == [Position(1, 2), Position(1, 9), Position(2, 1)]
    assert Position(1, 2) <= Position(1, 2) < Position(1, 3)
    assert Span.at(2, 1) > Span.at(1, 9)
    assert Span.at(2, 1) >= Span.at(2, 1)
    with pytest.raises(TypeError):
        Item("a") < Item("b")  # type: ignore[operator]  # noqa: B015


def test_findings_can_be_told_apart_by_all_that_they_say() -> None:
    finding = Diagnostic("REF201", "m", "f.yaml", Span.at(1, 1))
    assert finding == replace(finding)
    assert finding != replace(finding, help="h")
    assert len({finding, replace(finding), replace(finding, url="u")}) == 2
