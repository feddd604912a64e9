"""Levels to aim at: bronze, silver, gold, each a list of conditions that all must hold.

No figure outweighs another, and nothing is averaged: whoever lacks one thing for a level is told which.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from servicescape.analysis.lenses.facts import Facts, Subject
from servicescape.analysis.lenses.results import LEVELS, NOT_KNOWN, Condition, Demands, Figure, Finding, SubjectKind

_ONE_THING = ("stated", "objective")
"""Conditions of which there is no part."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A condition of a level."""

    name: str
    """The figure that must be complete, or a name of its own."""
    wants: str
    lack: str
    """What is said of those that are missing, in a few words."""
    codes: tuple[str, ...] = ()
    """Rules that must have no findings; then no figure is looked at."""
    some: bool = False
    """Whether a figure of nothing at all does not do."""

    @property
    def is_share(self) -> bool:
        """Whether it looks at how many of so many, of which a part may be enough."""
        return not self.codes and self.name not in _ONE_THING


_REACHED = _Wanted("reachable", "its owners can be reached, and paged", "cannot be reached", codes=("OWN301", "OWN303"))
_LOOKED_AFTER = (
    _Wanted("slo", "every part has an SLO, or an SLA", "no SLO or SLA"),
    _Wanted("alerts", "every part of our own alerts somebody", "alerts nobody"),
    _Wanted("runbook", "every part has a runbook", "no runbook"),
    _Wanted("recovery", "every part says how long a repair takes", "no time to repair"),
)
_SHARED_FATE = _Wanted(
    "shared-fate",
    "no spare dies with what it replaces",
    "a spare dies with what it replaces",
    codes=("DEP510", "JRN608"),
)
_PROMISES = _Wanted("promises", "every availability promise of a part can be kept", "promises that cannot be kept")

CONDITIONS: Mapping[SubjectKind, Mapping[str, tuple[_Wanted, ...]]] = {
    "journey": {
        "bronze": (
            _Wanted("owner", "every part has an owner", "no owner"),
            _REACHED,
            _Wanted("ways-out", "every mandatory step has a bot or a person to turn to", "dead ends"),
            _Wanted(
                "unfinished",
                "nothing planned, experimental or retired is used",
                "not in production",
                codes=("DEP502", "JRN604"),
            ),
        ),
        "silver": (
            _Wanted(
                "stated",
                "it says how many customers come (`demand`), and how many it must serve (`objective`)",
                "not stated",
            ),
            *_LOOKED_AFTER,
            _Wanted("tested", "every other way was tried within a year", "not tried within a year"),
        ),
        "gold": (
            _Wanted("objective", "its objective is met, as predicted", "objective out of reach", some=True),
            _PROMISES,
            _SHARED_FATE,
            _Wanted("carried", "no hand-over asks the customer again", "asks the customer again"),
            _Wanted("mastered", "every data item that it collects has one system of record", "no one system of record"),
            _Wanted("scenarios", "some scenario touches it, and all that do end as expected", "scenarios", some=True),
        ),
    },
    "team": {
        "bronze": (
            _REACHED,
            _Wanted("page-runbook", "every SLO that pages has a runbook", "pages without a runbook"),
        ),
        "silver": _LOOKED_AFTER,
        "gold": (
            _PROMISES,
            _SHARED_FATE,
            _Wanted(
                "calm", "every part heals itself, or can be spared for a while", "needs a person each time it fails"
            ),
            _Wanted("rehearsed", "a scenario fails every part that blocks a journey by itself", "no scenario fails"),
        ),
    },
    "platform": {
        "bronze": (
            _Wanted("owner", "it and all that it needs have an owner", "no owner"),
            _REACHED,
            _Wanted("page-runbook", "every SLO that pages has a runbook", "pages without a runbook"),
        ),
        "silver": _LOOKED_AFTER,
        "gold": (
            _PROMISES,
            _Wanted(
                "tiers",
                "it needs nothing that is less critical than itself",
                "needs what is less critical",
                codes=("DEP501",),
            ),
            _SHARED_FATE,
            _Wanted("rehearsed", "a scenario fails every part that blocks a journey by itself", "no scenario fails"),
        ),
    },
}
"""Kind → level → its conditions, where settings ask for nothing else. A level holds where its own conditions and those
of all lower ones do."""


def asked_for(kind: SubjectKind, demands: Demands) -> dict[str, list[_Wanted]]:
    """Level → its conditions, as an organisation wants them."""
    moved = demands.levels.get(kind, {})
    found: dict[str, list[_Wanted]] = {level: [] for level in LEVELS[1:]}
    for level, conditions in CONDITIONS[kind].items():
        for wanted in conditions:
            now = moved.get(wanted.name, level)
            if now in found:
                found[now].append(wanted)
    return found


def judge(
    facts: Facts, subject: Subject, figures: Sequence[Figure], findings: Iterable[Finding]
) -> tuple[str, tuple[Condition, ...]]:
    """The level that a subject has reached, and every condition of every level."""
    by_name = {figure.figure: figure for figure in figures}
    all_findings = list(findings)
    judged: list[Condition] = []
    reached = LEVELS[0]
    for level, conditions in asked_for(subject.kind, facts.demands).items():
        found = [_judge(facts, subject, level, wanted, by_name, all_findings) for wanted in conditions]
        judged += found
        if LEVELS.index(reached) == LEVELS.index(level) - 1 and all(each.holds for each in found):
            reached = level
    return reached, tuple(judged)


def _judge(
    facts: Facts,
    subject: Subject,
    level: str,
    wanted: _Wanted,
    figures: Mapping[str, Figure],
    findings: Sequence[Finding],
) -> Condition:
    if wanted.codes:
        hits = [each for each in findings if each.code in wanted.codes]
        names = tuple(dict.fromkeys(each.entity for each in hits if each.entity is not None))
        return Condition(
            wanted.name, level, wanted.wants, wanted.lack, not hits, "; ".join(each.message for each in hits), names
        )
    if wanted.name == "stated":
        missing = _unstated(facts, subject)
        return Condition(
            wanted.name, level, wanted.wants, wanted.lack, not missing, f"missing: {', '.join(missing)}", missing
        )
    figure = figures[wanted.name]
    if figure.value is None:
        return Condition(wanted.name, level, wanted.wants, wanted.lack, False, f"{NOT_KNOWN}{figure.note}", ())
    if figure.of == 0 and wanted.some:
        return Condition(wanted.name, level, wanted.wants, wanted.lack, False, figure.note or "there is none", ())
    enough = facts.demands.enough.get(wanted.name, 100.0)
    wants = wanted.wants if enough == 100 else f"{wanted.wants} ({enough:g} % are enough)"
    if figure.is_complete or (figure.of and 100 * figure.value >= enough * figure.of):
        return Condition(wanted.name, level, wants, wanted.lack, True, "", ())
    found = f"{figure.value:g} of {figure.of}"
    return Condition(wanted.name, level, wants, wanted.lack, False, found, figure.names)


def _unstated(facts: Facts, subject: Subject) -> tuple[str, ...]:
    missing: dict[str, None] = {}
    for ref in subject.journeys:
        journey = facts.journeys[ref]
        if journey.average_per_hour is None:
            missing["demand"] = None
        promised = any(slo.measures == "availability" for slo in facts.slos_of.get(ref, ()))
        if journey.objective_percent is None and not promised:
            missing["objective"] = None
    return tuple(missing)
