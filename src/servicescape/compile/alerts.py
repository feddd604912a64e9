"""Alerts of one SLO: one for each window pair, and one for series that vanished."""

import re
from collections.abc import Collection

from servicescape.compile import names
from servicescape.compile.alert_texts import AlertTexts
from servicescape.compile.decimals import decimal_text
from servicescape.compile.options import Uncompiled
from servicescape.compile.plan import SloPlan
from servicescape.compile.promql import parenthesise
from servicescape.compile.reach import can_fire, reachable_factor
from servicescape.compile.recording import events_in, identity, outside_maintenance, selector, set_labels
from servicescape.compile.rule import Alarm, Rule
from servicescape.compile.window_tables import AlertPair
from servicescape.model.slo import AlertDetails
from servicescape.model.units import Duration

_LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_IGNORED = ", ".join(sorted((*names.DESCRIPTIVE_LABELS, names.WINDOW)))
_RECENT = Duration.parse("6h")
"""How far back a group of series must have been seen for its absence to count; longer gone, it was taken down."""

_FIRST_RATE = Duration.parse("2m")
"""How long a new series may take to have a rate, which needs two samples: until then it is not absent but young."""


def alert_rules(plan: SloPlan, texts: AlertTexts) -> tuple[list[Rule], list[Uncompiled]]:
    """All alerts of an SLO in the order of its table, and what the author asks of them that cannot be had."""
    rules: list[Rule] = []
    left_out: list[Uncompiled] = []
    labels = _labels(plan)
    for severity in ("page", "ticket"):
        details = plan.details(severity)
        if details is not None:
            left_out += _faults(plan, severity, details)
    for pair in plan.pairs:
        details = plan.details(pair.severity)
        if details is not None:
            rules.append(_burn(plan, pair, details, labels, texts))
    absent = plan.slo.alerting.absent
    if absent is not None:
        rules.append(_absent(plan, absent, labels, texts))
    return rules, left_out


def alarms_of(plan: SloPlan) -> tuple[Alarm, ...]:
    """What Alertmanager gets to know of all these alerts."""
    labels = _labels(plan)
    found = [
        Alarm(
            plan.naming.burn_alert(pair.severity, pair.long.canonical()),
            _burn_labels(plan, pair, details, labels),
            pair.severity,
        )
        for pair in plan.pairs
        if (details := plan.details(pair.severity)) is not None
    ]
    if plan.slo.alerting.absent is not None:
        found.append(Alarm(names.ABSENT_ALERT, _absent_labels(plan, labels)))
    return tuple(found)


def _labels(plan: SloPlan) -> dict[str, str]:
    """Labels that all alerts of an SLO have."""
    ours = {**plan.labels, names.UPSTREAMS: plan.upstreams} if plan.upstreams else plan.labels
    return plan.naming.alert_labels(ours)


def _burn_labels(plan: SloPlan, pair: AlertPair, details: AlertDetails, labels: dict[str, str]) -> dict[str, str]:
    severity = {**plan.naming.severity(pair.severity), names.SEVERITY: pair.severity}
    return _merged(plan, {**labels, **severity, names.WINDOW: pair.long.canonical()}, details.labels)


def _absent_labels(plan: SloPlan, labels: dict[str, str]) -> dict[str, str]:
    severity, details = _absent_severity(plan)
    return _merged(plan, {**labels, **plan.naming.severity(severity), names.SEVERITY: severity}, details.labels)


def _absent_severity(plan: SloPlan) -> tuple[str, AlertDetails]:
    severity = "page" if plan.details("page") is not None or plan.details("ticket") is None else "ticket"
    return severity, plan.details(severity) or AlertDetails()


def _burn(plan: SloPlan, pair: AlertPair, details: AlertDetails, labels: dict[str, str], texts: AlertTexts) -> Rule:
    factor = reachable_factor(pair.factor, plan.budget)
    threshold = decimal_text(factor)
    long, short = pair.long.canonical(), pair.short.canonical()
    naming, budget = plan.naming, decimal_text(plan.budget)
    expr = "\n".join(
        [
            f"{naming.burn(long, budget)} > {threshold}",
            f"and ignoring ({naming.scheme.window})",
            f"{naming.burn(short, budget)} > {threshold}",
            *_enough_events(plan, pair.long),
        ]
    )
    comment = ""
    if not can_fire(pair.factor, plan.budget):
        comment = (
            f"{decimal_text(pair.factor)} times this budget is {decimal_text(pair.factor * plan.budget)}, an error "
            f"ratio that nothing reaches; {threshold} is the largest burn rate that a total outage reaches in time."
        )
    annotations = {**texts.common(plan), **texts.burn(plan, pair, factor), **naming.annotations(pair.severity)}
    return Rule(
        None,
        naming.burn_alert(pair.severity, long),
        expr,
        dict(sorted(_burn_labels(plan, pair, details, labels).items())),
        dict(sorted({**annotations, **_sound(details.annotations)}.items())),
        comment=comment,
        burns=pair.severity,
    )


