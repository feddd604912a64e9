"""The rules of an SLO as a group, and as text.

SLOs of one catalog differ in their names, labels and queries, and hardly in anything else. What their rules have in
common is written once, with marks for what differs, and filled in for each: thousands of SLOs take a fifth of the time.
Whatever a mark could not stand for (a name or a label that YAML might take for something else, a query, labels of the
author's own) is written as it is. A template is used only after it has given, for the SLO that it was made from, the
very text that is made without it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import itemgetter

from servicescape.compile import names
from servicescape.compile.alert_texts import COMMON, AlertTexts
from servicescape.compile.alerts import alarms_of, alert_rules
from servicescape.compile.journey_rules import step_rules
from servicescape.compile.options import Uncompiled
from servicescape.compile.plan import SloPlan
from servicescape.compile.recording import derived_rules, info_rules, source_rules
from servicescape.compile.rule import Group, LaterRules, Rule
from servicescape.compile.window_tables import AlertPair
from servicescape.compile.yaml_text import WIDTH, annotation_line, label_line, rules_text
from servicescape.model.units import Duration

_SIMPLE = re.compile(r"(?:journey:)?[a-z0-9][a-z0-9/-]+[a-z0-9]")
"""Names that stand within an expression as a mark of the same length does."""
_LABELS, _SUMMARY = "Qlabels", "Qsummary"
_NAME = 0
_SEVERITIES = ("page", "ticket")


class SloGroups:
    """Makes the groups of one catalog's SLOs."""

    def __init__(self, texts: AlertTexts) -> None:
        self._texts = texts
        self._templates: dict[tuple[object, ...], list[_Template]] = {}

    def group(self, plan: SloPlan, comment: str) -> tuple[Group, list[Uncompiled]]:
        """The group of an SLO, and what its author asks for that cannot be had.

        Raises QueryError where the queries do not fit together.
        """
        sources = [*(step_rules(plan) if plan.estimate else ()), *source_rules(plan)]
        template = self._template(plan) if _is_plain(plan) else None
        if template is None:
            rules, left_out = _whole(plan, self._texts, sources)
            return Group(plan.name, plan.interval.canonical(), rules, comment), left_out
        later = LaterRules(
            lambda: _whole(plan, self._texts, sources)[0],
            lambda: template.filled(plan, self._texts, rules_text(sources)),
            alarms_of(plan),
        )
        return Group(plan.name, plan.interval.canonical(), later, comment), []

    def _template(self, plan: SloPlan) -> "_Template | None":
        """The template of SLOs like this one; None where there is none that is right for it."""
        alike = self._templates.setdefault(_likeness(plan), [])
        length = len(plan.name)
        for each in alike:
            if each.shortest <= length <= each.longest:
                return each if each.is_right else None
        alike.append(_made(plan, self._texts))
        return alike[-1] if alike[-1].is_right else None


def _whole(plan: SloPlan, texts: AlertTexts, sources: list[Rule]) -> tuple[tuple[Rule, ...], list[Uncompiled]]:
    alerts, left_out = alert_rules(plan, texts)
    return (*sources, *derived_rules(plan), *info_rules(plan), *alerts), left_out


def _is_plain(plan: SloPlan) -> bool:
    """Whether all but the sources is made from nothing but what `_likeness` tells and marks stand for."""
    alerting = plan.slo.alerting
    return (
        plan.naming.scheme.is_ours
        and _SIMPLE.fullmatch(plan.name) is not None
        and plan.slice_measurement is None
        and not (alerting.absent is not None and plan.measurement.error_ratio is not None)
        and not any(each != "off" and (each.labels or each.annotations) for each in (alerting.page, alerting.ticket))
    )


def _likeness(plan: SloPlan) -> tuple[object, ...]:
    """What the rules depend on besides what marks stand for; terms are told by which they are."""
    alerting, measurement = plan.slo.alerting, plan.measurement
    return (
        id(plan.terms),
        plan.grouping,
        measurement.error_ratio is None,
        measurement.total is None,
        measurement.counts_time,
        alerting.page == "off",
        alerting.ticket == "off",
        alerting.minimum_events,
        alerting.absent and alerting.absent.milliseconds,
        plan.estimate is None,
    )


@dataclass(frozen=True, slots=True)
class _Template:
    """Text in pieces for SLOs with names from `shortest` to `longest`, within which no line is broken otherwise."""

    shortest: int
    longest: int
    constants: tuple[str, ...]
    pick: Callable[[Sequence[str]], tuple[str, ...]]
    """Everything in its order, of the values in front of the constants."""
    headlines: tuple[tuple[str, ...], ...]
    """Summaries of the alerts behind the subject, in pieces between which the name stands."""
    is_right: bool = True

    def filled(self, plan: SloPlan, texts: AlertTexts, sources: str = "") -> str:
        """The text for an SLO, behind that of the rules it begins with."""
        return "".join((sources, *self.pick((*_values(plan, texts, self.headlines), *self.constants))))


