"""Foreign queries in the form that the catalog's own have: with `{{window}}` for the range.

Done on the text, token by token, so that every character stays where its author put it and nothing within a string or
a comment is touched. Whether the result is PromQL is for the rules to say, at the same place.
"""

import re
from collections.abc import Sequence

from servicescape.diagnostics.records import record

WINDOW = "{{window}}"
_STRING = r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`"""
_GO_WINDOW = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_OWN_WINDOW = re.compile(r"\{\{\s*window\s*\}\}")
_RANGES = re.compile(rf"(?P<skip>{_STRING}|\#[^\n]*)|\[(?P<range>[^\]]*)\]", re.DOTALL)
_BRACES = rf"\{{(?:[^{{}}\"'`]|{_STRING})*\}}"
_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<comment>\#[^\n]*)|(?P<name>{_NAME})|(?P<braces>{_BRACES})|(?P<sign>[-+()])|(?P<other>.)",
    re.DOTALL,
)
_SELECTOR = re.compile(rf"\s*(?P<metric>{_NAME})\s*(?P<braces>{_BRACES})?\s*", re.DOTALL)
_MATCHER = re.compile(
    rf"\s*(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*(?P<op>=~|!~|!=|=)\s*(?P<value>{_STRING})\s*(?:,|$)", re.DOTALL
)
_HISTOGRAM = re.compile(r"_bucket\b|\bhistogram_(?:quantile|fraction)\b")
_WORDS = frozenset({"and", "or", "unless", "on", "ignoring", "group_left", "group_right", "bool", "offset"})


def with_window(query: str) -> str:
    """Go's `{{.window}}` as `{{ window}}`: of the same length, so that places in the text stay what they are."""
    return _GO_WINDOW.sub(lambda match: match[0].replace(".", " ").replace("-", " "), query)


def foreign_action(query: str) -> str | None:
    """The first template action of a query, as `with_window` gave it, that is not the window; None without one."""
    return next((match[0] for match in _ACTION.finditer(query) if not _OWN_WINDOW.fullmatch(match[0])), None)


def has_window(query: str) -> bool:
    """Whether a query has `{{window}}` in it."""
    return _OWN_WINDOW.search(query) is not None


def ranges(query: str) -> list[str]:
    """What stands in brackets outside of strings: `5m` for `[5m]`, `1h:1m` for a subquery."""
    return [match["range"].strip() for match in _RANGES.finditer(query) if match["skip"] is None]


def with_window_for_ranges(query: str) -> str:
    """A query with `{{window}}` in place of all its ranges."""
    return _RANGES.sub(lambda match: match[0] if match["skip"] is not None else f"[{WINDOW}]", query)


def rates_of_counters(query: str) -> str | None:
    """A sum over bare counters as the same sum over their rates; None for anything that is no plain sum.

    A rate may be taken inside of sums, differences and parentheses, and of nothing else: only there it comes to the
    same as the rate of the whole.
    """
    tokens = [(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(query) if match.lastgroup != "comment"]
    solid = [number for number, (kind, _) in enumerate(tokens) if kind != "space"]
    out: list[str] = []
    position = 0
    found = False
    while position < len(tokens):
        kind, text = tokens[position]
        following = next((number for number in solid if number > position), None)
        after = tokens[following] if following is not None else ("", "")
        is_sum = kind == "name" and text.lower() == "sum" and after[1].lower() in ("(", "by", "without")
        if is_sum or kind in ("space", "sign"):
            out.append(text)
        elif kind == "name" and text.lower() in ("by", "without") and after[1] == "(":
            end = next((number for number in solid if number > position and tokens[number][1] == ")"), None)
            if end is None:
                return None
            out.extend(each for _, each in tokens[position : end + 1])
            position = end
        elif kind == "braces" or (kind == "name" and after[1] != "(" and text.lower() not in _WORDS):
            selector = text
            if kind == "name" and after[0] == "braces" and following is not None:
                selector += after[1]
                position = following
            out.append(f"rate({selector}[{WINDOW}])")
            found = True
        else:
            return None
        position += 1
    return "".join(out) if found else None


def mean_over_window(query: str) -> str:
    """The mean over the window of a query without a range of its own, sampled once a minute."""
    return f"avg_over_time(({query.strip()})[{WINDOW}:1m])"


def measures_of(*queries: str) -> str:
    """What some queries measure, as far as they tell: histograms are there for latencies."""
    return "latency" if any(_HISTOGRAM.search(query) for query in queries) else "availability"


@record()
class Selector:
    """A metric and its conditions, as written."""

    text: str
    metric: str
    matchers: tuple[tuple[str, str, str], ...]
    """Label, operator, and the value as written, with its quotes."""

    def equal_to(self, name: str) -> str | None:
        """The value that a label must have; None where it may have several, or one that needs escapes."""
        return next((_plain(value) for label, op, value in self.matchers if label == name and op == "="), None)

    def equalities(self) -> dict[str, str] | None:
        """All conditions, where each asks for one plain value; None otherwise."""
        found: dict[str, str] = {}
        for label, op, value in self.matchers:
            plain = _plain(value)
            if op != "=" or plain is None or label in found or "{{" in plain:
                return None
            found[label] = plain
        return found


def _plain(value: str) -> str | None:
    return value[1:-1] if "\\" not in value or value[0] == "`" else None


def read_selector(text: str) -> Selector | None:
    """A single selector such as `up{job="api"}`; None for anything else."""
    match = _SELECTOR.fullmatch(text)
    if match is None:
        return None
    body = (match["braces"] or "{}")[1:-1]
    matchers: list[tuple[str, str, str]] = []
    position = 0
    while body[position:].strip():
        found = _MATCHER.match(body, position)
        if found is None:
            return None
        matchers.append((found["name"], found["op"], found["value"]))
        position = found.end()
    return Selector(text.strip(), match["metric"], tuple(matchers))


def summed(function: str, selector: Selector, grouping: Sequence[str] = ()) -> str:
    """The sum of a function over the window, by some labels."""
    by = f" by ({', '.join(grouping)}) " if grouping else ""
    return f"sum{by}({function}({selector.text}[{WINDOW}]))"
