"""OpenSLO: `openslo/v1`, and SLO and Service of `openslo/v1alpha`.

Its objects refer to each other by name and may be spread over files, so that all of them are read before the first
becomes an entity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from servicescape.dialects.draft import Draft, ForeignPlaces, Item, Path, Translation
from servicescape.dialects.kubernetes import implied_service
from servicescape.dialects.openslo_indicators import make, read_indicator
from servicescape.dialects.openslo_objects import API_VERSION, OLD_API_VERSION, Object, Objects, places_of_metadata
from servicescape.dialects.openslo_shapes import OLD_SHAPES, SHAPES
from servicescape.dialects.openslo_slos import Slo
from servicescape.dialects.shapes import Reader
from servicescape.dialects.words import as_name, entity

LANGUAGE = "OpenSLO"
KINDS = tuple(SHAPES)


def is_meant(value: dict[str, Any]) -> bool:
    """Whether an object is one of a version of OpenSLO that is read."""
    return value.get("apiVersion") in (API_VERSION, OLD_API_VERSION)


def translate(items: Sequence[Item], into: Translation) -> None:
    """Objectives become SLOs, SLIs become Indicators, Services are implied; the rest is taken into the SLOs."""
    objects = _Translator(Objects(into))
    for item in items:
        objects.take(item)
    objects.run()


@dataclass(slots=True)
class _Translator:
    known: Objects

    def take(self, item: Item) -> None:
        """Checks an object and files it by kind and name."""
        kind = item.value.get("kind")
        shapes = OLD_SHAPES if item.value.get("apiVersion") == OLD_API_VERSION else SHAPES
        reader = Reader(item, LANGUAGE, shapes.get(str(kind), {}))
        self.known.readers.append(reader)
        if not isinstance(kind, str) or kind not in shapes:
            reader.refuse_kind(kind, tuple(shapes))
            return
        value = reader.read()
        name = value.get("metadata", {}).get("name")
        if name is None:
            return
        if as_name(name) != name:
            reader.wrong(
                ("metadata", "name"),
                f"`{name}` is not a name",
                label="small letters, digits and dashes, at most 63 characters",
                advice=f"write `{as_name(name)}`, and what people should read into `displayName`"
                if as_name(name)
                else "write it in small letters, digits and dashes",
            )
            return
        found = Object(reader, kind, name, value)
        if kind == "SLO":
            self.known.slos.append(found)
        elif name in self.known.by_kind[kind]:
            reader.wrong(
                ("metadata", "name"),
                f"the name `{name}` is taken",
                label=f"a second {kind} of this name",
                advice="give one of the two another name, or remove the copy",
            )
        else:
            self.known.by_kind[kind][name] = found

    def run(self) -> None:
        """Makes entities of what was taken."""
        for target in self.known.by_kind["AlertNotificationTarget"].values():
            target.reader.not_carried(
                ("kind",),
                "alerts go where the team's `receivers` say; name them in the Team",
                what="AlertNotificationTarget",
                at_key=False,
            )
        self.known.alerts().read_all()
        for service in self.known.by_kind["Service"].values():
            self._service(service)
        for sli in self.known.by_kind["SLI"].values():
            self._indicator(sli)
        for slo in self.known.slos:
            Slo(self.known, slo).run()
        for reader in self.known.readers:
            self.known.into.diagnostics.extend(reader.diagnostics)

    def _service(self, service: Object) -> None:
        path: Path = ("metadata", "name")
        self.known.into.drafts.append(
            implied_service(
                service.reader.item,
                service.name,
                path,
                title=service.metadata.get("displayName"),
                description=service.spec.get("description"),
                labels=service.metadata.get("labels"),
                annotations=service.metadata.get("annotations"),
            )
        )

    def _indicator(self, sli: Object) -> None:
        """A ratio can be shared as it is; a threshold means something only together with an objective."""
        indicator = read_indicator(sli.reader, sli.spec, ("spec",), self.known.type_of)
        made = None
        if indicator is not None:
            self.known.indicators[sli.name] = indicator
            if indicator.is_threshold:
                return
            made = make(indicator, f"`{sli.name}`", {}, (sli.reader, ("spec",)))
        if made is None:
            self.known.into.broken.append(("Indicator", "default", sli.name))
            return
        item = sli.reader.item
        draft = entity(
            "Indicator",
            sli.name,
            {"measures": made.measures, **made.form},
            title=sli.metadata.get("displayName"),
            description=sli.spec.get("description"),
            labels=sli.metadata.get("labels"),
            annotations=sli.metadata.get("annotations"),
        )
        moved = {("spec", *ours[2:]): item.path(*theirs) for ours, theirs in made.moved.items()}
        self.known.into.drafts.append(Draft(draft, ForeignPlaces(item.document, {**places_of_metadata(item), **moved})))
