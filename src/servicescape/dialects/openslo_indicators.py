"""Indicators of OpenSLO as those of the catalog: queries of Prometheus, with `{{window}}` for the range."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from servicescape.diagnostics.records import record
from servicescape.dialects import queries
from servicescape.dialects.draft import Path
from servicescape.dialects.shapes import Reader

_PROMETHEUS = frozenset({"prometheus", "promql", "thanos", "mimir", "cortex", "victoriametrics", "amazonprometheus"})
_QUERY_KEYS = ("query", "promql")
_OPERATORS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_INDICATOR: Path = ("spec", "indicator")


@record()
class Metric:
    """One query of an indicator."""

    query: str | None
    source: str | None
    """Type of the data source that answers it."""
    path: Path
    """Where the query stands."""
    source_path: Path
    """Where the type of the data source stands, or should."""


@record()
class Indicator:
    """How good and bad are told apart: by a threshold, by two counts, or by a ratio that somebody else works out."""

    reader: Reader
    """Of the object in which it stands."""
    path: Path
    metrics: Mapping[str, Metric]
    """By `threshold`, `good`, `bad`, `total` and `raw`."""
    is_counter: bool | None = None
    raw_type: str | None = None

    @property
    def is_threshold(self) -> bool:
        """Whether an objective's `op` and `value` belong to it."""
        return "threshold" in self.metrics


@record()
class Made:
    """An indicator in the words of the catalog."""

    form: dict[str, Any]
    moved: dict[Path, Path]
    measures: str


def read_indicator(
    reader: Reader, spec: dict[str, Any], path: Path, type_of: Callable[[str], str | None]
) -> Indicator | None:
    """An indicator of `openslo/v1`; `type_of` gives the type of a DataSource by name."""
    threshold, ratio = spec.get("thresholdMetric"), spec.get("ratioMetric")
    if (threshold is None) == (ratio is None):
        reader.wrong(
            path,
            "exactly one of `thresholdMetric` and `ratioMetric` is needed",
            label="how good and bad are told apart",
            advice="keep one of them" if ratio is not None else "add one of them",
        )
        return None
    if threshold is not None:
        metric = _metric(reader, threshold, (*path, "thresholdMetric"), type_of)
        return Indicator(reader, path, {"threshold": metric})
    assert ratio is not None
    here = (*path, "ratioMetric")
    parts = {key for key in ("good", "bad", "total", "raw") if key in ratio}
    if parts not in ({"good", "total"}, {"bad", "total"}, {"raw"}):
        reader.wrong(
            here,
            "`ratioMetric` needs `total` with either `good` or `bad`, or `raw` alone",
            label=f"here is {', '.join(f'`{part}`' for part in sorted(parts))}" if parts else "here is none of them",
            advice="keep two of them, or `raw` with its `rawType`",
        )
        return None
    raw_type = ratio.get("rawType")
    if "raw" in parts and raw_type not in ("success", "failure"):
        if raw_type is None:
            reader.missing((*here, "rawType"))
        else:
            reader.no_word((*here, "rawType"), raw_type, ("success", "failure"))
        return None
    metrics = {part: _metric(reader, ratio[part], (*here, part), type_of) for part in sorted(parts)}
    return Indicator(reader, path, metrics, ratio.get("counter"), raw_type)


def _metric(reader: Reader, value: dict[str, Any], path: Path, type_of: Callable[[str], str | None]) -> Metric:
    source, here = value.get("metricSource", {}), (*path, "metricSource")
    kind, reference = source.get("type"), source.get("metricSourceRef")
    if reference is not None:
        kind = type_of(reference) or kind
        if kind is None:
            reader.wrong(
                (*here, "metricSourceRef"),
                f"no DataSource is called `{reference}`",
                label="which says what answers the query",
                advice="define it, or add the `type` here",
            )
    elif kind is None and source:
        reader.missing((*here, "type"))
    spec = source.get("spec", {})
    key = next((key for key in _QUERY_KEYS if isinstance(spec.get(key), str)), None)
    if kind is not None and kind.casefold() in _PROMETHEUS:
        for other in spec:
            if key is None and other in _QUERY_KEYS and spec[other] is not None:
                message, advice = f"`{other}` needs text, and this is something else", "write a query of Prometheus"
                reader.wrong((*here, "spec", other), message, label="expected text", advice=advice)
            elif other != key:
                reader.not_carried(
                    (*here, "spec", other), "only the query is taken over; put what it says into the query"
                )
    return Metric(spec[key] if key else None, kind, (*here, "spec", key or "query"), (*here, "type"))


