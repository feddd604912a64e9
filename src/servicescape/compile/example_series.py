"""Series that a query would find: label values that satisfy its matchers, and traffic as promtool writes it."""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from servicescape.compile.promql import LabelMatcher, Selector
from servicescape.compile.template import escape

_METRIC = "__name__"
_CANDIDATES = ("", "200", "ok", "a", "500", "0", "1", "GET", "a-1", "/a")
_ATOM = re.compile(r"\\(?P<escaped>.)|\[(?P<negated>\^?)(?P<class>\]?(?:\\.|[^\]\\])*)\]|(?P<plain>[^|()\[\]{}*+?\\])")
_REPEAT = re.compile(r"[*+?]\??|\{(?P<least>\d+)(?:,\d*)?\}\??")
_ESCAPED_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t"}

Labels = dict[str, str]


def example(selector: Selector) -> Labels | None:
    """Labels of a series that the selector finds, its name under `__name__`; None where none was thought of."""
    found: Labels = {}
    for label, matchers in _by_label(selector).items():
        value = _value(matchers)
        if value is None:
            return None
        if value:
            found[label] = value
    return found if _METRIC in found else None


def counterexample(inner: Selector, outer: Selector, base: Labels) -> Labels | None:
    """Labels of a series that `outer` finds and `inner` does not, as near to `base` as can be, or None."""
    theirs = _by_label(outer)
    for label, matchers in _by_label(inner).items():
        if label == _METRIC:
            continue
        for value in (*_CANDIDATES, *_refused(matchers), *_samples(theirs.get(label, ()))):
            fits = all(_holds(matcher, value) for matcher in theirs.get(label, ()))
            if fits and not all(_holds(matcher, value) for matcher in matchers):
                changed = {**base, label: value}
                if not value:
                    del changed[label]
                return changed
    return None


def is_found(selector: Selector, labels: Labels) -> bool:
    """Whether the selector finds a series with these labels."""
    return all(
        _holds(matcher, labels.get(label, ""))
        for label, matchers in _by_label(selector).items()
        for matcher in matchers
    )


def _by_label(selector: Selector) -> dict[str, list[LabelMatcher]]:
    found: dict[str, list[LabelMatcher]] = defaultdict(list)
    if selector.metric:
        found[_METRIC].append(LabelMatcher(_METRIC, "=", selector.metric))
    for matcher in selector.matchers:
        found[matcher.name].append(matcher)
    return found


def _value(matchers: Sequence[LabelMatcher]) -> str | None:
    for candidate in (*_samples(matchers), *_CANDIDATES):
        if all(_holds(matcher, candidate) for matcher in matchers):
            return candidate
    return None


def _samples(matchers: Iterable[LabelMatcher]) -> list[str]:
    found = [matcher.value for matcher in matchers if matcher.op == "="]
    for matcher in matchers:
        if matcher.op == "=~":
            # The whole expression first, then each of its alternatives, as far as splitting it at `|` makes sense.
            for part in (matcher.value, *matcher.value.split("|")):
                sample = sample_of(part)
                if sample is not None:
                    found.append(sample)
    return found


def _refused(matchers: Iterable[LabelMatcher]) -> list[str]:
    """Values that negative matchers name."""
    found = [matcher.value for matcher in matchers if matcher.op == "!="]
    samples = [sample_of(matcher.value) for matcher in matchers if matcher.op == "!~"]
    return found + [sample for sample in samples if sample is not None]


def _holds(matcher: LabelMatcher, value: str) -> bool:
    if matcher.op in ("=", "!="):
        return (matcher.value == value) == (matcher.op == "=")
    pattern = _compiled(matcher.value)
    if pattern is None:
        return False
    return (pattern.fullmatch(value) is not None) == (matcher.op == "=~")


@lru_cache(maxsize=4096)
def _compiled(regex: str) -> re.Pattern[str] | None:
    # Python's expressions are close to RE2's; where they differ, the SLO goes without a test, and says so.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.compile(regex, re.DOTALL)
        except (re.error, RecursionError, OverflowError):
            return None


@lru_cache(maxsize=4096)
def sample_of(regex: str) -> str | None:
    """A text that a regular expression matches as a whole; None where none was found."""
    try:
        text, end = _alternation(regex, 0)
    except (ValueError, IndexError, RecursionError, StopIteration):
        return None
    pattern = _compiled(regex)
    if end != len(regex) or pattern is None or pattern.fullmatch(text) is None:
        return None
    return text


def _alternation(regex: str, index: int) -> tuple[str, int]:
    """The first alternative that is not empty, and where the alternation ends."""
    best = ""
    while True:
        text, index = _sequence(regex, index)
        best = best or text
        if index >= len(regex) or regex[index] != "|":
            return best, index
        index += 1


def _sequence(regex: str, index: int) -> tuple[str, int]:
    out = ""
    while index < len(regex) and regex[index] not in "|)":
        if regex[index] == "(":
            start = re.compile(r"\((?:\?(?:[a-zA-Z-]*:|P?<\w+>))?").match(regex, index)
            assert start is not None
            text, index = _alternation(regex, start.end())
            if regex[index] != ")":
                raise ValueError(regex)
            index += 1
        elif regex[index] in "^$":
            text, index = "", index + 1
        else:
            match = _ATOM.match(regex, index)
            if match is None:
                raise ValueError(regex)
            text, index = _atom(match), match.end()
        repeat = _REPEAT.match(regex, index)
        if repeat:
            index = repeat.end()
            text *= int(repeat["least"]) if repeat["least"] else 1
        out += text
    return out, index


def _atom(match: re.Match[str]) -> str:
    escaped = match["escaped"]
    if escaped:
        return _ESCAPED_CLASSES.get(escaped, escaped)
    if match["class"] is None:
        plain = match["plain"]
        return "0" if plain == "." else plain
    inside = match["class"]
    if match["negated"]:
        pattern = _compiled(match[0])
        return next(char for char in "a0Z-_/ " if pattern is not None and pattern.fullmatch(char))
    if inside.startswith("\\"):
        return _ESCAPED_CLASSES.get(inside[1], inside[1])
    return inside[0]


def series_text(labels: Labels) -> str:
    """A series as promtool's `input_series` writes it."""
    pairs = ",".join(f'{name}="{escape(value)}"' for name, value in sorted(labels.items()) if name != _METRIC)
    return f"{labels[_METRIC]}{{{pairs}}}" if pairs else labels[_METRIC]
