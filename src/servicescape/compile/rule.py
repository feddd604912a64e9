"""Rules and groups as data, before they become text."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """One recording or alerting rule."""

    record: str | None
    """Metric that it records; None for an alert."""
    alert: str | None
    expr: str
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    hold: str | None = None
    """How long the condition must last before the alert fires (`for`)."""
    comment: str = ""
    """What a reader of the rule should know; one line."""
    burns: str = ""
    """`page` or `ticket` where it is the alert of a window pair, whatever its label says; else empty."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated one after another at the same time, each seeing what those before it recorded."""

    name: str
    interval: str
    rules: tuple[Rule, ...]
    comment: str = ""


def record(metric: str, expr: str, labels: dict[str, str], comment: str = "") -> Rule:
    """A recording rule."""
    return Rule(metric, None, expr, labels, comment=comment)