def make(indicator: Indicator, what: str, objective: dict[str, Any], at: tuple[Reader, Path]) -> Made | None:
    """The indicator in our words, for one objective; None where that is impossible, which is reported.

    `at` is where the objective stands: its `op` and `value` decide what a threshold means.
    """
    for name, metric in sorted(indicator.metrics.items()):
        if not _is_usable(indicator.reader, metric, what):
            return None
        assert metric.query is not None
        action = queries.foreign_action(queries.with_window(metric.query))
        if action is not None:
            indicator.reader.left_out(
                metric.path,
                what,
                f"the query `{name}` uses the template `{action}`",
                "write the query out; only `{{.window}}` can stand in it, for the range",
            )
            return None
    if indicator.is_threshold:
        return _threshold(indicator, objective, at)
    if "raw" in indicator.metrics:
        return _raw(indicator)
    return _ratio(indicator, what)


def _is_usable(reader: Reader, metric: Metric, what: str) -> bool:
    if metric.source is None:
        return False
    if metric.source.casefold() not in _PROMETHEUS:
        reader.left_out(
            metric.source_path,
            what,
            f"its data source is of the type `{metric.source}`, and rules are made for Prometheus",
            "give it a query of Prometheus, with `type: Prometheus`",
        )
        return False
    if metric.query is None or not metric.query.strip():
        if not reader.has_said("DIA153", metric.path):
            reader.missing(metric.path)
        return False
    return True


def _threshold(indicator: Indicator, objective: dict[str, Any], at: tuple[Reader, Path]) -> Made | None:
    reader, path = at
    for key in ("op", "value"):
        if key not in objective:
            reader.missing((*path, key))
            return None
    if objective["op"] not in _OPERATORS:
        reader.no_word((*path, "op"), objective["op"], tuple(_OPERATORS))
        return None
    metric = indicator.metrics["threshold"]
    query = queries.with_window((metric.query or "").strip())
    value = objective["value"]
    shown = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
    form = {"gauge": f"({query}) {_OPERATORS[objective['op']]} bool {shown}"}
    return Made(form, {_INDICATOR: indicator.path, (*_INDICATOR, "gauge"): metric.path}, queries.measures_of(query))


def _raw(indicator: Indicator) -> Made:
    metric = indicator.metrics["raw"]
    query = queries.with_window((metric.query or "").strip())
    if not queries.has_window(query):
        fixed = queries.ranges(query)
        query = queries.mean_over_window(query)
        _say_mean(indicator, metric, fixed)
    form = {"errorRatio": f"1 - ({query})" if indicator.raw_type == "success" else query}
    return Made(
        form, {_INDICATOR: indicator.path, (*_INDICATOR, "errorRatio"): metric.path}, queries.measures_of(query)
    )


def _say_mean(indicator: Indicator, metric: Metric, fixed: list[str]) -> None:
    indicator.reader.changed(
        metric.path,
        "the query has no window, so that its mean over each window counts",
        f"fixed to `[{fixed[0]}]`" if fixed else "a value of one moment",
        "write `{{.window}}` for the range if the query can take any",
        at_key=False,
    )


def _ratio(indicator: Indicator, what: str) -> Made | None:
    made: dict[str, str] = {}
    for name, metric in sorted(indicator.metrics.items()):
        query = _count(indicator, metric, what)
        if query is None:
            return None
        made[name] = query
    here = (*_INDICATOR, "ratio")
    moved: dict[Path, Path] = {_INDICATOR: indicator.path, here: indicator.path}
    moved |= {(*here, name): indicator.metrics[name].path for name in made}
    return Made({"ratio": made}, moved, queries.measures_of(*made.values()))


def _count(indicator: Indicator, metric: Metric, what: str) -> str | None:
    """A count over the window, from a query that has one, a fixed one, or none."""
    reader = indicator.reader
    query = queries.with_window((metric.query or "").strip())
    if queries.has_window(query):
        return query
    fixed = queries.ranges(query)
    if not fixed and indicator.is_counter is None:
        reader.missing((*indicator.path, "ratioMetric", "counter"))
        return None
    if not fixed and not indicator.is_counter:
        reader.changed(
            metric.path,
            "the mean of this reading over each window counts",
            "not a counter",
            "write `{{.window}}` for the range if the query can take any",
            at_key=False,
        )
        return queries.mean_over_window(query)
    if not fixed:
        rates = queries.rates_of_counters(query)
        if rates is None:
            reader.left_out(
                metric.path,
                what,
                "how much these counters grow within a window cannot be told from a query that does more than sum them",
                "write the growth yourself: `sum(rate(metric[{{.window}}]))`",
            )
            return None
        reader.changed(
            metric.path,
            "what the counters grow by within each window counts",
            "read as `sum(rate(…[{{window}}]))`",
            "write it so, to see what is counted",
            at_key=False,
        )
        return rates
    if len(set(fixed)) > 1 or ":" in fixed[0]:
        reader.left_out(
            metric.path,
            what,
            f"its ranges (`[{'`, `['.join(f'{each}]' for each in dict.fromkeys(fixed))}`) cannot all be the window",
            "write `{{.window}}` for the range that is to be each window",
        )
        return None
    reader.changed(
        metric.path,
        f"the range `[{fixed[0]}]` becomes that of each window",
        "a fixed range",
        "write `[{{.window}}]` to say so yourself",
        at_key=False,
    )
    return queries.with_window_for_ranges(query)
