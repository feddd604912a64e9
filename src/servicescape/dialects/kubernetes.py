"""What Kubernetes objects of all formats have in common: metadata, lists, and whose objective it is."""

from typing import Any

from servicescape.diagnostics import Diagnostic
from servicescape.dialects.draft import Draft, ForeignPlaces, Item, Path
from servicescape.dialects.shapes import Key, Reader, Shape
from servicescape.dialects.words import as_name, entity

FOR = "servicescape/for"
"""Annotation that says, in the words of the catalog, whose objective an object is."""

_BOOKKEEPING = (
    *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName"),
    *("generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid"),
)
METADATA: Shape = {
    "name": Key("text", required=True),
    "namespace": Key("text"),
    "labels": Key("texts"),
    "annotations": Key("texts"),
    **{key: Key("any") for key in _BOOKKEEPING},
}


def report_bookkeeping(reader: Reader, value: dict[str, Any]) -> None:
    """Names what a cluster has written into an object; it says nothing of the objective."""
    metadata = value.get("metadata", {})
    kept = [("metadata", key) for key in _BOOKKEEPING if key in metadata]
    kept += [("status",)] if "status" in value else []  # type: ignore[list-item]
    if kept:
        names = ", ".join(f"`{path[-1]}`" for path in kept)
        reader.changed(
            kept[0],
            f"{names}: the cluster's own bookkeeping, which is passed over",
            "written by Kubernetes",
            "keep the file as you wrote it, without what the cluster adds",
        )


def implied_service(
    item: Item, name: str, path: Path, *, word: str = "", guess: Diagnostic | None = None, **metadata: Any
) -> Draft:
    """A component of which all that is known is that a foreign document names it.

    `path` leads from the object to the text that names it, and `word` is the name within a longer text.
    """
    written = item.path(*path)
    return Draft(
        entity("Service", name, {}, **metadata),
        ForeignPlaces(item.document, {(): written, ("metadata", "name"): written, ("metadata",): written}, word),
        implied=True,
        guess=guess,
    )


def annotated_subject(annotations: dict[str, str]) -> str | None:
    """The reference that an author has given in the words of the catalog."""
    return annotations.get(FOR) or None


def named_subject(reader: Reader, text: str, path: Path) -> str | None:
    """The name of the service that a document gives, as one of the language."""
    name = as_name(text)
    if not name:
        reader.wrong(
            path,
            f"`{text}` is no name of a service" if text.strip() else "`service` is empty",
            label="letters, digits and dashes",
            advice="name the service",
        )
        return None
    return name
