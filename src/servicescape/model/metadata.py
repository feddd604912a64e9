"""What every entity says about itself, whatever its kind."""

from typing import Annotated, Any

from pydantic import Field

from servicescape.model.base import Part
from servicescape.model.names import DEFAULT_NAMESPACE, Name, Text


class Link(Part):
    """A page worth opening from here: a dashboard, a repository, a wiki page."""

    url: Text
    """Address of the page."""
    title: Text | None = None
    """What the reader finds there."""
    type: Text | None = None
    """Kind of page, such as `dashboard`, `repository` or `docs`."""


class Metadata(Part):
    """Name, title and everything else that identifies and annotates an entity."""

    name: Annotated[Name, Field(examples=["basket", "payments-crew"])]
    """Unique name among its kind: small letters, digits and dashes, at most 63 characters."""
    namespace: Name = DEFAULT_NAMESPACE
    """Space of names, for organisations in which two teams may use the same name."""
    title: Text | None = None
    """Name for people, as it should stand in diagrams and reports."""
    description: str | None = None
    """What it is for, in a sentence or two."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Short key-value pairs to select and group by."""
    annotations: dict[str, str] = Field(default_factory=dict)
    """Key-value pairs for other tools; any text."""
    links: tuple[Link, ...] = ()
    """Pages worth opening from here."""
    aliases: tuple[Name, ...] = ()
    """Old names. References to one still resolve, with a warning that can be mended mechanically."""


Extensions = Annotated[
    dict[str, Any],
    Field(examples=[{"compliance": {"pci": True}}]),
]
"""The organisation's own data by name, each checked against `schemas/extensions/NAME.json` where that file exists."""
