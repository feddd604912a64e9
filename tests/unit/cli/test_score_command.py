"""`servicescape score` on the example catalog: its forms, its limits, and what it says to CI."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from servicescape.diagnostics.errors import ToolError
from tests.support import command
from tests.support.command import EXAMPLE, published

DAY = {"SOURCE_DATE_EPOCH": "1795305600", "COLUMNS": "80"}  # 2026-11-22


def run(*arguments: str) -> Result:
    return command.run("score", *arguments, EXAMPLE, **DAY)


@pytest.fixture(scope="module")
def scored() -> Any:
    return json.loads(run("--format", "json").stdout)


def test_json_has_the_published_form(scored: Any) -> None:
    published(scored, "score")
    published(json.loads(run("--no-predictions", "--by", "journey", "--format", "json").stdout), "score")
    published(json.loads(run("digital", "--by", "team", "--format", "json").stdout), "score")


def test_each_journey_team_and_platform_has_a_card(scored: Any) -> None:
    kinds = [card["kind"] for card in scored["cards"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"journey": 9, "team": 11, "platform": 7}


def test_the_journey_out_of_reach_is_not_gold(scored: Any) -> None:
    missed = {
        card["subject"]
        for card in scored["cards"]
        for each in card["conditions"]
        if each["condition"] == "objective" and not each["holds"]
    }
    assert missed == {"journey:buy-broadband", "journey:report-fault"}
    assert all(card["level"] != "gold" for card in scored["cards"] if card["subject"] in missed)


def test_improvements_are_those_of_the_prediction(scored: Any) -> None:
    """One more nine is worth as much as `predict` says, and nothing that is shown is worth less than the next."""
    predicted = json.loads(command.run("predict", EXAMPLE, "--format", "json", **DAY).stdout)
    nines = {
        (journey["journey"], each["component"]): each["attemptsSavedByOneMoreNine"]
        for journey in predicted["journeys"]
        for each in journey["importance"]
    }
    held = 0
    for card in scored["cards"]:
        if card["kind"] != "journey":
            assert card["improvements"] is None
            continue
        best = card["improvements"]["best"]
        saved = [each["attemptsSavedPerYear"] for each in best]
        assert 1 <= len(best) <= 3
        assert saved == sorted(saved, reverse=True)
        for each in best:
            if each["kind"] == "one-more-nine":
                held += 1
                key = (card["subject"], each["components"][0])
                # Where failures are tolerated, a nine also counts for what outlasts that: equal all the same.
                assert each["attemptsSavedPerYear"] == pytest.approx(nines[key], rel=1e-6)
    assert held >= 5


def test_without_predictions_figures_are_open_with_a_reason() -> None:
    scored = json.loads(run("--no-predictions", "--by", "journey", "--format", "json").stdout)
    for card in scored["cards"]:
        figures = {each["figure"]: each for each in card["figures"]}
        for name in ("alone", "rehearsed", "objective"):
            assert figures[name]["value"] is None
            assert "not predicted" in figures[name]["note"]
        assert card["improvements"]["best"] == []
        assert card["level"] != "gold"


def test_one_journey_says_the_same_alone_as_among_all(scored: Any) -> None:
    alone = json.loads(run("pay-bill", "--format", "json").stdout)["cards"]
    assert alone == [card for card in scored["cards"] if card["subject"] == "journey:pay-bill"]


def test_the_same_day_gives_the_same_bytes_and_a_later_one_finds_old_tests() -> None:
    assert run().stdout == run().stdout
    later = {**DAY, "SOURCE_DATE_EPOCH": "1895305600"}
    old = command.run("score", "pay-bill", EXAMPLE, **later).stdout
    assert "0 of 6 other ways were tried within a year" in old
    assert "Try first" in old
    assert "last tried on 2026-11-03" in old


@pytest.mark.parametrize("arguments", [(), ("buy-broadband",), ("team:digital",), ("kubernetes",)])
def test_text_fits_eighty_columns(arguments: tuple[str, ...]) -> None:
    text = run(*arguments).stdout
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_the_first_line_of_a_card_is_what_lacks() -> None:
    first = run("team:digital").stdout.splitlines()[0]
    assert first.startswith("Digital (team): bronze. For silver it lacks: every part has an SLO")


def test_fail_under_says_who_is_below(tmp_path: Path) -> None:
    done = run("--fail-under", "silver", "-o", str(tmp_path / "card.md"))
    assert done.return_value == 1
    assert "journey:buy-broadband" in done.stderr
    assert (tmp_path / "card.md").read_text(encoding="utf-8").startswith("**9 journeys:")
    assert run("--fail-under", "bronze").return_value == 0


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("buy-brodband",), "no journey, team or platform `buy-brodband`", "did you mean `journey:buy-broadband`?"),
        (("buy-broadband", "--by", "team"), "no team `buy-broadband`", "leave --by out"),
        (("nothing-like-it",), "no journey, team or platform `nothing-like-it`", "without a name lists them all"),
    ],
)
def test_unknown_names_are_told_with_what_was_meant(arguments: tuple[str, ...], message: str, hint: str) -> None:
    with pytest.raises(ToolError) as raised:
        raise run(*arguments).exception or AssertionError("it did not fail")
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_every_topic_is_explained_within_eighty_columns() -> None:
    from servicescape.analysis.lenses.topics import TOPICS

    for topic in TOPICS:
        text = command.run("score", "--explain", topic, **DAY).stdout
        assert text.strip()
        assert max(len(line) for line in text.splitlines()) <= 80


def test_markdown_escapes_what_authors_write(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: crew, title: '<b>a|b</b> @all'}\n---\n"
        "apiVersion: servicescape/v1\nkind: Service\nmetadata: {name: shop}\nspec: {owner: crew}\n",
        encoding="utf-8",
    )
    done = command.run("score", str(tmp_path), "--format", "md", **DAY)
    assert "&lt;b&gt;a\\|b&lt;/b&gt; &#64;all" in done.stdout
    assert "<b>" not in done.stdout
