"""The text of promtool tests: what is looked at when, and what it must give."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicescape.compile import names
from servicescape.compile.yaml_text import comment, scalar
from servicescape.model.units import Duration

_HEADER = "Written by servicescape from the service catalog; changes made here are lost. Run: promtool test rules FILE"
_HEADER_LINES = comment(_HEADER, "")


@dataclass(frozen=True, slots=True)
class Check:
    """An expression, when it is looked at, and the single number that it must give; None: nothing at all."""

    expr: str
    minute: int
    value: int | None


def head(rule_path: str) -> list[str]:
    """The beginning of a test file for the rules in a file."""
    # A test file lies as deep below its folder as rule files below theirs, and one level further.
    up = "../" * len(rule_path.split("/"))
    return [
        _HEADER_LINES,
        f"rule_files:\n  - {scalar(up + rule_path)}\n",
        "evaluation_interval: 1m\n",
        "tests:\n",
    ]


ANY_ALERT = 'alertname=~".+"'
"""Matcher of every alert."""


def ever_fired(slo: str, alerts: str, minutes: int) -> str:
    """Alerts with these matchers that fired at any time up to now."""
    matchers = f'{alerts},alertstate="firing",{names.SLO}="{slo}"'
    return f"count(count_over_time(ALERTS{{{matchers}}}[{minutes}m]))"


def firing_now(slo: str, alerts: str) -> str:
    """How many alerts with these matchers fire now."""
    return f'count(ALERTS{{{alerts},alertstate="firing",{names.SLO}="{slo}"}})'


def silent(slo: str, minute: int) -> list[Check]:
    """No alert of an SLO is there at a minute, pending or firing, and none has fired up to then."""
    return [
        Check(f'count(ALERTS{{{names.SLO}="{slo}"}})', minute, None),
        Check(ever_fired(slo, ANY_ALERT, minute), minute, None),
    ]


def whole_minutes(duration: Duration) -> int:
    """Minutes, rounded up."""
    return -(-duration.milliseconds // 60_000)


def test_text(name: str, series: Iterable[tuple[str, str]], checks: Iterable[Check]) -> list[str]:
    """One test: samples of series every minute, and what is expected of them."""
    out = [f"  - name: {scalar(name)}\n    interval: 1m\n    input_series:\n"]
    for labels, values in series:
        out.append(f"      - series: {scalar(labels)}\n        values: {scalar(values)}\n")
    out.append("    promql_expr_test:\n")
    for check in checks:
        samples = "[]" if check.value is None else f'[{{labels: "{{}}", value: {check.value}}}]'
        out.append(
            f"      - expr: {scalar(check.expr)}\n        eval_time: {check.minute}m\n        exp_samples: {samples}\n"
        )
    return out
