"""The frozen catalog: every entity by reference, and who refers to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicescape.bind.located import Located
from servicescape.catalog.graph import Channel, Component, Edge, Journey
from servicescape.catalog.names import NameIndex
from servicescape.catalog.objective import Slo
from servicescape.model.entity import Entity
from servicescape.model.names import DEFAULT_NAMESPACE
from servicescape.model.organisation import Domain, Team
from servicescape.model.scenario import Scenario
from servicescape.model.slo import Indicator
from servicescape.model.view import View


@dataclass(frozen=True)
class Catalog:
    """One resolved catalog. Mappings are keyed by canonical reference, in the alphabet's order of it.

    References that resolve to nothing are left out of the graph (and were reported); whoever must not answer from an
    incomplete catalog looks at the findings first.
    """

    entities: Mapping[str, Located[Entity]]
    components: Mapping[str, Component]
    channels: Mapping[str, Channel]
    journeys: Mapping[str, Journey]
    slos: Mapping[str, Slo]
    teams: Mapping[str, Located[Team]]
    domains: Mapping[str, Located[Domain]]
    indicators: Mapping[str, Located[Indicator]]
    scenarios: Mapping[str, Located[Scenario]]
    views: Mapping[str, Located[View]]
    dependents: Mapping[str, tuple[Edge, ...]]
    """Component → edges of others that need it (as a target or as a fallback)."""
    names: NameIndex = field(repr=False)

    def find(self, text: str, kinds: tuple[str, ...], namespace: str = DEFAULT_NAMESPACE) -> str | None:
        """The canonical reference that a reference as written stands for; None where it resolves to nothing."""
        return self.names.find(text, kinds, namespace)

    def title(self, ref: str) -> str:
        """Title of an entity or inline SLO; the reference itself where there is none of this name."""
        slo = self.slos.get(ref)
        if slo is not None:
            return slo.title
        located = self.entities.get(ref)
        return located.entity.title if located else ref
