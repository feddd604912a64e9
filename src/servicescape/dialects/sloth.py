"""Sloth: `version: prometheus/v1`, and `PrometheusServiceLevel` of `sloth.slok.dev/v1`.

Fields after https://sloth.dev/specs/default/ and https://sloth.dev/specs/kubernetes/.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from servicescape.diagnostics.records import record
from servicescape.dialects import queries
from servicescape.dialects.draft import Draft, ForeignPlaces, Item, Path, Translation
from servicescape.dialects.kubernetes import (
    FOR,
    METADATA,
    annotated_subject,
    implied_service,
    named_subject,
    report_bookkeeping,
)
from servicescape.dialects.shapes import Key, ListOf, Reader, Shape, lost
from servicescape.dialects.words import alert_labels, as_name, entity, info_labels

LANGUAGE = "Sloth"
VERSION = "prometheus/v1"
API_VERSION = "sloth.slok.dev/v1"
KIND = "PrometheusServiceLevel"
WINDOWS = "AlertWindows"
KINDS = (KIND, WINDOWS)

_PLUGINS = lost("plugins of Sloth change the rules it makes; describe what they do in the catalog, if it can be said")


@record()
class _Spelling:
    """How the two forms of a specification spell their keys."""

    error_ratio: str
    error: str
    total: str
    page: str
    ticket: str
    plugins: str

    def spec(self) -> dict[str, Key]:
        """Keys of a specification."""
        alert: Shape = {"disable": Key("flag"), "labels": Key("texts"), "annotations": Key("texts")}
        sli: Shape = {
            "events": Key({self.error: Key("text", required=True), self.total: Key("text", required=True)}),
            "raw": Key({self.error_ratio: Key("text", required=True)}),
            "plugin": Key({"id": Key("text", required=True), "options": Key("texts")}),
        }
        slo: Shape = {
            "name": Key("text", required=True),
            "description": Key("text"),
            "objective": Key("number", required=True),
            "labels": Key("texts"),
            "sli": Key(sli, required=True),
            "alerting": Key(
                {
                    "name": Key("text"),
                    "labels": Key("texts"),
                    "annotations": Key("texts"),
                    self.page: Key(alert),
                    self.ticket: Key(alert),
                }
            ),
            "plugins": _PLUGINS,
            "infoLabels": Key("texts"),
            "interval": lost("how often Sloth's rules run; groups run as often as Prometheus is set to"),
        }
        return {
            "service": Key("text", required=True),
            "labels": Key("texts"),
            self.plugins: _PLUGINS,
            "slos": Key(ListOf(slo), required=True),
        }


_PLAIN = _Spelling("error_ratio_query", "error_query", "total_query", "page_alert", "ticket_alert", "slo_plugins")
_KUBERNETES = _Spelling("errorRatioQuery", "errorQuery", "totalQuery", "pageAlert", "ticketAlert", "sloPlugins")
PLAIN_SHAPE: Shape = {"version": Key("text", required=True), **_PLAIN.spec()}
KUBERNETES_SHAPE: Shape = {
    "apiVersion": Key("text", required=True),
    "kind": Key("text", required=True),
    "metadata": Key(METADATA, required=True),
    "spec": Key(_KUBERNETES.spec(), required=True),
    "status": Key("any"),
}
_SLOTH_LABEL = re.compile(r"\bsloth_(?:id|service|slo|window|severity|version|mode|spec|objective)\b")


def is_meant(value: dict[str, Any]) -> bool:
    """Whether an object is written in one of Sloth's forms."""
    version = value.get("apiVersion")
    return version == API_VERSION or (version is None and value.get("version") == VERSION)


def translate(items: Sequence[Item], into: Translation) -> None:
    """Each objective becomes an SLO, and the service, where the catalog does not have it, is implied."""
    for item in items:
        if item.value.get("kind") == WINDOWS:
            reader = Reader(item, LANGUAGE, {})
            why = "alerts follow the table `sre-workbook`, scaled to the period; compare it with yours before the move"
            reader.not_carried(("kind",), why, what=WINDOWS, at_key=False)
            into.diagnostics.extend(reader.diagnostics)
            continue
        is_plain = "apiVersion" not in item.value
        reader = Reader(item, LANGUAGE, PLAIN_SHAPE if is_plain else KUBERNETES_SHAPE)
        _Specification(item, reader, _PLAIN if is_plain else _KUBERNETES, () if is_plain else ("spec",), into).run()
        into.diagnostics.extend(reader.diagnostics)


