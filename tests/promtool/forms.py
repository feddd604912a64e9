"""Every form of indicator, each with traffic of its own: the same minutes, said in the way that the form reads them.

The series are written down here by hand. The tests that the compiler itself makes are no witness of what it computes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from servicescape.catalog.objective import Slo
from tests.promtool.harness import counter
from tests.support.slo_catalogs import slo

Minutes = Sequence[tuple[int, float, float]]
"""Stretches: so many minutes, events a minute, bad events a minute."""

MISSING = "_"


@dataclass(frozen=True)
class Form:
    """A form of indicator."""

    name: str
    indicator: dict[str, Any]
    series: Callable[[Minutes, int], dict[str, str]]
    """Its series for such minutes, one sample for each so many minutes."""
    has_idle: bool = True
    """Whether there is such a thing as no traffic."""
    errors: tuple[str, ...] = ()
    """Series that carry errors alone, which might not exist before the first."""
    group: str = ""
    """Matcher of the group that the traffic is for, where the query groups."""

    def slo(self, **spec: Any) -> Slo:
        """An SLO on it, called as the form."""
        return slo(self.name, indicator=self.indicator, **spec)


def total(minutes: Minutes, step: int = 1) -> str:
    """Counter of all events."""
    return counter(*((length, events) for length, events, _ in minutes), step=step)


def good(minutes: Minutes, step: int = 1) -> str:
    """Counter of good events."""
    return counter(*((length, events - bad) for length, events, bad in minutes), step=step)


def bad(minutes: Minutes, step: int = 1) -> str:
    """Counter of bad events."""
    return counter(*((length, bad) for length, _, bad in minutes), step=step)


def reading(minutes: Minutes, step: int = 1) -> str:
    """A gauge that reads the good share; nothing where there is no event."""
    pieces = []
    for index, (length, events, failed) in enumerate(minutes):
        count = length // step - (index > 0)
        pieces.append(f"{1 - failed / events:.9f}x{count}" if events else f"{MISSING}x{count + 1}")
    return " ".join(pieces)


def _by_code(metric: str, labels: str = "") -> Callable[[Minutes, int], dict[str, str]]:
    return lambda minutes, step: {
        f'{metric}{{code="200"{labels}}}': good(minutes, step),
        f'{metric}{{code="503"{labels}}}': bad(minutes, step),
    }


def _rate(selector: str, by: str = "") -> str:
    return f"sum{by} (rate({selector}[{{{{window}}}}]))"


FORMS = (
    Form(
        "ratio-bad",
        {"ratio": {"bad": _rate('bad_form_total{code=~"5.."}'), "total": _rate("bad_form_total")}},
        _by_code("bad_form_total"),
        errors=('bad_form_total{code="503"}',),
    ),
    Form(
        "ratio-good",
        {"ratio": {"good": _rate('good_form_total{code!~"5.."}'), "total": _rate("good_form_total")}},
        _by_code("good_form_total"),
        errors=('good_form_total{code="503"}',),
    ),
    Form(
        "grouped",
        {
            "ratio": {
                "bad": _rate('grouped_form_total{code=~"5.."}', " by (cluster)"),
                "total": _rate("grouped_form_total", " by (cluster)"),
            }
        },
        lambda minutes, step: {
            **_by_code("grouped_form_total", ',cluster="eu"')(minutes, step),
            'grouped_form_total{code="200",cluster="us"}': counter(
                (sum(length for length, *_ in minutes), 600.0), step=step
            ),
        },
        errors=('grouped_form_total{code="503",cluster="eu"}',),
        group='cluster="eu"',
    ),
    Form(
        "latency",
        {"latency": {"histogram": "request_seconds", "below": "300ms"}},
        lambda minutes, step: {
            "request_seconds_count": total(minutes, step),
            'request_seconds_bucket{le="0.3"}': good(minutes, step),
            'request_seconds_bucket{le="+Inf"}': total(minutes, step),
        },
    ),
    Form(
        "error-ratio",
        {"errorRatio": _rate('ratio_form_total{code="503"}') + " / " + _rate("ratio_form_total")},
        _by_code("ratio_form_total"),
        errors=('ratio_form_total{code="503"}',),
    ),
    Form(
        "error-ratio-of-readings",
        {"errorRatio": "1 - avg(avg_over_time(probe_success[{{window}}]))"},
        lambda minutes, step: {"probe_success": reading(minutes, step)},
        has_idle=False,
    ),
    Form(
        "gauge",
        {"gauge": "min(replication_ok)"},
        lambda minutes, step: {"replication_ok": reading(minutes, step)},
        has_idle=False,
    ),
)
BY_NAME = {form.name: form for form in FORMS}
