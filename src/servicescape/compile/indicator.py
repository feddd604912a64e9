"""What an SLO counts: its own queries or a shared Indicator's, filled in and read."""

import re
from dataclasses import dataclass
from fractions import Fraction

from servicescape.catalog.objective import Slo
from servicescape.compile.decimals import decimal_text
from servicescape.compile.names import RATE_WINDOW, SERIES_LABELS
from servicescape.compile.parameters import Values, arguments
from servicescape.compile.promql import Query, division, read_query
from servicescape.compile.template import METRIC_NAME, PLACEHOLDER, QueryError, escape, fill, placeholders
from servicescape.model.slo import LatencyQuery, RatioQueries
from servicescape.model.units import Duration

_WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Measurement:
    """The queries of an SLO over five minutes. Either `error_ratio` alone, or `total` with `bad` or `good`."""

    total: Query | None = None
    bad: Query | None = None
    good: Query | None = None
    error_ratio: Query | None = None
    divisor: Query | None = None
    """What `error_ratio` divides by, where it is one plain division."""
    good_may_be_missing: bool = True
    """Whether no `good` series means that no event was good; otherwise it means that nothing is known."""
    counts_time: bool = False
    """Whether it counts seconds (a gauge) instead of events."""

    @property
    def labels(self) -> frozenset[str] | None:
        """Labels by which the queries group; None where the queries do not tell."""
        query = self.total or self.error_ratio
        return query.labels if query else None


def measure(slo: Slo, window: Duration = RATE_WINDOW) -> Measurement:
    """Fills in and reads the queries of an SLO; raises QueryError where they cannot be used."""
    sli = slo.sli
    values = Values({_WINDOW: window.canonical()})
    if sli.use is not None:
        if slo.indicator is None:
            raise QueryError(f"the indicator `{sli.use}` is not defined")
        spec = slo.indicator.entity.spec
        values = arguments(spec.params, sli.with_, sli.use, {_WINDOW: window.canonical()})
        ratio, error_ratio, latency, gauge = spec.ratio, spec.error_ratio, spec.latency, spec.gauge
    else:
        ratio, error_ratio, latency, gauge = sli.ratio, sli.error_ratio, sli.latency, sli.gauge
    if ratio is not None:
        measurement = _ratio(ratio, values)
    elif error_ratio is not None:
        query = _ranged(error_ratio, values, "errorRatio")
        sides = division(query.text)
        measurement = Measurement(error_ratio=query, divisor=sides[1] if sides else None)
    elif latency is not None:
        measurement = _latency(latency, values)
    elif gauge is not None:
        measurement = _gauge(gauge, values)
    else:
        raise QueryError("it has no query")
    taken = SERIES_LABELS.intersection(measurement.labels or ())
    if taken:
        raise QueryError(
            f"the query groups by `{'`, `'.join(sorted(taken))}`, which every rule sets itself: "
            "rename the label with label_replace"
        )
    return measurement


def _ranged(template: str, values: Values, field: str) -> Query:
    if _WINDOW not in placeholders(template):
        raise QueryError(f"`{field}` has no `{{{{window}}}}`: write it as the range, `[{{{{window}}}}]`")
    return read_query(fill(template, values.by_name, values.texts))


def _ratio(ratio: RatioQueries, values: Values) -> Measurement:
    total = _ranged(ratio.total, values, "total")
    field = "bad" if ratio.bad is not None else "good"
    part = _ranged(ratio.bad or ratio.good or "", values, field)
    if total.labels is not None and part.labels is not None and total.labels != part.labels:
        raise QueryError(
            f"`{field}` gives series by {_listed(part.labels)} and `total` by {_listed(total.labels)}: "
            "no series of one has its match in the other"
        )
    if part.text == total.text:
        raise QueryError(f"`{field}` and `total` are the same query")
    return Measurement(total=total, bad=part) if field == "bad" else Measurement(total=total, good=part)


def _listed(labels: frozenset[str]) -> str:
    return f"({', '.join(sorted(labels))})" if labels else "no label"


def _latency(latency: LatencyQuery, values: Values) -> Measurement:
    """A classic histogram counts what is at most a bucket's bound, which stands for "faster than" it.

    A native one gives the share between two bounds by interpolation
    (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_fraction).
    """
    matchers = [f'{name}="{escape(_fill_plain(value, values))}"' for name, value in sorted(latency.matchers.items())]
    selector = "{" + ",".join(matchers) + "}" if matchers else ""
    name, window = _fill_plain(latency.histogram, values), values.by_name[_WINDOW]
    if not METRIC_NAME.fullmatch(name):
        raise QueryError(f"{name!r} is not the name of a histogram")
    bound = _bound(name, latency, values)
    if latency.native:
        rates = f"sum(rate({name}{selector}[{window}]))"
        return Measurement(
            total=read_query(f"histogram_count({rates})"),
            bad=read_query(f"histogram_count({rates}) * (1 - histogram_fraction(0, {bound}, {rates}))"),
        )
    # Integral bounds read `le="1"` or `le="1.0"`, by the client library and the version of Prometheus.
    le = f'le="{bound}"' if "." in bound else f'le=~"{bound}|{bound}\\\\.0"'
    bucket = "{" + ",".join([*matchers, le]) + "}"
    return Measurement(
        total=read_query(f"sum(rate({name}_count{selector}[{window}]))"),
        good=read_query(f"sum(rate({name}_bucket{bucket}[{window}]))"),
        good_may_be_missing=False,
    )


def _bound(name: str, latency: LatencyQuery, values: Values) -> str:
    below = latency.below
    if isinstance(below, str):
        text = _fill_plain(below, values)
        try:
            below = Duration.parse(text)
        except ValueError:
            raise QueryError(f"`below` must be a duration with its unit, such as `300ms`, not {text!r}") from None
        if not below.milliseconds:
            raise QueryError("`below` must be longer than zero")
    in_milliseconds = name.endswith(("_milliseconds", "_ms"))
    return decimal_text(Fraction(below.milliseconds, 1 if in_milliseconds else 1000))


def _fill_plain(text: str, values: Values) -> str:
    """A text that is not PromQL with its parameters, not yet escaped."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in values.by_name:
            raise QueryError(f"`latency` uses `{{{{{match[1]}}}}}`, for which there is no value")
        return values.by_name[match[1]]

    return PLACEHOLDER.sub(value, text)


def _gauge(template: str, values: Values) -> Measurement:
    """Counts time: one event a second while there is a reading, bad as far as the reading is below 1."""
    query = read_query(fill(template, values.by_name, values.texts))
    window = values.by_name[_WINDOW]
    return Measurement(
        total=read_query(f"avg_over_time({_inside(query)}[{window}:1m]) * 0 + 1"),
        bad=read_query(f"1 - avg_over_time((clamp({query.text}, 0, 1) >= 0)[{window}:1m])"),
        counts_time=True,
    )


def _inside(query: Query) -> str:
    return f"({query.text} >= 0)" if query.is_atomic else f"(({query.text}) >= 0)"
