"""Values that YAML allows and nobody means."""

from pathlib import Path

import pytest

from servicescape.source.text import SourceFile
from servicescape.syntax.document import read_documents


def _codes_and_mends(text: str) -> list[tuple[str, bool]]:
    """Codes of what is found, each with whether it has a mend."""
    _, diagnostics, _ = read_documents(SourceFile(Path("a.yaml"), "a.yaml", text))
    return [(each.code, each.fix is not None) for each in diagnostics]


def test_a_value_that_holds_itself_is_given_twice() -> None:
    notes = "x-notes: &notes {first: a, more: *notes}\n"
    assert _codes_and_mends(f"{notes}name: b\n{notes}") == [("YML010", False), ("YML005", False)]


def test_the_same_value_that_holds_itself_is_named_twice() -> None:
    assert _codes_and_mends("x-notes: &notes [*notes]\nx-notes: *notes\n") == [("YML010", False), ("YML005", False)]


def _doubled(name: str, times: int) -> str:
    """A value that is two of the one before it, so many times over."""
    steps = [f"x-{name}{each}: &{name}{each} [*{name}{each - 1}, *{name}{each - 1}]\n" for each in range(1, times)]
    return "".join([f"x-{name}0: &{name}0 [a, b]\n", *steps])


def _nested(name: str, times: int) -> str:
    """A list of a list and its alias, so many times over."""
    starts = "".join(f"[&{name}{each} " for each in range(times))
    return f"{starts}[1]{''.join(f', *{name}{each}]' for each in reversed(range(times)))}"


@pytest.mark.parametrize(
    "text",
    [
        _doubled("a", 40) + _doubled("b", 40) + "x: [*a39]\nx: [*b39]\n",
        f"x: {_nested('a', 50)}\nx: {_nested('b', 50)}\n",
    ],
    ids=["one below the other", "within each other"],
)
def test_values_of_aliases_upon_aliases_are_compared_as_they_are_written(text: str) -> None:
    # Written out they would be more than a thousand million values.
    assert ("YML005", False) in _codes_and_mends(text)


def test_values_that_repeat_the_same_anchor_are_equal() -> None:
    assert _codes_and_mends("x-s: &s [1]\na: {x: *s, y: 2}\na: {x: *s, y: 2}\n") == [("YML005", True)]
