"""Runs the catalog's scenarios and holds them against what their authors expect."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.failure_groups import members_of_targets
from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.impact_results import JOURNEY_STATE_CODES, BlastRadius
from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.model.scenario import NumberBounds, Scenario, StateBounds

UNKNOWN = "unknown"
"""What is found where a figure cannot be worked out, or a journey does not exist. It never meets an expectation."""


@dataclass(frozen=True, slots=True)
class Check:
    """One assertion of a scenario."""

    what: str
    """Reference of a journey, `blockedCustomersPerHour`, `displacedContactsPerHour`, or `fail`."""
    expected: str
    """In words: `ok`, `at most degraded`, `at least 10, at most 100`."""
    found: str
    """A state or a number; `unknown` where there is none."""
    ok: bool


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """A scenario that was run."""

    scenario: str
    title: str
    impact: BlastRadius
    checks: tuple[Check, ...]
    """Journeys in the author's order, then blocked customers, then displaced contacts."""

    @property
    def ok(self) -> bool:
        """Whether all that is expected holds."""
        return all(check.ok for check in self.checks)


def scenario_targets(catalog: Catalog, scenario: Located[Scenario]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a scenario makes fail and what it degrades, by reference, in the author's order; groups by reference.

    What resolves to nothing is left out. What is named in both is down and stands in the first only.
    """
    spec = scenario.entity.spec
    namespace = scenario.entity.metadata.namespace
    fail = tuple(dict.fromkeys(members_of_targets(catalog, spec.fail, namespace)))
    degrade = tuple(
        dict.fromkeys(ref for ref in members_of_targets(catalog, spec.degrade, namespace) if ref not in fail)
    )
    return fail, degrade


def run_scenario(catalog: Catalog, scenario: Located[Scenario], *, graph: FailureGraph | None = None) -> ScenarioResult:
    """Runs one scenario and checks what it expects. `graph` saves building it for each scenario of a catalog.

    A scenario in which nothing fails, because its groups are empty, proves nothing: that is a failed check.
    """
    fail, degrade = scenario_targets(catalog, scenario)
    spec = scenario.entity.spec
    lasts = None if spec.lasts is None else spec.lasts.seconds
    impact = blast_radius(catalog, fail=fail, degrade=degrade, lasts_seconds=lasts, at=spec.at, graph=graph)
    checks = list(_state_checks(catalog, scenario, impact))
    totals = impact.totals
    for what, bounds, figure in (
        ("blockedCustomersPerHour", spec.expect.blocked_customers_per_hour, totals.blocked_per_hour),
        ("displacedContactsPerHour", spec.expect.displaced_contacts_per_hour, totals.displaced_per_hour),
    ):
        if bounds is not None:
            checks.append(_number_check(what, bounds, figure))
    if not fail and not degrade:
        checks.append(Check("fail", "at least one component", "none", ok=False))
    return ScenarioResult(scenario.ref, scenario.entity.title, impact, tuple(checks))


def run_scenarios(catalog: Catalog, refs: Iterable[str] | None = None) -> tuple[ScenarioResult, ...]:
    """Runs these scenarios of a catalog in the order given, or all of them by reference."""
    graph = FailureGraph.of(catalog)
    wanted = sorted(catalog.scenarios) if refs is None else refs
    return tuple(run_scenario(catalog, catalog.scenarios[ref], graph=graph) for ref in wanted)


def _state_checks(catalog: Catalog, scenario: Located[Scenario], impact: BlastRadius) -> Iterable[Check]:
    states = {journey.journey: journey.state for journey in impact.journeys}
    for name, expected in scenario.entity.spec.expect.journeys.items():
        ref = catalog.find(name, ("Journey",), scenario.entity.metadata.namespace)
        state = states.get(ref) if ref else None
        if isinstance(expected, StateBounds):
            bounds = (("at least", expected.at_least), ("at most", expected.at_most))
            words = ", ".join(f"{word} {bound}" for word, bound in bounds if bound is not None)
        else:
            bounds = (("at least", expected), ("at most", expected))
            words = expected
        if ref is None or state is None:
            yield Check(ref or name, words, UNKNOWN, ok=False)
            continue
        (_, least), (_, most) = bounds
        code = JOURNEY_STATE_CODES[state]
        holds = (least is None or code >= JOURNEY_STATE_CODES[least]) and (
            most is None or code <= JOURNEY_STATE_CODES[most]
        )
        yield Check(ref, words, state, ok=holds)


def _number_check(what: str, bounds: NumberBounds, figure: float | None) -> Check:
    words = ", ".join(
        f"{word} {bound.normalize():f}"
        for word, bound in (("at least", bounds.at_least), ("at most", bounds.at_most))
        if bound is not None
    )
    if figure is None:
        return Check(what, words, UNKNOWN, ok=False)
    # Figures are sums of products of shares: what is 100 in the author's arithmetic must not be above 100 in ours.
    rounded = round(figure, 6)
    holds = (bounds.at_least is None or rounded >= float(bounds.at_least)) and (
        bounds.at_most is None or rounded <= float(bounds.at_most)
    )
    return Check(what, words, f"{rounded:.6f}".rstrip("0").rstrip("."), ok=holds)
