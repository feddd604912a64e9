"""All kinds of the language by name."""

from servicescape.model.components import External, Platform, Service
from servicescape.model.entity import Entity
from servicescape.model.journey import Channel, Journey
from servicescape.model.organisation import Domain, Team
from servicescape.model.scenario import Scenario
from servicescape.model.slo import SLO, Indicator
from servicescape.model.view import View

KINDS: dict[str, type[Entity]] = {
    kind.__name__: kind
    for kind in (Team, Domain, Platform, Service, External, SLO, Indicator, Channel, Journey, Scenario, View)
}
"""Kind as written in YAML → its model, in the order in which a reader should meet them."""

KIND_BY_LOWER = {name.lower(): name for name in KINDS}
"""Kind as written in canonical references → kind as written in YAML."""
