"""Pyrra: `ServiceLevelObjective` of `pyrra.dev/v1alpha1`.

Fields after https://github.com/pyrra-dev/pyrra (the custom resource's definition); queries as Pyrra makes them of
its selectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from servicescape.dialects import queries
from servicescape.dialects.draft import Draft, ForeignPlaces, Item, Path, Translation
from servicescape.dialects.kubernetes import FOR, METADATA, annotated_subject, implied_service, report_bookkeeping
from servicescape.dialects.queries import Selector, summed
from servicescape.dialects.shapes import Key, ListOf, Reader, Shape, lost
from servicescape.dialects.words import alert_labels, as_name, entity, milliseconds_of, percent_of
from servicescape.model.units import Duration

LANGUAGE = "Pyrra"
API_VERSION = "pyrra.dev/v1alpha1"
KIND = "ServiceLevelObjective"
KINDS = (KIND,)

_PREFIX = "pyrra.dev/"
"""Labels and annotations with it stand on all that Pyrra makes, without it."""
_QUERY: Shape = {"metric": Key("text", required=True)}
_GROUPING = Key(ListOf("text"))
_ALERT_NAME = lost("alerts are named by their windows; route by `slo` and `severity`")
_INDICATOR: Shape = {
    "ratio": Key({"errors": Key(_QUERY), "success": Key(_QUERY), "total": Key(_QUERY), "grouping": _GROUPING}),
    "latency": Key({"success": Key(_QUERY, required=True), "total": Key(_QUERY, required=True), "grouping": _GROUPING}),
    "latencyNative": Key(
        {"total": Key(_QUERY, required=True), "latency": Key("text", required=True), "grouping": _GROUPING}
    ),
    "bool_gauge": Key({"metric": Key("text", required=True), "grouping": _GROUPING}),
}
SHAPE: Shape = {
    "apiVersion": Key("text", required=True),
    "kind": Key("text", required=True),
    "metadata": Key(METADATA, required=True),
    "spec": Key(
        {
            "description": Key("text"),
            "target": Key("text", required=True),
            "window": Key("text", required=True),
            "indicator": Key(_INDICATOR, required=True),
            "alerting": Key(
                {
                    "disabled": Key("flag"),
                    "burnrates": Key("flag"),
                    "absent": Key("flag"),
                    "name": _ALERT_NAME,
                    "absentName": _ALERT_NAME,
                    "severities": lost(
                        "alerts say `page` or `ticket`; set `labels` of a severity in an SLO of the catalog"
                    ),
                }
            ),
            "partial_response_strategy": lost("only Thanos reads it; it is a matter of the rules' target"),
            "performance_over_accuracy": lost("long windows are always made of recorded five minutes; nothing is lost"),
        },
        required=True,
    ),
    "status": Key("any"),
}
_LATEST_STALE_MS = 300_000
"""Prometheus sees a series for so long after its last sample."""
_STEPS_OF_WINDOW = 28 * 24
"""Pyrra's fastest alert looks back an hour where the period is 28 days, and in proportion to it otherwise."""
_FASTEST_FACTOR = 14


def is_meant(value: dict[str, Any]) -> bool:
    """Whether an object is one of Pyrra's."""
    return value.get("apiVersion") == API_VERSION


def translate(items: Sequence[Item], into: Translation) -> None:
    """Each objective becomes an SLO of the component that its labels or selectors point at."""
    for item in items:
        reader = Reader(item, LANGUAGE, SHAPE)
        _Objective(item, reader, into).run()
        into.diagnostics.extend(reader.diagnostics)


