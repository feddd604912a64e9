from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.compile.grouping import pack, shard_of
from servicescape.compile.rule import Group, record


def group(name: str, rules: int) -> Group:
    return Group(name, "1m", tuple(record(f"{name}:{number}", "vector(1)", {}) for number in range(rules)), name)


sizes = st.lists(st.integers(1, 30), max_size=12)


@given(sizes=sizes, most=st.integers(0, 60))
def test_packing_keeps_every_rule_in_order_and_together(sizes: list[int], most: int) -> None:
    groups = [group(f"slo-{number}", size) for number, size in enumerate(sizes)]
    packed = pack(groups, most)
    assert [rule for one in packed for rule in one.rules] == [rule for one in groups for rule in one.rules]
    assert len({one.name for one in packed}) == len(packed)
    for one in groups:
        assert (
            sum({rule.record for rule in one.rules} <= {rule.record for rule in whole.rules} for whole in packed) == 1
        )
    if most:
        assert all(len(one.rules) <= most or one in groups for one in packed)


def test_groups_are_filled_and_named_after_their_first_slo() -> None:
    packed = pack([group("a", 20), group("b", 20), group("c", 5), group("d", 16)], 45)
    assert [(one.name, len(one.rules)) for one in packed] == [("a", 45), ("d", 16)]
    assert packed[0].comment == "a\nb\nc"


def test_without_a_limit_each_slo_has_its_own_group() -> None:
    groups = [group("a", 2), group("b", 2)]
    assert pack(groups, 0) == tuple(groups)


KEYS = [f"service:part-{number}" for number in range(4000)]


@pytest.mark.parametrize("shards", [1, 2, 3, 7, 16])
def test_one_shard_more_moves_its_share_and_nothing_else(shards: int) -> None:
    before = {key: shard_of(key, shards) for key in KEYS}
    after = {key: shard_of(key, shards + 1) for key in KEYS}
    moved = [key for key in KEYS if before[key] != after[key]]
    assert all(after[key] == shards for key in moved)
    assert len(moved) == pytest.approx(len(KEYS) / (shards + 1), rel=0.2)


@pytest.mark.parametrize("shards", [2, 5, 16])
def test_shards_are_of_like_size(shards: int) -> None:
    sizes = Counter(shard_of(key, shards) for key in KEYS)
    assert set(sizes) == set(range(shards))
    assert max(sizes.values()) < 1.3 * len(KEYS) / shards


@settings(max_examples=200)
@given(key=st.text(max_size=20), shards=st.integers(1, 1024))
def test_a_shard_is_one_of_them(key: str, shards: int) -> None:
    assert 0 <= shard_of(key, shards) < shards


def test_shards_never_change_from_one_version_to_the_next() -> None:
    # Rules would move between servers, and their budgets would start anew there.
    assert [shard_of(key, 8) for key in KEYS[:12]] == FIRST


FIRST = [0, 7, 2, 4, 6, 1, 0, 0, 6, 4, 3, 7]
