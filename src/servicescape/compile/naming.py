"""How one SLO is called in the series that dashboards read, and on its alerts, in a scheme of names.

An SLO that came from Sloth keeps the names and labels that it had there. They stand in annotations, which an SLO
written in the language of the catalog may have as well; without them it is named after its component.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from servicescape.catalog.objective import Slo
from servicescape.compile import names
from servicescape.compile.names import Names
from servicescape.model.names import name_of

SERVICE = "sloth.slok.dev/service"
NAME = "sloth.slok.dev/slo"
ALERT = "sloth.slok.dev/alert"
LABELS = "sloth.slok.dev/labels"
"""Names of those labels of the SLO that Sloth writes on every series, such as `owner,repo`."""
INFO_LABELS = "sloth.slok.dev/info-labels"
"""Names of those labels of the SLO that stand on the info series alone."""
SPEC = "sloth.slok.dev/spec"
"""Format that it was written in, such as `prometheus/v1`."""

_OUR_SPEC = "servicescape/v1"
_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?")
"""What Sloth takes as a name. It needs no escaping in a selector, a regular expression or a template."""
_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_INTERNAL = frozenset({names.BEGINS, names.ZONE})
RESERVED_INFO_LABELS = frozenset({*names.SERIES_LABELS, *_INTERNAL, names.ESTIMATE})
"""Labels that the catalog's rules set and an author's own may not replace on the info series."""
_YIELDING = frozenset({names.TIER, names.DOMAIN})
"""Labels of ours that nothing rests on; on alerts they give way to labels that an SLO had in Sloth."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of one SLO."""

    scheme: Names
    id: str
    """Value of the label by which its series are selected."""
    identity: Mapping[str, str]
    """Labels that say which SLO it is, that one among them."""
    given: Mapping[str, str] | None = None
    """Labels of its own that its series carry; None: those of the catalog."""
    alert: str = ""
    """Name of all its burn alerts; empty: each is named by its severity and window."""
    spec: str = _OUR_SPEC

    @property
    def of(self) -> str:
        """Matcher of its series."""
        return f'{self.scheme.slo}="{self.id}"'

    def ratio(self, window: str) -> str:
        """The recorded error ratio over a window."""
        return self.scheme.ratio.format(of=self.of, window=window)

    def burn(self, window: str, budget: str, of: str = "") -> str:
        """The burn rate over a window, of the series with these matchers."""
        return self.scheme.burn.format(of=of or self.of, window=window, budget=budget)

    def labels(self, catalogs: Mapping[str, str]) -> dict[str, str]:
        """Labels of its series, given those that the catalog says of it."""
        if self.scheme.is_ours:
            return dict(catalogs)
        kept = {name: text for name, text in catalogs.items() if name != names.SLO}
        return dict(sorted({**(kept if self.given is None else self.given), **self.identity}.items()))

    def alert_labels(self, catalogs: Mapping[str, str]) -> dict[str, str]:
        """Labels of its alerts, given those that the catalog says of it."""
        if self.scheme.is_ours:
            return dict(catalogs)
        given = {
            name: text
            for name, text in (self.given or {}).items()
            if (name not in names.RESERVED_ALERT_LABELS or name in _YIELDING) and "{{" not in text
        }
        return {**catalogs, **given, **self.identity}

    def facts(self, objective: str) -> dict[str, str]:
        """Labels of the info series besides those of all series."""
        return {name: text.format(objective=objective, spec=self.spec) for name, text in self.scheme.facts}

    def severity(self, severity: str) -> dict[str, str]:
        """Label of alerts that says `page` or `ticket` in words of the scheme."""
        return {self.scheme.severity: severity} if self.scheme.severity else {}

    def annotations(self, severity: str) -> dict[str, str]:
        """Annotations that templates of notifications written for the scheme may ask for."""
        if self.scheme.is_ours:
            return {}
        return {"title": f"({severity}) {' '.join(list(self.identity.values())[1:])}: the error budget burns too fast"}

    def burn_alert(self, severity: str, long_window: str) -> str:
        """Name of the alert of one window pair."""
        return self.alert or names.burn_alert(severity, long_window)


def naming_of(slo: Slo, scheme: Names, grouping: Collection[str]) -> Naming:
    """The names of an SLO whose queries group by these labels, which its series keep."""
    label = names.label_of(slo.ref)
    if scheme.is_ours:
        return Naming(scheme, label, {names.SLO: label})
    written = _annotations(slo)
    service, name = written.get(SERVICE, ""), written.get(NAME, "")
    came_from_there = bool(_VALUE.fullmatch(service) and _VALUE.fullmatch(name))
    if not came_from_there:
        service = names.label_of(slo.target)
        name = name_of(label).removeprefix(f"{name_of(service)}-")
        if name == name_of(service):
            name = slo.measures  # A journey's objective is called as the journey.
    whole = f"{service}-{name}"
    identity = {scheme.slo: whole, **dict(zip(scheme.identity, (service, name), strict=True))}
    alert = written.get(ALERT, "")
    if not came_from_there:
        return Naming(scheme, whole, identity, None, alert)
    taken = {*grouping, *scheme.labels, *_INTERNAL}
    listed = [each for each in written.get(LABELS, "").split(",") if _LABEL.fullmatch(each) and each not in taken]
    labels = slo.entity.entity.metadata.labels
    given = {each: labels[each] for each in listed if labels.get(each)}
    return Naming(scheme, whole, identity, given, alert, written.get(SPEC, _OUR_SPEC))


def info_labels_of(slo: Slo, scheme: Names, taken: Collection[str]) -> dict[str, str]:
    """Labels of its own that the info series of an SLO carries in any scheme; those `taken` are not among them."""
    written = _annotations(slo).get(INFO_LABELS, "")
    if not written:
        return {}
    labels = slo.entity.entity.metadata.labels
    reserved = {*RESERVED_INFO_LABELS, *scheme.labels, *taken}
    listed = sorted({each for each in written.split(",") if _LABEL.fullmatch(each) and each not in reserved})
    return {each: labels[each] for each in listed if labels.get(each)}


def _annotations(slo: Slo) -> Mapping[str, Any]:
    """Those of the SLO itself; one that stands in a component has none."""
    return slo.entity.entity.metadata.annotations if slo.entity.entity.kind == "SLO" else {}
