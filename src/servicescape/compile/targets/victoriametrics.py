"""What vmalert and MetricsQL do otherwise than Prometheus, and how rules are changed so that they mean the same.

vmalert evaluates the rules of a group one after another as Prometheus does, but writes what they record some seconds
later (https://docs.victoriametrics.com/victoriametrics/vmalert/#limitations). A rule therefore sees what the one before
it recorded a minute ago. For windows that is one minute of delay. For the difference between all and good events it
would be an error: where traffic falls, old events minus new good ones are "bad". There the total is read anew.
"""

from dataclasses import replace

from servicescape.compile import names
from servicescape.compile.promql import parenthesise
from servicescape.compile.rule import Group, Rule
from servicescape.compile.targets.base import RuleFile


def for_metricsql(files: tuple[RuleFile, ...]) -> tuple[RuleFile, ...]:
    """The same rules with nothing in them that depends on a sample of the same moment."""
    return tuple(replace(file, groups=tuple(map(_with_own_totals, file.groups))) for file in files)


def _with_own_totals(group: Group) -> Group:
    """A group in which bad events are counted from the queries alone."""
    totals = {rule.labels[names.SLO]: rule for rule in group.rules if rule.record == names.TOTAL_RATE}
    return replace(group, rules=tuple(_with_own_total(rule, totals) for rule in group.rules))


def _with_own_total(rule: Rule, totals: dict[str, Rule]) -> Rule:
    if rule.record != names.BAD_RATE:
        return rule
    slo = rule.labels[names.SLO]
    total = totals.get(slo)
    series = f'{names.TOTAL_RATE}{{{names.SLO}="{slo}"}}'
    if total is None or series not in rule.expr:
        return rule
    return replace(rule, expr=rule.expr.replace(series, parenthesise(total.expr)))
