"""What an SLO counts: its own queries or a shared Indicator's, filled in and read."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from servicescape.catalog.objective import Slo
from servicescape.compile.decimals import decimal_text
from servicescape.compile.names import RATE_WINDOW, SERIES_LABELS
from servicescape.compile.promql import Query, division, read_query
from servicescape.compile.template import PLACEHOLDER, QueryError, escape, fill, placeholders
from servicescape.model.slo import LatencyQuery, RatioQueries

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


def measure(slo: Slo) -> Measurement:
    """Fills in and reads the queries of an SLO; raises QueryError where they cannot be used."""
    sli = slo.sli
    values = {_WINDOW: str(RATE_WINDOW)}
    if sli.use is not None:
        if slo.indicator is None:
            raise QueryError(f"the indicator `{sli.use}` is not defined")
        spec = slo.indicator.entity.spec
        values |= _arguments(spec.params, sli.with_, sli.use)
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


def _arguments(params: Mapping[str, object], given: Mapping[str, str], indicator: str) -> dict[str, str]:
    if _WINDOW in params:
        raise QueryError(f"indicator `{indicator}` calls a parameter `window`, which is the name of the range")
    unknown = sorted(given.keys() - params.keys())
    if unknown:
        raise QueryError(f"indicator `{indicator}` has no parameter `{unknown[0]}`")
    values = {name: getattr(parameter, "default", None) for name, parameter in params.items()} | dict(given)
    missing = sorted(name for name, value in values.items() if value is None)
    if missing:
        raise QueryError(f"indicator `{indicator}` needs a value for `{missing[0]}`")
    return {name: value for name, value in values.items() if value is not None}


def _ranged(template: str, values: Mapping[str, str], field: str) -> Query:
    if _WINDOW not in placeholders(template):
        raise QueryError(f"`{field}` has no `{{{{window}}}}`: write it as the range, `[{{{{window}}}}]`")
    return read_query(fill(template, values))


def _ratio(ratio: RatioQueries, values: Mapping[str, str]) -> Measurement:
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


def _latency(latency: LatencyQuery, values: Mapping[str, str]) -> Measurement:
    """A classic histogram counts what is at most a bucket's bound, which stands for "faster than" it.

    A native one gives the share between two bounds by interpolation
    (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_fraction).
    """
    matchers = [f'{name}="{escape(_fill_plain(value, values))}"' for name, value in sorted(latency.matchers.items())]
    selector = "{" + ",".join(matchers) + "}" if matchers else ""
    name, window = latency.histogram, str(RATE_WINDOW)
    bound = _bound(latency)
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


def _bound(latency: LatencyQuery) -> str:
    in_milliseconds = latency.histogram.endswith(("_milliseconds", "_ms"))
    return decimal_text(Fraction(latency.below.milliseconds, 1 if in_milliseconds else 1000))


def _fill_plain(text: str, values: Mapping[str, str]) -> str:
    """A label value with its parameters, not yet escaped."""
    for name in placeholders(f'"{text}"') if "{{" in text else ():
        if name not in values:
            raise QueryError(f"a matcher uses `{{{{{name}}}}}`, for which there is no value")
    if "{{" not in text:
        return text
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _gauge(template: str, values: Mapping[str, str]) -> Measurement:
    """Counts time: one event a second while there is a reading, bad as far as the reading is below 1."""
    query = read_query(fill(template, values))
    window = str(RATE_WINDOW)
    return Measurement(
        total=read_query(f"avg_over_time({_inside(query)}[{window}:1m]) * 0 + 1"),
        bad=read_query(f"1 - avg_over_time((clamp({query.text}, 0, 1) >= 0)[{window}:1m])"),
        counts_time=True,
    )


def _inside(query: Query) -> str:
    return f"({query.text} >= 0)" if query.is_atomic else f"(({query.text}) >= 0)"
