"""Did-you-mean: right when it speaks, silent when in doubt, the same every time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.diagnostics.suggest import fold, nearest, ranked_candidates

NAMES = ["payments", "pricing", "basket", "stock", "api", "web", "postgres-main", "identity", "crm"]


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("paymnts", "payments"),
        ("paymentss", "payments"),
        ("apyments", "payments"),
        ("Payments", "payments"),
        ("PAYMENTS", "payments"),
        ("baskte", "basket"),
        ("postgres_main", "postgres-main"),
        ("postgresMain", "postgres-main"),
        ("postgres", "postgres-main"),
        ("stok", "stock"),
        ("wbe", "web"),
        ("ai", "api"),
    ],
)
def test_what_was_meant(typo: str, meant: str) -> None:
    assert nearest(typo, NAMES) == meant


@pytest.mark.parametrize("typo", ["", "-", "zebra", "cms2", "x", "payroll", "stack-overflow", "é"])
def test_no_guess_where_nothing_is_close(typo: str) -> None:
    assert nearest(typo, NAMES) is None


def test_the_name_itself_is_no_suggestion() -> None:
    assert nearest("api", ["api"]) is None
    assert nearest("api", []) is None


def test_short_names_are_not_turned_into_others() -> None:
    assert nearest("db", ["cd", "qa"]) is None
    assert nearest("a", ["b"]) is None


def test_two_mistakes_need_the_first_letter() -> None:
    assert nearest("xayments-apo", ["payments-api"]) is None
    assert nearest("paymints-apo", ["payments-api"]) == "payments-api"


def test_never_more_than_three_mistakes() -> None:
    long = "a-very-long-name-of-a-service"
    assert nearest("a-vary-lung-nime-of-a-service", [long]) == long
    assert nearest("a-vary-lung-nime-of-b-service", [long]) is None


def test_a_part_of_two_names_is_no_suggestion() -> None:
    assert nearest("cache", ["redis-cache", "cache-eu"]) is None


def test_ties_are_broken_by_the_alphabet() -> None:
    assert nearest("cat", ["cart", "bat", "cut"]) == "bat"


@given(st.text(max_size=12), st.lists(st.text(alphabet="abc-_.A", min_size=1, max_size=8), max_size=12), st.randoms())
def test_order_does_not_matter(name: str, candidates: list[str], rng: random.Random) -> None:
    shuffled = rng.sample(candidates, len(candidates))
    ranked = ranked_candidates(name, candidates)
    assert ranked == ranked_candidates(name, shuffled) == ranked_candidates(name, set(candidates))
    assert name not in ranked
    assert nearest(name, candidates) == (ranked[0] if ranked else None)


@given(st.text(max_size=20))
def test_spellings_of_one_name_fold_to_one(name: str) -> None:
    assert fold(name) == fold(name.replace("-", "_")) == fold(f" {name} ")