def _values(plan: SloPlan, texts: AlertTexts, headlines: tuple[tuple[str, ...], ...]) -> list[str]:
    """What stands in the places of the marks, whole lines but for the name."""
    before: list[str] = []
    after: list[str] = []
    for name, value in plan.labels.items():
        (before if name < names.SEVERITY else after).append(label_line(name, value))
    first, last = "".join(before), "".join(after)
    upstreams = label_line(names.UPSTREAMS, plan.upstreams) if plan.upstreams else ""
    common, subject = texts.common(plan), texts.subject(plan)
    return [
        plan.name,
        first + last,
        *[f"{first}{label_line(names.SEVERITY, severity)}{last}{upstreams}" for severity in _SEVERITIES],
        rules_text(info_rules(plan)),
        *[annotation_line(name, common[name]) if name in common else "" for name in COMMON],
        *[annotation_line("summary", f"{subject}: {plan.name.join(headline)}") for headline in headlines],
    ]


_LABEL_SLOT, _INFO_SLOT, _COMMON_SLOT = 1, 2 + len(_SEVERITIES), 3 + len(_SEVERITIES)
_SUMMARY_SLOT = _COMMON_SLOT + len(COMMON)


class _MarkedTexts(AlertTexts):
    """Texts of alerts with marks for all that is told of one SLO."""

    def __init__(self) -> None:
        self.headlines: list[str] = []

    def common(self, plan: SloPlan) -> dict[str, str]:
        return {name: f"Q{name}" for name in COMMON}

    def subject(self, plan: SloPlan) -> str:
        return _SUMMARY

    def burn(self, plan: SloPlan, pair: AlertPair, factor: Fraction) -> dict[str, str]:
        return self._noted(super().burn(plan, pair, factor))

    def absent(self, plan: SloPlan, lasts: Duration) -> dict[str, str]:
        return self._noted(super().absent(plan, lasts))

    def _noted(self, texts: Mapping[str, str]) -> dict[str, str]:
        self.headlines.append(texts["summary"].removeprefix(f"{_SUMMARY}: "))
        return {**texts, "summary": _SUMMARY}


def _made(plan: SloPlan, texts: AlertTexts) -> _Template:
    """The template of SLOs like this one."""
    mark = f"Q{'n' * (len(plan.name) - 2)}Q"
    naming = replace(plan.naming, id=mark, identity={names.SLO: mark})
    marked = replace(plan, name=mark, naming=naming, labels={names.SLO: _LABELS}, upstreams="")
    marking = _MarkedTexts()
    derived, alerts = derived_rules(marked), alert_rules(marked, marking)[0]
    labels = f"          {names.SLO}: {_LABELS}\n"
    slots = {mark: _NAME, labels: _LABEL_SLOT}
    for number, severity in enumerate(_SEVERITIES):
        slots[f"          {names.SEVERITY}: {severity}\n{labels}"] = _LABEL_SLOT + 1 + number
    for number, name in enumerate(COMMON):
        slots[f"          {name}: Q{name}\n"] = _COMMON_SLOT + number
    summary = f"          summary: {_SUMMARY}\n"
    marks = re.compile("|".join(map(re.escape, sorted((*slots, summary), key=len, reverse=True))))
    first = _SUMMARY_SLOT + len(marking.headlines)
    constants: list[str] = []
    order: list[int] = []
    seen = 0
    for text, then in ((rules_text(derived), [_INFO_SLOT]), (rules_text(alerts), [])):
        done = 0
        for found in marks.finditer(text):
            constants.append(text[done : found.start()])
            order.append(first + len(constants) - 1)
            done = found.end()
            if found[0] == summary:
                order.append(_SUMMARY_SLOT + seen)
                seen += 1
            else:
                order.append(slots[found[0]])
        constants.append(text[done:])
        order += [first + len(constants) - 1, *then]
    headlines = tuple(tuple(each.split(mark)) for each in marking.headlines)
    template = _Template(*_lengths([*derived, *alerts], mark), tuple(constants), itemgetter(*order), headlines)
    whole = rules_text([*derived_rules(plan), *info_rules(plan), *alert_rules(plan, texts)[0]])
    return template if template.filled(plan, texts) == whole else replace(template, is_right=False)


def _lengths(rules: list[Rule], mark: str) -> tuple[int, int]:
    """From which to which length of the name the same texts stand on one line."""
    shortest, longest = 0, 1 << 30
    for text in (text for rule in rules for text in (rule.expr, *rule.annotations.values())):
        times = text.count(mark)
        if not times or "\n" in text:
            continue
        most = (WIDTH - len(text)) // times + len(mark)
        if len(text) <= WIDTH:
            longest = min(longest, most)
        else:
            shortest = max(shortest, most + 1)
    return shortest, longest