def _enough_events(plan: SloPlan, window: Duration) -> list[str]:
    """Condition on events in the long window, which are counted as its error ratio counts them.

    The long window decides whether the burn is significant; the short one only tells whether it goes on, and asking for
    as many events there would keep a service with little traffic from ever paging.
    """
    least = plan.slo.alerting.minimum_events
    if not least or plan.measurement.total is None or plan.measurement.counts_time:
        return []
    return [f"and {_match(plan)}", f"{events_in(plan, window)} >= {least}"]


def _match(plan: SloPlan) -> str:
    """How a burn rate and a sum of the same SLO and group find each other."""
    if plan.grouping is None:
        return f"ignoring ({_IGNORED if plan.naming.scheme.is_ours else ', '.join(set_labels(plan))})"
    return f"on ({', '.join((names.SLO, *plan.grouping) if plan.naming.scheme.is_ours else plan.grouping)})"


def absent_hold(lasts: Duration) -> Duration:
    """How long the recorded rate must be gone for its source to be gone for so long, which it outlives by 5m."""
    return Duration(max(lasts.milliseconds - names.RATE_WINDOW.milliseconds, _FIRST_RATE.milliseconds))


def _absent(plan: SloPlan, lasts: Duration, labels: dict[str, str], texts: AlertTexts) -> Rule:
    """Alert on series that are gone. An idle service still has its series, whose rate is 0.

    A rate over five minutes outlives its source by five minutes, which `for` takes into account.
    """
    details = _absent_severity(plan)[1]
    measurement = plan.measurement
    hold = absent_hold(lasts).milliseconds
    if measurement.error_ratio is not None:
        # Where nothing happens it is NaN, which the recorded ratio leaves out; the query itself still gives a sample.
        expr = f"absent({(measurement.divisor or measurement.error_ratio).text})"
    else:
        # A histogram whose bucket is missing has a total and no bad rate.
        series = f"{names.BAD_RATE}{selector(plan)}"
        expr = f"absent({series})"
        if plan.grouping:
            # One alert for each group that was there lately, and one for all of them when none has been for long.
            groups = f"sum {identity(plan)}"
            lately = Duration(max(_RECENT.milliseconds - hold, names.RATE_WINDOW.milliseconds)).canonical()
            expr = (
                f"(\n  {groups} (last_over_time({series}[{_RECENT}]))\n  unless\n  {groups} ({series})\n)\n"
                f"or\nabsent(last_over_time({series}[{lately}]))"
            )
    if plan.maintenance:
        expr = outside_maintenance(plan, parenthesise(expr))
    annotations = {**texts.common(plan), **texts.absent(plan, lasts)}
    return Rule(
        None,
        names.ABSENT_ALERT,
        expr,
        dict(sorted(_absent_labels(plan, labels).items())),
        dict(sorted({**annotations, **_sound(details.annotations)}.items())),
        hold=Duration(hold).canonical(),
    )


def _merged(plan: SloPlan, ours: dict[str, str], authors: dict[str, str]) -> dict[str, str]:
    if authors:
        reserved = _reserved(plan)
        ours |= {name: text for name, text in authors.items() if _is_label(name, reserved) and _is_template(text)}
    return ours


def _sound(annotations: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in annotations.items() if _is_label(name, ()) and _is_template(text)}


def _faults(plan: SloPlan, severity: str, details: AlertDetails) -> list[Uncompiled]:
    """The author's labels and annotations that would make Prometheus refuse the whole file, or break routing."""
    found, reserved = [], _reserved(plan)
    for kind, pairs in (("labels", details.labels), ("annotations", details.annotations)):
        for name, text in sorted(pairs.items()):
            part = f"alerting.{severity}.{kind}.{name}"
            if not _LABEL_NAME.fullmatch(name):
                found.append(Uncompiled(plan.slo.ref, part, "not a label name (letters, digits and _)"))
            elif kind == "labels" and name in reserved:
                is_group = name in (plan.grouping or ())
                why = "the queries group by this label" if is_group else "this label is set by the tool"
                found.append(Uncompiled(plan.slo.ref, part, why))
            elif not _is_template(text):
                found.append(Uncompiled(plan.slo.ref, part, "`{{` and `}}` do not match"))
    return found


def _reserved(plan: SloPlan) -> Collection[str]:
    """Labels of alerts that an author's own may not replace."""
    return {*names.RESERVED_ALERT_LABELS, *plan.naming.scheme.labels, *(plan.grouping or ())}


def _is_label(name: str, reserved: Collection[str]) -> bool:
    return _LABEL_NAME.fullmatch(name) is not None and name not in reserved


def _is_template(text: str) -> bool:
    rest = _ACTION.sub("", text)
    return "{{" not in rest
