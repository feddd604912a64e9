import math
from dataclasses import replace

import pytest

from servicescape.analysis.impact_results import ImpactMatrix
from servicescape.render.impact import html, markdown, words
from servicescape.render.impact.facts import columns_as_they_are, folded, times_of_change
from servicescape.render.impact.verdict import (
    blast_title,
    blast_verdict,
    matrix_verdict,
    row_heading,
    turned_away_note,
)
from tests.support.impact_fixtures import big_matrix, blast_radius, by_team, catalog, matrix


@pytest.mark.parametrize(
    ("seconds", "text", "short"),
    [
        (0, "0 s", "0s"),
        (0.5, "0.5 s", "0.5s"),
        (45, "45 s", "45s"),
        (900, "15 min", "15m"),
        (5400, "1 h 30 min", "1h30m"),
        (86400, "1 d", "1d"),
        (100861, "1 d 4 h", "1d4h"),
        (math.inf, "never", "never"),
    ],
)
def test_durations(seconds: float, text: str, short: str) -> None:
    assert words.duration(seconds) == text
    assert words.short_duration(seconds) == short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "?"),
        (math.nan, "?"),
        (0, "0"),
        (0.01, "< 0.1"),
        (0.32, "0.3"),
        (3.0, "3"),
        (9.97, "10"),
        (1240.4, "1,240"),
    ],
)
def test_figures(value: float | None, text: str) -> None:
    assert words.figure(value) == text


def test_listing_and_demand() -> None:
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing("abc") == "a, b and c"
    assert words.listing("abcde") == "a, b, c and 2 more"
    assert words.demand("Sa 20:30") == "on Saturday at 20:30"
    assert words.demand("20:30") == "at 20:30"
    assert words.money(161000, "GBP") == "£\u00a0161,000"
    assert words.money(5, "SEK") == "SEK\u00a05"


def _by(by: str, matrix_: ImpactMatrix) -> ImpactMatrix:
    return ImpactMatrix(**{name: getattr(matrix_, name) for name in ImpactMatrix.__slots__} | {"by": by})


def test_verdicts() -> None:
    cat, small = catalog(), matrix()
    assert matrix_verdict(small, cat) == "2 of 10 components can block “Pay bill” by themselves within 4 h."
    assert matrix_verdict(_by("team", small), cat).startswith("2 of 10 teams can block “Pay bill” if all that one of")
    assert matrix_verdict(_by("scenario", small), cat) == "2 of 10 scenarios block “Pay bill” within 4 h."
    assert matrix_verdict(big_matrix(3, 0), cat).startswith("No journey is described yet")
    assert matrix_verdict(big_matrix(0, 3), cat).startswith("There is nothing")
    assert blast_title(blast_radius(), cat) == "Object storage (external, Nimbus Cloud) is lost for 4 h at peak"
    assert "380 customers blocked an hour" in blast_verdict(blast_radius(lasts_seconds=None), cat)


def test_groups_of_components_are_told_of_as_such() -> None:
    teams = by_team()
    assert matrix_verdict(teams, catalog()).startswith("2 of 2 teams can block “Pay bill” if all that one of them owns")
    assert row_heading(teams) == ("If all that ", " owns fails")
    page = html.render_matrix(teams, catalog())
    assert 'data-sort="owner"' not in page
    assert 'data-sort="tier"' not in page
    assert "| team | Report a fault |" in markdown.render_matrix(teams, catalog())


def test_blocked_by_a_flooded_channel_is_explained() -> None:
    result = blast_radius()
    assert turned_away_note(result) == ""
    fallen = replace(result.journeys[0], state="fallback")
    assert "turns away" in turned_away_note(replace(result, journeys=(fallen,)))


def test_times_of_change_keep_the_busiest() -> None:
    assert times_of_change(blast_radius(), 4) == ([0.0, 900.0, 3600.0], 0)
    assert times_of_change(blast_radius(), 2) == ([0.0, 900.0], 1)


def test_columns_of_one_domain_stand_together() -> None:
    mixed = big_matrix(5, 9)
    order = (0, 4, 1, 8, 2, 3, 5, 6, 7)
    shuffled = ImpactMatrix(
        **{name: getattr(mixed, name) for name in ImpactMatrix.__slots__}
        | {
            "columns": tuple(mixed.columns[j] for j in order),
            "state": mixed.state[:, order],
            "after_seconds": mixed.after_seconds[:, order],
        }
    )
    columns = columns_as_they_are(shuffled, catalog())
    assert columns.groups == ("Sales",) * 3 + ("Billing",) * 2 + ("Assurance",) * 4
    for place, source in enumerate(columns.source):
        assert (columns.state[:, place] == shuffled.state[:, source]).all()
        assert columns.blocked_by[place] == shuffled.columns[source].blocked_by
    worst = folded(shuffled, catalog(), "domain")
    assert worst.heads == ("Sales", "Billing", "Assurance")
    assert (worst.state[:, 0] == mixed.state[:, :3].max(axis=1)).all()
