"""Named diagrams."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from servicescape.model.base import Part, SchemaShape, at_least_one
from servicescape.model.components import Tier
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import ComponentRef, DomainRef, JourneyRef, ScenarioRef, TeamRef, Text

_PICKS = (
    "domain",
    "owner",
    "journey",
    "kind",
    "tier",
    "label",
    "name",
    "dependenciesOf",
    "dependentsOf",
    "between",
)


class Selector(Part):
    """Picks components: every key given must hold."""

    model_config = ConfigDict(
        json_schema_extra=SchemaShape(
            **at_least_one(_PICKS),
            dependentSchemas={
                "depth": {"anyOf": [{"required": ["dependenciesOf"]}, {"required": ["dependentsOf"]}]},
            },
        )
    )

    domain: DomainRef | None = None
    """Components of this business area."""
    owner: TeamRef | None = None
    """Components of this team."""
    journey: JourneyRef | None = None
    """Components that this journey uses, directly or through others."""
    kind: Literal["Service", "Platform", "External"] | None = None
    """Components of this kind."""
    tier: Tier | None = None
    """Components of this tier."""
    label: Annotated[dict[str, str], Field(min_length=1)] | None = None
    """Components that carry all of these labels."""
    name: ComponentRef | None = None
    """This component."""
    dependencies_of: ComponentRef | None = None
    """This component and what it needs, directly or through others."""
    dependents_of: ComponentRef | None = None
    """This component and what needs it, directly or through others."""
    between: Annotated[tuple[ComponentRef, ...], Field(min_length=2, max_length=2)] | None = None
    """Every component on a dependency path from the first to the second."""
    depth: Annotated[int, Field(ge=1)] | None = None
    """How many steps `dependenciesOf` or `dependentsOf` follow; all where it is not given."""

    @model_validator(mode="after")
    def _something(self) -> "Selector":
        if not self.model_fields_set:
            raise PydanticCustomError("empty_selector", "a selector needs at least one key")
        if self.depth is not None and self.dependencies_of is None and self.dependents_of is None:
            raise PydanticCustomError("depth_alone", "`depth` goes with `dependenciesOf` or `dependentsOf`")
        return self


class Layout(Part):
    """Hints that keep a diagram in place while the catalog changes."""

    order: tuple[ComponentRef, ...] = ()
    """Components in the order in which they should be placed; the rest follow by name."""


_LAYOUT = Layout()


class ViewSpec(Part):
    """What a diagram shows and how."""

    title: Text | None = None
    """Heading of the diagram; the view's own title where it is not given."""
    include: tuple[Selector, ...] = ()
    """What is shown: a component is in when any selector picks it. Everything where it is empty."""
    exclude: tuple[Selector, ...] = ()
    """What is left out of that."""
    group_by: Literal["domain", "owner", "platform", "none"] = "domain"
    """What the boxes around components stand for."""
    colour_by: Literal["tier", "lifecycle", "owner", "slo", "state", "availability"] = "tier"
    """What colour means."""
    direction: Literal["LR", "TB", "RL", "BT"] = "LR"
    """Where dependents stand and where dependencies: `LR` left to right, `TB` top to bottom."""
    scenario: ScenarioRef | None = None
    """Scenario whose states are shown."""
    layout: Layout = Field(default_factory=lambda: _LAYOUT)
    """Hints that keep the diagram in place."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


_VIEWSPEC = ViewSpec()


class View(Entity):
    """A named diagram."""

    kind: Literal["View"]
    """`View`."""
    spec: ViewSpec = Field(default_factory=lambda: _VIEWSPEC)
    """What it shows."""