@dataclass(slots=True)
class _Objective:
    item: Item
    reader: Reader
    into: Translation

    def run(self) -> None:
        value = self.reader.read()
        report_bookkeeping(self.reader, value)
        metadata, spec = value.get("metadata", {}), value.get("spec", {})
        name = as_name(metadata.get("name", ""))
        if not name:
            return
        objective, window = self._objective(spec), self._window(spec)
        found = self._indicator(spec)
        if objective is None or window is None or found is None:
            self.into.broken.append(("SLO", "default", name))
            return
        indicator, moved, total, total_path = found
        labels = {key: text for key, text in metadata.get("labels", {}).items() if not key.startswith(_PREFIX)}
        where = {"namespace": metadata["namespace"]} if "namespace" in metadata else {}
        (form,) = spec["indicator"]
        # A series that has the label already knows better where it comes from.
        alerted = {} if "namespace" in spec["indicator"][form].get("grouping", ()) else where
        subject, subject_path = self._subject(metadata, total, total_path, name)
        measures = "latency" if form.startswith("latency") else "availability"
        draft = entity(
            "SLO",
            name,
            {
                "for": subject,
                "measures": measures,
                "objective": objective,
                "window": str(window),
                "indicator": indicator,
                "alerting": self._alerting(spec.get("alerting", {}), metadata, alerted, objective, window),
            },
            title=metadata["name"],
            description=spec.get("description"),
            labels={**where, **labels},
            annotations={
                key: text for key, text in metadata.get("annotations", {}).items() if not key.startswith(_PREFIX)
            },
        )
        path = self.item.path
        moved = {
            (): path(),
            ("spec", "for"): path(*subject_path),
            ("metadata", "title"): path("metadata", "name"),
            ("metadata", "description"): path("spec", "description"),
            ("spec", "objective"): path("spec", "target"),
            **{ours: path(*theirs) for ours, theirs in moved.items()},
        }
        self.into.drafts.append(Draft(draft, ForeignPlaces(self.item.document, moved)))

    def _objective(self, spec: dict[str, Any]) -> Decimal | None:
        text = spec.get("target")
        if text is None:
            return None
        percent = percent_of(text)
        if percent is not None and 0 < percent < 100:
            return percent
        self.reader.wrong(
            ("spec", "target"),
            f"`target` must be percent between 0 and 100, not `{text}`",
            label="percent, as text",
            advice="100 leaves no budget at all; promise less, such as 99.99"
            if percent == 100
            else 'write it as "99.9"',
        )
        return None

    def _window(self, spec: dict[str, Any]) -> Duration | None:
        text = spec.get("window")
        if text is None:
            return None
        length = milliseconds_of(text)
        if length:
            return Duration(length)
        self.reader.wrong(
            ("spec", "window"), f"`{text}` is not a duration", label="the period", advice="write it as `4w` or `30d`"
        )
        return None

    def _selector(self, query: dict[str, Any], path: Path) -> Selector | None:
        text = query.get("metric")
        if text is None:
            return None
        selector = queries.read_selector(text)
        if selector is None:
            self.reader.wrong(
                (*path, "metric"),
                "`metric` must be one selector, and this is something else",
                label="a metric with its conditions",
                advice='write a selector without functions and ranges, such as `http_requests_total{job="api"}`',
            )
        return selector

    def _indicator(self, spec: dict[str, Any]) -> tuple[dict[str, Any], dict[Path, Path], Selector, Path] | None:
        """Our indicator, where its parts are written, and the selector of all events with its place."""
        indicator = spec.get("indicator")
        if indicator is None:
            return None
        here: Path = ("spec", "indicator")
        forms = [form for form in _INDICATOR if form in indicator]
        if len(forms) != 1:
            if forms or (not indicator and not self._has_unknown(here)):
                self.reader.wrong(
                    here,
                    "exactly one of `ratio`, `latency`, `latencyNative` and `bool_gauge` is needed",
                    label="how errors are counted",
                    advice="keep one of them" if forms else "add one of them",
                )
            return None
        form = forms[0]
        given, path = indicator[form], (*here, form)
        grouping = tuple(label for label in given.get("grouping", ()) if isinstance(label, str))
        if form == "bool_gauge":
            selector = self._selector(given, path)
            if selector is None:
                return None
            ratio = {
                "good": summed("sum_over_time", selector, grouping),
                "total": summed("count_over_time", selector, grouping),
            }
            at = (*path, "metric")
            return {"ratio": ratio}, _both(path, at, at, "good"), selector, at
        if form == "latencyNative":
            return self._native(given, path, grouping)
        if form == "latency":
            return self._latency(given, path, grouping)
        return self._ratio(given, path, grouping)

    def _has_unknown(self, path: Path) -> bool:
        value: Any = self.item.value
        for step in path:
            value = value[step]
        return bool(value)

    def _ratio(
        self, given: dict[str, Any], path: Path, grouping: tuple[str, ...]
    ) -> tuple[dict[str, Any], dict[Path, Path], Selector, Path] | None:
        """Two of `errors`, `success` and `total` say it all."""
        parts: dict[str, Selector | None] = {
            key: self._selector(given[key], (*path, key)) for key in ("errors", "success", "total") if key in given
        }
        if len(parts) != 2:
            if len(parts) == 3:
                self.reader.wrong(
                    path,
                    "two of `errors`, `success` and `total` are needed, and here are three",
                    label="one too many",
                    advice="remove one of them",
                )
            else:
                for key in ("total", "errors"):
                    if key not in parts:
                        self.reader.missing((*path, key))
                        break
            return None
        if any(selector is None for selector in parts.values()):
            return None
        rates = {key: summed("rate", selector, grouping) for key, selector in parts.items() if selector is not None}
        errors, success, total = (rates.get(key) for key in ("errors", "success", "total"))
        side = "errors" if errors else "success"
        ratio = {"bad" if errors else "good": rates[side], "total": total or f"{errors} + {success}"}
        whole = "total" if total else "success"
        selector = parts[whole]
        assert selector is not None
        at = (*path, whole, "metric")
        return {"ratio": ratio}, _both(path, (*path, side, "metric"), at, "bad" if errors else "good"), selector, at

    def _latency(
        self, given: dict[str, Any], path: Path, grouping: tuple[str, ...]
    ) -> tuple[dict[str, Any], dict[Path, Path], Selector, Path] | None:
        success = self._selector(given.get("success", {}), (*path, "success"))
        total = self._selector(given.get("total", {}), (*path, "total"))
        if success is None or total is None:
            return None
        bound = percent_of(success.equal_to("le") or "")
        at, success_at = (*path, "total", "metric"), (*path, "success", "metric")
        if bound is None:
            self.reader.wrong(
                success_at,
                "`success` must select one bucket by `le`",
                label="which latency is fast enough?",
                advice='add a condition such as `le="0.5"`',
            )
            return None
        histogram = total.metric.removesuffix("_count")
        fast, of_all = success.equalities(), total.equalities()
        milliseconds = bound * (1 if histogram.endswith(("_milliseconds", "_ms")) else 1000)
        is_plain = (
            not grouping
            and total.metric == f"{histogram}_count"
            and success.metric == f"{histogram}_bucket"
            and fast is not None
            and of_all is not None
            and {key: text for key, text in fast.items() if key != "le"} == of_all
            and milliseconds == milliseconds.to_integral_value()
            and milliseconds > 0
        )
        if is_plain:
            form = {"histogram": histogram, "matchers": of_all, "below": Duration(int(milliseconds)).canonical()}
            moved: dict[Path, Path] = {
                ("spec", "indicator", "latency"): path,
                ("spec", "indicator", "latency", "below"): success_at,
            }
            return {"latency": {key: each for key, each in form.items() if each}}, moved, total, at
        ratio = {"good": summed("rate", success, grouping), "total": summed("rate", total, grouping)}
        return {"ratio": ratio}, _both(path, success_at, at, "good"), total, at

    def _native(
        self, given: dict[str, Any], path: Path, grouping: tuple[str, ...]
    ) -> tuple[dict[str, Any], dict[Path, Path], Selector, Path] | None:
        total = self._selector(given.get("total", {}), (*path, "total"))
        text = given.get("latency")
        if total is None or text is None:
            return None
        length = milliseconds_of(text)
        if not length:
            self.reader.wrong(
                (*path, "latency"),
                f"`{text}` is not a duration",
                label="which latency is fast enough?",
                advice="write it as `500ms` or `2s`",
            )
            return None
        at = (*path, "total", "metric")
        equalities = total.equalities()
        if not grouping and equalities is not None:
            form = {"histogram": total.metric, "matchers": equalities, "below": Duration(length).canonical()}
            moved: dict[Path, Path] = {
                ("spec", "indicator", "latency"): path,
                ("spec", "indicator", "latency", "below"): (*path, "latency"),
            }
            return {"latency": {key: each for key, each in form.items() if each} | {"native": True}}, moved, total, at
        rates = summed("rate", total, grouping)
        seconds = format((Decimal(length) / 1000).normalize(), "f")
        ratio = {
            "bad": f"histogram_count({rates}) * (1 - histogram_fraction(0, {seconds}, {rates}))",
            "total": f"histogram_count({rates})",
        }
        return {"ratio": ratio}, _both(path, at, at, "bad"), total, at

    def _subject(self, metadata: dict[str, Any], total: Selector, total_path: Path, name: str) -> tuple[str, Path]:
        """Whose objective it is. Pyrra does not say, so that it is looked for where it usually shows."""
        given = annotated_subject(metadata.get("annotations", {}))
        if given is not None:
            return given, ("metadata", "annotations", FOR)
        label = "app.kubernetes.io/name"
        for text, path, shown in (
            (metadata.get("labels", {}).get(label), ("metadata", "labels", label), f"the label `{label}`"),
            (total.equal_to("job"), total_path, "the condition `job`"),
            (name, ("metadata", "name"), "its own name"),
        ):
            subject = as_name(text or "")
            if subject:
                guess = self.reader.finding(
                    "DIA164",
                    "Pyrra does not say whose objective this is",
                    path,
                    label=f"`{subject}`, by {shown}",
                    advice=f"say it in `metadata.annotations`: `{FOR}: NAME`",
                    word=text or "",
                )
                self.into.drafts.append(implied_service(self.item, subject, path, word=text or "", guess=guess))
                return subject, path
        raise AssertionError("the name of an objective is a name")

    def _alerting(
        self,
        alerting: dict[str, Any],
        metadata: dict[str, Any],
        where: dict[str, str],
        objective: Decimal,
        window: Duration,
    ) -> dict[str, Any]:
        if alerting.get("disabled"):
            return {"page": "off", "ticket": "off"}
        found: dict[str, Any] = {"page": "off", "ticket": "off"}
        if alerting.get("burnrates", True):
            labels = metadata.get("labels", {})
            sound = alert_labels(self.reader, labels, ("metadata", "labels"), prefix=_PREFIX)
            annotations = {
                key.removeprefix(_PREFIX): text
                for key, text in metadata.get("annotations", {}).items()
                if key.startswith(_PREFIX)
            }
            details = {"labels": {**where, **sound}, "annotations": annotations}
            found = {"page": details, "ticket": details}
        if alerting.get("absent", True):
            found["absent"] = _absent(objective, window).canonical()
        return found


def _absent(objective: Decimal, window: Duration) -> Duration:
    """How long after the last sample Pyrra's alert on absent metrics fires.

    Until Prometheus takes the series for gone, plus the time in which Pyrra's fastest burn rate would fire if every
    event failed, in whole minutes.
    """
    long = _minutes(Decimal(window.milliseconds) / _STEPS_OF_WINDOW)
    hold = _minutes(Decimal(window.milliseconds) / (_STEPS_OF_WINDOW * 30))
    burning = Decimal(long) * _FASTEST_FACTOR * (100 - objective) / 100
    return Duration(_LATEST_STALE_MS + max(_minutes(burning + hold), 0))


def _minutes(milliseconds: Decimal) -> int:
    return int((milliseconds / 60_000).to_integral_value(rounding="ROUND_HALF_UP")) * 60_000


def _both(path: Path, part: Path, total: Path, side: str) -> dict[Path, Path]:
    ours: Path = ("spec", "indicator", "ratio")
    return {("spec", "indicator"): path, ours: path, (*ours, side): part, (*ours, "total"): total}
