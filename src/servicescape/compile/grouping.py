"""Which rules stand together: groups of several SLOs, and the server that evaluates them.

Rules of one group are evaluated one after another, and the rules of an SLO build upon each other. They therefore stay
together and in order. Rules of different SLOs know nothing of each other, so that their order means nothing; a slow
query of one delays those behind it, which is why an SLO has a group of its own unless the settings ask for fewer.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from servicescape.compile.rule import Group

_BITS = 1 << 64


def pack(groups: Iterable[Group], most: int) -> tuple[Group, ...]:
    """Groups of one file joined to groups of at most `most` rules; 0 leaves them as they are.

    They are filled in order, and each is named after the first SLO in it. A group that is larger by itself stays alone:
    taking it apart would let its rules see what was recorded a minute ago.
    """
    if not most:
        return tuple(groups)
    packed: list[list[Group]] = []
    room = 0
    for group in groups:
        if not packed or len(group.rules) > room or packed[-1][0].interval != group.interval:
            packed.append([])
            room = most
        packed[-1].append(group)
        room -= len(group.rules)
    return tuple(_joined(members) for members in packed)


def _joined(members: Sequence[Group]) -> Group:
    if len(members) == 1:
        return members[0]
    return Group(
        members[0].name,
        members[0].interval,
        tuple(rule for member in members for rule in member.rules),
        "\n".join(member.comment for member in members if member.comment),
    )


def shard_of(key: str, shards: int) -> int:
    """Which of so many servers a key belongs to, 0 for the first.

    It depends on nothing but the key, so that another SLO moves none; and one server more takes its share from all
    others and moves nothing among those (a jump consistent hash, https://arxiv.org/abs/1406.2294).
    """
    state = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")
    shard, following = -1, 0
    while following < shards:
        shard = following
        state = (state * 2862933555777941757 + 1) % _BITS
        following = int((shard + 1) * (2**31 / ((state >> 33) + 1)))
    return shard
