"""Named diagrams."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict, JsonValue
from pydantic_core import PydanticCustomError

from servicescape.model.base import Part, SchemaShape, at_least_one
from servicescape.model.components import Tier
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import ComponentRef, DomainRef, JourneyRef, ScenarioRef, TeamRef, Text
from servicescape.model.scenario import Target

PictureKind = Literal[
    "landscape",
    "overview",
    "context",
    "journey",
    "blueprint",
    "sequence",
    "blast-radius",
    "reliability",
    "ownership",
    "slo",
]
PICTURE_KINDS: Mapping[PictureKind, str] = {
    "landscape": "Components, and what needs what.",
    "overview": "Groups in place of components.",
    "context": "One component, with what it needs and what needs it.",
    "journey": "A journey: steps, ways of doing them, what they use.",
    "blueprint": "A journey by step and by distance from the customer.",
    "sequence": "Who asks whom in a journey.",
    "blast-radius": "What a failure reaches.",
    "reliability": "How available each component is.",
    "ownership": "Which team has what.",
    "slo": "What has an objective.",
}
"""Kinds of picture, and what each shows."""
OF_A_JOURNEY: tuple[PictureKind, ...] = ("journey", "blueprint", "sequence")

_SELECTING = frozenset({"include", "exclude"})
USED_KEYS: Mapping[PictureKind, frozenset[str]] = {
    "landscape": _SELECTING | {"groupBy", "colourBy", "direction", "scenario", "layout"},
    "context": _SELECTING | {"groupBy", "colourBy", "direction", "scenario", "layout"},
    "overview": _SELECTING | {"groupBy", "direction", "layout"},
    "journey": _SELECTING | {"journey", "depth", "groupBy", "colourBy", "direction", "scenario", "layout"},
    "blueprint": _SELECTING | {"journey", "depth", "colourBy", "scenario", "layout"},
    "sequence": frozenset({"journey"}),
    "blast-radius": frozenset({"fail", "scenario"}),
    "reliability": _SELECTING | {"journey", "depth", "groupBy", "direction", "layout"},
    "ownership": _SELECTING | {"direction", "layout"},
    "slo": _SELECTING | {"groupBy", "direction", "layout"},
}
"""Keys of a view, as written, that a kind of picture goes by. `title` and `extensions` go with each."""

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
    rank: tuple[Annotated[tuple[ComponentRef, ...], Field(min_length=1)], ...] = ()
    """Lines of components: those of one list stand in line, and each line stands behind the one before."""

    @model_validator(mode="after")
    def _in_one_line(self) -> "Layout":
        seen: set[str] = set()
        for line, names in enumerate(self.rank):
            for place, name in enumerate(names):
                if name in seen:
                    where: dict[str, Any] = {"name": name, "line": line, "place": place}
                    raise PydanticCustomError("rank_twice", "`{name}` stands in two lines", where)
                seen.add(name)
        return self


_LAYOUT = Layout.model_construct()


def _when(kinds: tuple[PictureKind, ...], **then: JsonValue) -> JsonDict:
    """A condition of JSON Schema on the kind of a picture."""
    meant: list[JsonValue] = [{"const": kind} for kind in kinds]
    return {"if": {"properties": {"kind": {"anyOf": meant}}, "required": ["kind"]}, "then": then}


_AROUND: JsonDict = {
    "description": "One selector says which component a context is about.",
    "contains": {"anyOf": [{"required": ["dependenciesOf"]}, {"required": ["dependentsOf"]}]},
}
_NO_GROUPS: JsonDict = {"description": "An overview is one of groups.", "not": {"const": "none"}}


class ViewSpec(Part):
    """What a diagram shows and how."""

    model_config = ConfigDict(
        json_schema_extra=SchemaShape(
            allOf=[
                _when(OF_A_JOURNEY, required=["journey"]),
                _when(("blast-radius",), anyOf=[{"required": ["fail"]}, {"required": ["scenario"]}]),
                _when(("overview",), properties={"groupBy": _NO_GROUPS}),
                _when(("context",), required=["include"], properties={"include": _AROUND}),
            ],
            dependentSchemas={
                "depth": {"required": ["journey"]},
                "fail": {"not": {"required": ["scenario"]}},
            },
        )
    )

    title: Text | None = None
    """Heading of the diagram; the view's own title where it is not given."""
    kind: Annotated[PictureKind | None, Field(json_schema_extra={"enumDescriptions": [*PICTURE_KINDS.values()]})] = None
    """What the diagram is for. Where it is not given: `journey` with a journey, `blast-radius` with something that
    fails, else `landscape`."""
    journey: JourneyRef | None = None
    """The journey that a `journey`, `blueprint` or `sequence` shows, or at which a picture of `reliability` looks."""
    depth: Annotated[int, Field(ge=0)] | None = None
    """How many steps are followed below what the journey uses itself; all where it is not given."""
    fail: Annotated[tuple[Target, ...], Field(min_length=1)] = ()
    """What fails in a `blast-radius`, in place of a scenario."""
    include: tuple[Selector, ...] = ()
    """What is shown: a component is in when any selector picks it. Everything where it is empty."""
    exclude: tuple[Selector, ...] = ()
    """What is left out of that."""
    group_by: Literal["domain", "owner", "platform", "vendor", "zone", "none"] = "domain"
    """What the boxes around components stand for."""
    colour_by: Literal["tier", "lifecycle", "owner", "slo", "state", "availability"] = "tier"
    """What colour means."""
    direction: Literal["LR", "TB", "RL", "BT"] = "LR"
    """Where dependents stand and where dependencies: `LR` left to right, `TB` top to bottom."""
    scenario: ScenarioRef | None = None
    """Scenario whose states are shown, or whose blast radius."""
    layout: Layout = Field(default_factory=lambda: _LAYOUT)
    """Hints that keep the diagram in place."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""

    @property
    def picture(self) -> PictureKind:
        """The kind of picture, said or implied."""
        if self.kind is not None:
            return self.kind
        return "journey" if self.journey is not None else "blast-radius" if self.fail else "landscape"

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> "ViewSpec":
        picture = self.picture
        if picture in OF_A_JOURNEY and self.journey is None:
            raise _lack(
                "journey", "a picture of the kind `{picture}` shows one journey, and `journey` is missing", picture
            )
        if self.fail and self.scenario is not None:
            given = {"given": ["scenario", "fail"]}
            raise PydanticCustomError("one_of", "a scenario says itself what fails", given)
        if picture == "blast-radius" and not self.fail and self.scenario is None:
            raise _lack("fail", "a blast radius needs a failure: `fail` or `scenario`", picture)
        if picture == "overview" and self.group_by == "none":
            raise _lack("groupBy", "an overview is one of groups, and `groupBy: none` leaves none", picture)
        if picture == "context" and not self.around:
            raise _lack("around", "a context is one of a component, and no selector says which", picture)
        if self.depth is not None and self.journey is None:
            raise PydanticCustomError(
                "depth_of_view", "`depth` counts from what a journey uses, and `journey` is missing"
            )
        return self

    @property
    def around(self) -> tuple[str, ...]:
        """The components that a context is about, as written."""
        found = (ref for each in self.include for ref in (each.dependencies_of, each.dependents_of))
        return tuple(dict.fromkeys(ref for ref in found if ref is not None))


def _lack(what: str, message: str, picture: PictureKind) -> PydanticCustomError:
    context = {"what": what, "picture": picture}
    return PydanticCustomError("kind_lacks", message, context)


_VIEWSPEC = ViewSpec.model_construct()


class View(Entity):
    """A named diagram."""

    kind: Literal["View"]
    """`View`."""
    spec: ViewSpec = Field(default_factory=lambda: _VIEWSPEC)
    """What it shows."""
