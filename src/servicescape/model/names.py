"""Names and references: what may be called what, and how one entity points at another.

A reference is written `[kind:][namespace/]name`. A bare name means the referring entity's own namespace. The three
kinds that can fail share one space of names, so a dependency is usually a bare name.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

NAME_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
NAME_MAX_LENGTH = 63
DEFAULT_NAMESPACE = "default"
LIBRARY_NAMESPACE = "servicescape"
"""Namespace of what comes with the tool; a catalog has nothing of its own there."""

COMPONENT_KINDS = ("Service", "Platform", "External")
"""The kinds that can fail; a name may stand for only one of them in a namespace."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=NAME_MAX_LENGTH, min_length=1)]
"""Small letters, digits and dashes, beginning and ending with a letter or digit, at most 63 characters."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""Some text; not empty."""


@dataclass(frozen=True, slots=True)
class RefTo:
    """Marks a field (or dictionary key) as a reference and says which kinds it may name."""

    kinds: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema(strict=True, min_length=1)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "minLength": 1, REFERENCE_KEYWORD: list(self.kinds)}


REFERENCE_KEYWORD = "x-refersTo"
"""JSON Schema annotation on every reference: the kinds it may name. `schema --live` replaces it by an enum."""

TeamRef = Annotated[str, RefTo(("Team",))]
DomainRef = Annotated[str, RefTo(("Domain",))]
PlatformRef = Annotated[str, RefTo(("Platform",))]
ComponentRef = Annotated[str, RefTo(COMPONENT_KINDS)]
ChannelRef = Annotated[str, RefTo(("Channel",))]
JourneyRef = Annotated[str, RefTo(("Journey",))]
IndicatorRef = Annotated[str, RefTo(("Indicator",))]
ScenarioRef = Annotated[str, RefTo(("Scenario",))]
MeasuredRef = Annotated[str, RefTo((*COMPONENT_KINDS, "Journey"))]

_REFERENCE = re.compile(r"(?:(?P<kind>[A-Za-z]+):)?(?:(?P<namespace>[^/:]+)/)?(?P<name>[^/:]+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference taken apart. `kind` is in lower case, as in canonical references."""

    kind: str | None
    namespace: str | None
    name: str


def parse_reference(text: str) -> Reference | None:
    """Takes a reference apart; None where the text has not the form of one."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    kind = match["kind"]
    return Reference(kind.lower() if kind else None, match["namespace"], match["name"])


def canonical(kind: str, name: str, namespace: str = DEFAULT_NAMESPACE) -> str:
    """The one way to write a reference in output: `service:basket`, or `service:shop/basket` outside the default."""
    if namespace == DEFAULT_NAMESPACE:
        return f"{kind.lower()}:{name}"
    return f"{kind.lower()}:{namespace}/{name}"


def name_of(reference: str) -> str:
    """The bare name at the end of a canonical reference."""
    return reference.rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def kind_of(reference: str) -> str:
    """The kind, in lower case, at the start of a canonical reference."""
    return reference.split(":", 1)[0]
