"""What vmalert and MetricsQL do otherwise than Prometheus, and how rules are changed so that they mean the same.

vmalert evaluates the rules of a group one after another as Prometheus does, but writes what they record some seconds
later (https://docs.victoriametrics.com/victoriametrics/vmalert/#limitations). A rule therefore sees what the one before
it recorded a minute ago. For windows that is one minute of delay. For the difference between all and good events it
would be an error: where traffic falls, old events minus new good ones are "bad". There the total is read anew, and
calendars read the clock itself.
"""

from dataclasses import replace

from servicescape.compile import names
from servicescape.compile.promql import parenthesise
from servicescape.compile.rule import Group, Rule
from servicescape.compile.targets.base import RuleFile


def for_metricsql(files: tuple[RuleFile, ...]) -> tuple[RuleFile, ...]:
    """The same rules with nothing in them that must be of the same moment and was recorded just before."""
    return tuple(replace(file, groups=tuple(map(_of_one_moment, file.groups))) for file in files)


def _of_one_moment(group: Group) -> Group:
    """A group in which the bad rate and calendars read from sources what their own group records."""
    recorded = {
        f'{rule.record}{{{names.SLO}="{rule.labels[names.SLO]}"}}': parenthesise(rule.expr)
        for rule in group.rules
        if rule.record in (names.TOTAL_RATE, names.LOCAL_TIME)
    }
    return replace(group, rules=tuple(_anew(rule, recorded) for rule in group.rules))


def _anew(rule: Rule, recorded: dict[str, str]) -> Rule:
    expr = rule.expr
    for series, source in recorded.items():
        # Windows go on reading the recorded total: that is what it is recorded for.
        if series in expr and (series.startswith(names.LOCAL_TIME) or rule.record == names.BAD_RATE):
            expr = expr.replace(series, source)
    return replace(rule, expr=expr) if expr is not rule.expr else rule
