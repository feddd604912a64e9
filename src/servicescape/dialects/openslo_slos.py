"""SLOs of OpenSLO: one of the catalog for each objective."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from servicescape.dialects.draft import Draft, ForeignPlaces, Path
from servicescape.dialects.kubernetes import FOR, annotated_subject, implied_service, named_subject
from servicescape.dialects.openslo_indicators import Indicator, Made, Metric, make, read_indicator
from servicescape.dialects.openslo_objects import Object, Objects, places_of_metadata
from servicescape.dialects.openslo_windows import OLD_UNITS, read_slice, read_window
from servicescape.dialects.queries import measures_of
from servicescape.dialects.shapes import Reader
from servicescape.dialects.words import as_name, entity

_METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")
_INDICATOR: Path = ("spec", "indicator")


@dataclass(slots=True)
class Slo:
    """Makes an SLO of each objective of one object."""

    objects: Objects
    slo: Object

    @property
    def reader(self) -> Reader:
        """Of the object."""
        return self.slo.reader

    def run(self) -> None:
        """Adds the SLOs, or the names of those that cannot be made."""
        spec = self.slo.spec
        objectives = spec.get("objectives")
        subject, subject_path = self._subject()
        window, window_path, has_window = self._window()
        if objectives is not None and not any(isinstance(each, dict) for each in objectives):
            self.reader.wrong(
                ("spec", "objectives"), "`objectives` is empty", label="no target", advice="list at least one"
            )
        alerting = self.objects.alerts().read(self.reader, spec.get("alertPolicies", ()), ("spec", "alertPolicies"))
        names: set[str] = set()
        for number, objective in enumerate(objectives or ()):
            if not isinstance(objective, dict):
                continue
            name, title = self._name(objective, number, len(objectives or ()), names)
            path: Path = ("spec", "objectives", number)
            target = self._target(objective, path)
            found = self._budget(objective, path)
            made = self._made(objective, path, number, ratio=bool(found and found[1]))
            if subject is None or target is None or found is None or made is None or not has_window:
                self.objects.into.broken.append(("SLO", "default", name))
                continue
            self._draft(
                name, number, title, path, made, subject, subject_path, target, window, window_path, found[0], alerting
            )

    def _draft(
        self,
        name: str,
        number: int,
        title: str | None,
        path: Path,
        made: Made,
        subject: str,
        subject_path: Path,
        target: tuple[Decimal, Path],
        window: Any,
        window_path: Path,
        budgeting: Any,
        alerting: dict[str, Any],
    ) -> None:
        metadata, spec, item = self.slo.metadata, self.slo.spec, self.reader.item
        annotations = dict(metadata.get("annotations", {}))
        inner = spec.get("indicator", {}).get("metadata", {}).get("name") if not self.slo.is_old else None
        if inner:
            annotations["openslo.com/indicator"] = inner
        if self.slo.is_old:
            # What Sloth, which reads this version, calls it.
            annotations |= {
                "sloth.slok.dev/service": spec["service"],
                "sloth.slok.dev/slo": f"{metadata['name']}-{number}",
                "sloth.slok.dev/spec": "openslo/v1alpha",
            }
        draft = entity(
            "SLO",
            name,
            {
                "for": subject,
                "measures": made.measures,
                "objective": target[0],
                "window": window,
                "indicator": made.form,
                "budgeting": budgeting,
                "alerting": alerting,
            },
            title=title,
            description=spec.get("description"),
            labels=metadata.get("labels"),
            annotations=annotations,
        )
        moved = {
            **places_of_metadata(item),
            ("spec", "for"): item.path(*subject_path),
            ("spec", "objective"): item.path(*target[1]),
            ("spec", "window"): item.path(*window_path),
            ("spec", "window", "timeZone"): item.path(*window_path, "calendar", "timeZone"),
            ("spec", "budgeting"): item.path(*path),
            ("spec", "alerting"): item.path(
                *(("spec", "alertPolicies") if "alertPolicies" in spec else ("metadata", "name"))
            ),
            **{ours: item.path(*theirs) for ours, theirs in made.moved.items()},
        }
        self.objects.into.drafts.append(Draft(draft, ForeignPlaces(item.document, moved)))

    def _name(self, objective: dict[str, Any], number: int, count: int, taken: set[str]) -> tuple[str, str | None]:
        """Name and title of an objective; where there are several, each has its own."""
        title = self.slo.metadata.get("displayName")
        if count == 1:
            return self.slo.name, title
        own = objective.get("displayName")
        name = as_name(f"{self.slo.name}-{own}") if own and as_name(own) else f"{self.slo.name}-{number + 1}"
        if name in taken:
            name = as_name(f"{self.slo.name}-{number + 1}")
        taken.add(name)
        return name, f"{title or self.slo.name}: {own}" if own else title

    def _subject(self) -> tuple[str | None, Path]:
        given = annotated_subject(self.slo.metadata.get("annotations", {}))
        if given is not None:
            return given, ("metadata", "annotations", FOR)
        path: Path = ("spec", "service")
        if "service" not in self.slo.spec:
            return None, path
        text = self.slo.spec["service"]
        name = named_subject(self.reader, text, path)
        if name is not None:
            title = text if text != name else None
            self.objects.into.drafts.append(implied_service(self.reader.item, name, path, title=title))
        return name, path

    def _window(self) -> tuple[Any, Path, bool]:
        """The period, where it stands, and whether there is one; without any, ours is used."""
        key = "timeWindows" if self.slo.is_old else "timeWindow"
        windows = [each for each in self.slo.spec.get(key, ()) if isinstance(each, dict)]
        path: Path = ("spec", key, 0)
        if not windows:
            self.reader.changed(
                ("spec",),
                f"without `{key}` the period is 30 days",
                "the period is not said",
                f"add `{key}` to choose it yourself",
            )
            return None, ("spec",), True
        if len(windows) > 1:
            self.reader.wrong(
                ("spec", key), f"`{key}` takes exactly one window", label="one too many", advice="keep one of them"
            )
            return None, path, False
        window = windows[0]
        if self.slo.is_old:
            unit = OLD_UNITS.get(str(window.get("unit")).capitalize().removesuffix("s"))
            if unit is None:
                self.reader.no_word((*path, "unit"), str(window.get("unit")), tuple(OLD_UNITS))
                return None, path, False
            window = {**window, "duration": f"{window.get('count', '')}{unit}"}
            if window.get("isRolling") is False and "calendar" not in window:
                window.pop("isRolling")
        found = read_window(self.reader, window, path, self._what(), key="count" if self.slo.is_old else "duration")
        return found, path, found is not None

    def _what(self) -> str:
        return f"`{self.slo.name}`"

    def _target(self, objective: dict[str, Any], path: Path) -> tuple[Decimal, Path] | None:
        given = [key for key in ("target", "targetPercent") if key in objective]
        if len(given) != 1:
            if given:
                self.reader.wrong(
                    (*path, "targetPercent"),
                    "`target` and `targetPercent` stand side by side",
                    label="one too many",
                    advice="keep one of them",
                )
            else:
                self.reader.missing((*path, "target"))
            return None
        here = (*path, given[0])
        value = Decimal(objective[given[0]])
        percent = value * 100 if given == ["target"] else value
        if not 0 < percent < 100:
            limit = 1 if given == ["target"] else 100
            self.reader.wrong(
                here,
                f"`{given[0]}` must be greater than 0 and less than {limit}, not {value}",
                label=f"a part of {limit}",
                advice=f"write `targetPercent: {value}`" if limit == 1 and 1 < value < 100 else "promise less than all",
            )
            return None
        return _tidy(percent), here

    def _budget(self, objective: dict[str, Any], path: Path) -> tuple[Any, bool] | None:
        """What the budget counts, and whether it is a mean of ratios."""
        method = self.slo.spec.get("budgetingMethod")
        if method is None:
            return None
        if method not in _METHODS:
            self.reader.no_word(("spec", "budgetingMethod"), method, _METHODS)
            return None
        sliced = method == "Timeslices"
        for key in ("timeSliceTarget", "timeSliceWindow"):
            if sliced and key not in objective:
                self.reader.missing((*path, key))
                return None
            if key in objective and not sliced and (method, key) != ("RatioTimeslices", "timeSliceWindow"):
                self.reader.changed((*path, key), f"`{key}` has no meaning with `{method}`", "not read", "remove it")
        if method == "RatioTimeslices":
            self.reader.changed(
                ("spec", "budgetingMethod"),
                "the mean of ratios of five minutes counts, taken once a minute",
                "slices of another length are not told apart",
                "use `Occurrences` to weigh each moment by its traffic, or `Timeslices` for slices of your own",
                at_key=False,
            )
        if not sliced:
            return None if method not in _METHODS else ("occurrences", method == "RatioTimeslices")
        length = read_slice(self.reader, objective["timeSliceWindow"], (*path, "timeSliceWindow"))
        share = Decimal(objective["timeSliceTarget"]) * 100
        if share == 100:
            self.reader.left_out(
                (*path, "timeSliceTarget"),
                self._what(),
                "each slice needs all of its events to be good",
                "write a target below 1, such as 0.9999",
            )
            return None
        if not 0 < share < 100:
            self.reader.wrong(
                (*path, "timeSliceTarget"),
                f"`timeSliceTarget` must be greater than 0 and at most 1, not {objective['timeSliceTarget']}",
                label="a part of 1",
                advice="write for example 0.95",
            )
            return None
        return ({"timeslices": {"slice": length, "target": _tidy(share)}}, False) if length else None

    def _made(self, objective: dict[str, Any], path: Path, number: int, *, ratio: bool) -> Made | None:
        """The indicator for one objective."""
        for key in ("indicator", "indicatorRef", "compositeWeight"):
            if key in objective:
                self.reader.left_out(
                    (*path, key),
                    self._what(),
                    "a composite of several indicators cannot be measured by one query",
                    "write an SLO for each, or a Journey that needs all of them",
                    at_key=True,
                )
                return None
        indicator = self._old_indicator(objective, path) if self.slo.is_old else self._inline_indicator()
        name = self.slo.spec.get("indicatorRef")
        if indicator is None and name is not None:
            known = self.objects.indicators.get(name)
            if known is None:
                self._report_unknown_indicator(name)
                return None
            if not (known.is_threshold or ratio):
                return Made(
                    {"use": name},
                    {_INDICATOR: ("spec",), (*_INDICATOR, "use"): ("spec", "indicatorRef")},
                    measures_of(*(metric.query or "" for metric in known.metrics.values())),
                )
            indicator = known
        if indicator is None:
            return None
        made = make(indicator, self._what(), objective, (self.reader, path))
        if made is None:
            return None
        if not indicator.is_threshold and ("op" in objective or "value" in objective):
            key = "op" if "op" in objective else "value"
            self.reader.changed(
                (*path, key), f"`{key}` has no meaning beside a ratio", "only for `thresholdMetric`", "remove it"
            )
        if name is not None:
            made = Made(made.form, {_INDICATOR: ("spec", "indicatorRef")}, made.measures)
        return _as_mean(made) if ratio else made

    def _report_unknown_indicator(self, name: str) -> None:
        known = self.objects.by_kind["SLI"]
        if name not in known:
            self.reader.unresolved(("spec", "indicatorRef"), "SLI", name, known)

    def _inline_indicator(self) -> Indicator | None:
        spec = self.slo.spec
        if ("indicator" in spec) == ("indicatorRef" in spec):
            if "indicator" in spec:
                self.reader.wrong(
                    ("spec", "indicatorRef"),
                    "`indicator` and `indicatorRef` stand side by side",
                    label="one too many",
                    advice="keep one of them",
                )
            elif "indicator" not in self.reader.item.value.get("spec", {}):
                self.reader.missing(("spec", "indicator"))
            return None
        inner = spec.get("indicator", {}).get("spec")
        if inner is None:
            return None
        return read_indicator(self.reader, inner, ("spec", "indicator", "spec"), self.objects.type_of)

    def _old_indicator(self, objective: dict[str, Any], path: Path) -> Indicator | None:
        def metric(given: dict[str, Any], at: Path) -> Metric:
            return Metric(given.get("query"), given.get("source"), (*at, "query"), (*at, "source"))

        ratio = objective.get("ratioMetrics")
        if ratio is not None:
            here = (*path, "ratioMetrics")
            parts = [key for key in ("good", "bad") if key in ratio]
            if len(parts) != 1:
                self.reader.wrong(
                    here,
                    "`ratioMetrics` needs either `good` or `bad`",
                    label="how good and bad are told apart",
                    advice="keep one of them" if parts else "add one of them",
                )
                return None
            if "total" not in ratio:
                return None
            metrics = {key: metric(ratio[key], (*here, key)) for key in (parts[0], "total")}
            return Indicator(self.reader, here, metrics, ratio.get("counter", ratio.get("incremental")))
        threshold = self.slo.spec.get("indicator", {}).get("thresholdMetric")
        if threshold is not None:
            here = ("spec", "indicator", "thresholdMetric")
            return Indicator(self.reader, here, {"threshold": metric(threshold, here)})
        self.reader.missing((*path, "ratioMetrics"))
        return None


def _tidy(number: Decimal) -> Decimal:
    """The number without needless zeros, and never as a power of ten."""
    return Decimal(format(number.normalize(), "f"))


def _as_mean(made: Made) -> Made:
    """A ratio of counts as a ratio whose mean over time counts."""
    ratio = made.form.get("ratio")
    if ratio is None:
        return made
    query = (
        f"({ratio['bad']}) / ({ratio['total']})" if "bad" in ratio else f"1 - ({ratio['good']}) / ({ratio['total']})"
    )
    base = made.moved.get((*_INDICATOR, "ratio"), made.moved[_INDICATOR])
    return Made({"errorRatio": query}, {_INDICATOR: base, (*_INDICATOR, "errorRatio"): base}, made.measures)