@dataclass(slots=True)
class _Specification:
    item: Item
    reader: Reader
    keys: _Spelling
    root: Path
    """Where the specification stands in the object."""
    into: Translation

    def run(self) -> None:
        value = self.reader.read()
        spec = value.get("spec", {}) if self.root else value
        report_bookkeeping(self.reader, value)
        subject, path = self._subject(value, spec)
        if "slos" in spec and not spec["slos"]:
            self.reader.wrong((*self.root, "slos"), "`slos` is empty", label="no objective", advice="list at least one")
        if spec.get("labels") and not self.into.keeps_sloths_names:
            self.reader.changed(
                (*self.root, "labels"),
                "`labels` stand on the alerts, and not on the recorded series",
                "labels of all of Sloth's rules",
                "select recorded series by `slo`, `component` and `team`, which every one of them has; "
                "or set `compile.names` to `sloth`, and they stay as they are",
            )
        for number, slo in enumerate(spec.get("slos", ())):
            if isinstance(slo, dict):
                self._slo(value, spec, slo, (*self.root, "slos", number), subject, path)

    def _subject(self, value: dict[str, Any], spec: dict[str, Any]) -> tuple[str | None, Path]:
        """Reference of what the objectives are for, and where it is written."""
        given = annotated_subject(value.get("metadata", {}).get("annotations", {}))
        if given is not None:
            return given, ("metadata", "annotations", FOR)
        path: Path = (*self.root, "service")
        if "service" not in spec:
            return None, path
        name = named_subject(self.reader, spec["service"], path)
        if name is not None:
            title = spec["service"] if spec["service"] != name else None
            self.into.drafts.append(implied_service(self.item, name, path, title=title))
        return name, path

    def _slo(
        self,
        value: dict[str, Any],
        spec: dict[str, Any],
        slo: dict[str, Any],
        path: Path,
        subject: str | None,
        subject_path: Path,
    ) -> None:
        title = f"{spec.get('service', '')}-{slo.get('name', '')}"
        name = as_name(title)
        if "name" not in slo or not name:
            return
        indicator = self._indicator(slo, path)
        objective = slo.get("objective")
        if objective is not None and not 0 < objective < 100:
            self.reader.wrong(
                (*path, "objective"),
                f"`objective` must be greater than 0 and less than 100, not {objective}",
                label="percent",
                advice="100 leaves no budget at all; promise less, such as 99.99"
                if objective == 100
                else "write percent",
            )
            objective = None
        if indicator is None or objective is None or subject is None:
            self.into.broken.append(("SLO", "default", name))
            return
        metadata = value.get("metadata", {})
        where = {"namespace": metadata["namespace"]} if "namespace" in metadata else {}
        names = {"sloth.slok.dev/service": spec.get("service", ""), "sloth.slok.dev/slo": slo["name"]}
        own = {**metadata.get("labels", {}), **spec.get("labels", {}), **slo.get("labels", {})}
        carried = sorted({**spec.get("labels", {}), **slo.get("labels", {})})
        if carried:
            names["sloth.slok.dev/labels"] = ",".join(carried)
        info = info_labels(self.reader, slo.get("infoLabels", {}), (*path, "infoLabels"), beside=own)
        if info:
            names["sloth.slok.dev/info-labels"] = ",".join(sorted(info))
        names["sloth.slok.dev/spec"] = value.get("apiVersion", VERSION)
        if "name" in slo.get("alerting", {}):
            names["sloth.slok.dev/alert"] = slo["alerting"]["name"]
        draft = entity(
            "SLO",
            name,
            {
                "for": subject,
                "measures": queries.measures_of(*_texts(indicator)),
                "objective": objective,
                "indicator": indicator,
                "alerting": self._alerting(spec, slo, path),
            },
            title=title,
            description=slo.get("description"),
            labels={**where, **own, **info},
            annotations={**metadata.get("annotations", {}), **names},
        )
        self.into.drafts.append(Draft(draft, ForeignPlaces(self.item.document, self._moved(path, subject_path))))

    def _moved(self, path: Path, subject_path: Path) -> dict[Path, Path]:
        keys, whole = self.keys, self.item.path(*path)
        events, alerting = (*whole, "sli", "events"), (*whole, "alerting")
        return {
            (): whole,
            ("spec",): whole,
            ("metadata", "title"): (*whole, "name"),
            ("metadata",): whole,
            ("spec", "for"): self.item.path(*subject_path),
            ("spec", "indicator"): (*whole, "sli"),
            ("spec", "indicator", "ratio"): events,
            ("spec", "indicator", "ratio", "bad"): (*events, keys.error),
            ("spec", "indicator", "ratio", "total"): (*events, keys.total),
            ("spec", "indicator", "errorRatio"): (*whole, "sli", "raw", keys.error_ratio),
            ("spec", "alerting", "page"): (*alerting, keys.page),
            ("spec", "alerting", "ticket"): (*alerting, keys.ticket),
        }

    def _indicator(self, slo: dict[str, Any], path: Path) -> dict[str, Any] | None:
        sli, here = slo.get("sli"), (*path, "sli")
        if sli is None:
            return None
        forms = [key for key in ("events", "raw", "plugin") if key in sli]
        if len(forms) != 1:
            written = self._written(here)
            if not any(key in written for key in ("events", "raw", "plugin")) or forms:
                self.reader.wrong(
                    here,
                    "exactly one of `events`, `raw` and `plugin` is needed",
                    label="how errors are counted",
                    advice="keep one of them" if forms else "add `events` with its two queries",
                )
            return None
        if forms == ["plugin"]:
            self.reader.left_out(
                (*here, "plugin"),
                f"`{slo['name']}`",
                f"its queries are in Sloth's plugin `{sli['plugin'].get('id', '')}`",
                "write the queries that the plugin makes under `events`",
                at_key=True,
            )
            return None
        keys = self.keys
        if forms == ["raw"]:
            query = self._query(sli["raw"].get(keys.error_ratio), (*here, "raw", keys.error_ratio), slo)
            return {"errorRatio": query} if query else None
        bad = self._query(sli["events"].get(keys.error), (*here, "events", keys.error), slo)
        total = self._query(sli["events"].get(keys.total), (*here, "events", keys.total), slo)
        return {"ratio": {"bad": bad, "total": total}} if bad and total else None

    def _written(self, path: Path) -> dict[str, Any]:
        value: Any = self.item.value
        for step in path:
            value = value[step]
        return value if isinstance(value, dict) else {}

    def _query(self, text: str | None, path: Path, slo: dict[str, Any]) -> str | None:
        if text is None:
            return None
        query = queries.with_window(text)
        action = queries.foreign_action(query)
        if action is not None:
            self.reader.left_out(
                path,
                f"`{slo['name']}`",
                f"its query uses the template `{action}`",
                "only `{{.window}}` can stand in a query; write the rest out",
            )
            return None
        if not query.strip():
            self.reader.missing(path)
            return None
        return query

    def _alerting(self, spec: dict[str, Any], slo: dict[str, Any], path: Path) -> dict[str, Any]:
        alerting, here = slo.get("alerting", {}), (*path, "alerting")
        if "name" in alerting and not self.into.keeps_sloths_names:
            self.reader.changed(
                (*here, "name"),
                "alerts are named by their windows, and not by `name`",
                "Sloth's name for both alerts",
                "route and silence by the labels `slo`, `severity` and your own instead of by the alert's name; "
                "or set `compile.names` to `sloth`, and it stays",
            )
        kept = self.into.keeps_sloths_names
        labels = {
            **alert_labels(self.reader, spec.get("labels", {}), (*self.root, "labels"), on_series=kept),
            **alert_labels(self.reader, slo.get("labels", {}), (*path, "labels"), on_series=kept),
            **alert_labels(self.reader, alerting.get("labels", {}), (*here, "labels")),
        }
        self._check_annotations(alerting.get("annotations", {}), (*here, "annotations"))
        found: dict[str, Any] = {}
        for ours, theirs in (("page", self.keys.page), ("ticket", self.keys.ticket)):
            alert = alerting.get(theirs, {})
            if alert.get("disable"):
                found[ours] = "off"
                continue
            own = alert_labels(self.reader, alert.get("labels", {}), (*here, theirs, "labels"))
            if own.get("severity", ours) != ours:
                self.reader.changed(
                    (*here, theirs, "labels", "severity"),
                    "`severity` is your own here, and not `page` or `ticket`",
                    f"instead of `{ours}`, by which the catalog's routes tell alerts apart",
                    "keep it while routes of your own ask for it; remove it to use those made of the catalog",
                )
            self._check_annotations(alert.get("annotations", {}), (*here, theirs, "annotations"))
            found[ours] = {
                "labels": {**labels, **own},
                "annotations": {**alerting.get("annotations", {}), **alert.get("annotations", {})},
            }
        return found

    def _check_annotations(self, annotations: dict[str, str], path: Path) -> None:
        for name, text in annotations.items():
            has_label = "{{" in text and not self.into.keeps_sloths_names
            used = _SLOTH_LABEL.search(text) if has_label else None
            if used:
                self.reader.not_carried(
                    (*path, name),
                    "a label that Sloth's alerts have; use `slo`, `component`, `window` or `severity`",
                    what=used[0],
                    at_key=False,
                )


def _texts(indicator: dict[str, Any]) -> list[str]:
    return [text for each in indicator.values() for text in (each.values() if isinstance(each, dict) else [each])]
