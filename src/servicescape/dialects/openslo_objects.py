"""Objects of OpenSLO by kind and name, as far as they are sound."""

from dataclasses import dataclass, field
from typing import Any

from servicescape.dialects.draft import Item, Path, Translation
from servicescape.dialects.openslo_indicators import Indicator
from servicescape.dialects.openslo_shapes import SHAPES
from servicescape.dialects.openslo_windows import Alerts
from servicescape.dialects.shapes import Reader

API_VERSION = "openslo/v1"
OLD_API_VERSION = "openslo/v1alpha"


@dataclass(slots=True)
class Object:
    """One object as far as it is sound."""

    reader: Reader
    kind: str
    name: str
    value: dict[str, Any]

    @property
    def spec(self) -> dict[str, Any]:
        """What the object says."""
        spec: dict[str, Any] = self.value.get("spec", {})
        return spec

    @property
    def metadata(self) -> dict[str, Any]:
        """What identifies and annotates it."""
        metadata: dict[str, Any] = self.value.get("metadata", {})
        return metadata

    @property
    def is_old(self) -> bool:
        """Whether it is written in `openslo/v1alpha`."""
        return bool(self.value.get("apiVersion") == OLD_API_VERSION)


@dataclass(slots=True)
class Objects:
    """All of them, for they refer to each other."""

    into: Translation
    readers: list[Reader] = field(default_factory=list)
    by_kind: dict[str, dict[str, Object]] = field(default_factory=lambda: {kind: {} for kind in SHAPES})
    slos: list[Object] = field(default_factory=list)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    """Of the SLI objects, by name."""

    def type_of(self, name: str) -> str | None:
        """The type of a DataSource; None where there is none of this name."""
        source = self.by_kind["DataSource"].get(name)
        return source.spec.get("type", "") if source is not None else None

    def alerts(self) -> Alerts:
        """What reads the policies that objects name."""
        policies, conditions = (
            {name: (each.reader, each.spec) for name, each in self.by_kind[kind].items()}
            for kind in ("AlertPolicy", "AlertCondition")
        )
        return Alerts(policies, conditions)


def places_of_metadata(item: Item) -> dict[Path, Path]:
    """Where the parts of an entity's metadata are written."""
    return {
        (): item.path(),
        ("metadata", "title"): item.path("metadata", "displayName"),
        ("metadata", "description"): item.path("spec", "description"),
    }
