"""The rows of the impact matrix: what fails together in each of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from servicescape.analysis.failure_groups import members_of_domain, members_of_team, members_of_vendor
from servicescape.analysis.impact_results import MatrixRow
from servicescape.analysis.scenario import scenario_targets
from servicescape.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class MatrixFailure:
    """One row: its head, and what fails in it."""

    ref: str
    title: str
    kind: str
    owner: str | None
    domain: str | None
    tier: int | None
    fail: tuple[str, ...]
    degrade: tuple[str, ...] = ()
    lasts_seconds: float | None = None
    """The scenario's own length."""

    def head(self, *, reaches_journeys: bool) -> MatrixRow:
        """The row as it is reported."""
        return MatrixRow(
            ref=self.ref,
            title=self.title,
            kind=self.kind,
            owner=self.owner,
            domain=self.domain,
            tier=self.tier,
            members=(*self.fail, *self.degrade),
            reaches_journeys=reaches_journeys,
        )


def matrix_failures(catalog: Catalog, by: str) -> list[MatrixFailure]:
    """All rows of a matrix, by reference. Teams, domains and scenarios that stand for no component are left out.

    Raises ValueError where `by` is none of `component`, `team`, `domain`, `vendor`, `scenario`.
    """
    if by not in _ROWS:
        raise ValueError(f"not {', '.join(_ROWS)}: {by!r}")
    rows = (row for row in _ROWS[by](catalog) if row.fail or row.degrade)
    return sorted(rows, key=lambda row: row.ref)


def _components(catalog: Catalog) -> Iterator[MatrixFailure]:
    for ref, part in catalog.components.items():
        yield MatrixFailure(ref, part.title, part.kind, part.owner, part.domain, part.tier, (ref,))


def _teams(catalog: Catalog) -> Iterator[MatrixFailure]:
    for ref, team in catalog.teams.items():
        yield MatrixFailure(ref, team.entity.title, "Team", ref, None, None, members_of_team(catalog, ref))


def _domains(catalog: Catalog) -> Iterator[MatrixFailure]:
    for ref, domain in catalog.domains.items():
        owner = domain.entity.spec.owner
        team = owner and catalog.find(owner, ("Team",), domain.entity.metadata.namespace)
        yield MatrixFailure(ref, domain.entity.title, "Domain", team, ref, None, members_of_domain(catalog, ref))


def _vendors(catalog: Catalog) -> Iterator[MatrixFailure]:
    for vendor in {component.vendor for component in catalog.components.values() if component.vendor is not None}:
        yield MatrixFailure(f"vendor:{vendor}", vendor, "Vendor", None, None, None, members_of_vendor(catalog, vendor))


def _scenarios(catalog: Catalog) -> Iterator[MatrixFailure]:
    for ref, scenario in catalog.scenarios.items():
        fail, degrade = scenario_targets(catalog, scenario)
        lasts = scenario.entity.spec.lasts
        yield MatrixFailure(
            ref,
            scenario.entity.title,
            "Scenario",
            None,
            None,
            None,
            fail,
            degrade,
            None if lasts is None else lasts.seconds,
        )


_ROWS = {
    "component": _components,
    "team": _teams,
    "domain": _domains,
    "vendor": _vendors,
    "scenario": _scenarios,
}
