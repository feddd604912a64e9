"""Rules and groups as data, before they become text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload


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
class Alarm:
    """What Alertmanager gets to know of an alerting rule."""

    alert: str
    labels: Mapping[str, str]
    burns: str = ""
    """`page` or `ticket` where it is the alert of a window pair, whatever its label says; else empty."""


class LaterRules(Sequence[Rule]):
    """Rules that are made when somebody asks for them: for most targets their text is all that is wanted."""

    def __init__(
        self, make: Callable[[], tuple[Rule, ...]], text: Callable[[], str], alarms: tuple[Alarm, ...]
    ) -> None:
        """`text` gives them as a rule file has them, `alarms` are those of the alerting rules, in their order."""
        self._make = make
        self._made: tuple[Rule, ...] | None = None
        self.text = text
        self.alarms = alarms

    def _rules(self) -> tuple[Rule, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, index: int) -> Rule: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Rule]: ...

    def __getitem__(self, index: int | slice) -> Rule | Sequence[Rule]:
        return self._rules()[index]

    def __len__(self) -> int:
        return len(self._rules())

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules())


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated one after another at the same time, each seeing what those before it recorded."""

    name: str
    interval: str
    rules: Sequence[Rule]
    comment: str = ""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """What Alertmanager gets to know of the alerts among the rules."""
        if isinstance(self.rules, LaterRules):
            return self.rules.alarms
        return [Alarm(rule.alert, rule.labels, rule.burns) for rule in self.rules if rule.alert is not None]


def record(metric: str, expr: str, labels: dict[str, str], comment: str = "") -> Rule:
    """A recording rule."""
    return Rule(metric, None, expr, labels, comment=comment)
