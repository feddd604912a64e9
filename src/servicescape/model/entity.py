"""The frame of every document: which language, which kind, which name."""

from typing import Literal

from servicescape.model.base import Part
from servicescape.model.metadata import Metadata
from servicescape.model.names import canonical

API_VERSION = "servicescape/v1"


class Entity(Part):
    """One document of a catalog."""

    api_version: Literal["servicescape/v1"]
    """Version of the catalog language."""
    kind: str
    """What the document describes."""
    metadata: Metadata
    """Name, title, labels and links."""

    @property
    def ref(self) -> str:
        """Canonical reference, such as `service:basket`."""
        return canonical(self.kind, self.metadata.name, self.metadata.namespace)

    @property
    def title(self) -> str:
        """Title for people; the name where none is given."""
        return self.metadata.title or self.metadata.name
