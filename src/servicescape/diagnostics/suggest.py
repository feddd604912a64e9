"""Did-you-mean: the one known name that a misspelt one most likely stands for.

Conservative on purpose: a wrong suggestion costs more than none. The distance is optimal string alignment
(insertion, deletion, substitution and swap of neighbours cost 1 each). One mistake in four characters is allowed, at
most three in all and always one; with two or more the first letter must be right. Names that differ only in case or
in `_`, `-`, `.` and spaces always match. Where no spelling is close, a name of which the other is a whole part
(`postgres`, `postgres-main`) is offered if there is only one. Ties are broken by the alphabet.
"""

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate closest to `name`, or None where nothing is close enough. Deterministic."""
    ranked = ranked_candidates(name, candidates)
    return ranked[0] if ranked else None


def ranked_candidates(name: str, candidates: Iterable[str]) -> list[str]:
    """Every candidate close enough to `name`, nearest first, ties by alphabet."""
    folded = fold(name)
    if not folded:
        return []
    found: list[tuple[int, str]] = []
    longer: list[str] = []
    for candidate in set(candidates):
        if candidate == name:
            continue
        other = fold(candidate)
        limit = min(_MOST_MISTAKES, max(1, max(len(folded), len(other)) // _LENGTH_PER_MISTAKE))
        if abs(len(folded) - len(other)) <= limit:
            distance = _distance(folded, other, limit)
            if distance is not None and (distance < 2 or folded[0] == other[0]) and distance < len(folded):
                found.append((distance, candidate))
                continue
        if _is_whole_part(name.casefold(), candidate.casefold()):
            longer.append(candidate)
    if not found:
        return longer if len(longer) == 1 else []
    return [candidate for _, candidate in sorted(found)]


_MOST_MISTAKES = 3
_LENGTH_PER_MISTAKE = 4
_SHORTEST_PART = 4


def fold(name: str) -> str:
    """The form in which two spellings of one name are equal: no case, no separators."""
    return name.casefold().translate(_SEPARATORS)


_SEPARATORS = str.maketrans("", "", "_-. /")


def _is_whole_part(short: str, long: str) -> bool:
    """Whether one name is the other with something put before or behind it at a dash."""
    if len(short) > len(long):
        short, long = long, short
    return len(short) >= _SHORTEST_PART and (long.startswith(f"{short}-") or long.endswith(f"-{short}"))


def _distance(left: str, right: str, limit: int) -> int | None:
    """Optimal string alignment distance, or None where it is over `limit`."""
    if left == right:
        return 0
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (char != other))
            if i > 1 and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return None
        before_last, last = last, row
    return last[-1] if last[-1] <= limit else None
