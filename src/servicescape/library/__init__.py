"""Indicators that come with the tool: measured the usual way, for stacks that many have.

They stand in a namespace of their own, which nobody else may use, so that an SLO names one as
`use: servicescape/http-availability`. Each is a file in the language itself, and is read when an SLO names it: a
catalog that uses none pays nothing, and no catalog has them among its own entities.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from servicescape.model.names import LIBRARY_NAMESPACE, canonical

if TYPE_CHECKING:
    from servicescape.bind.located import Located
    from servicescape.model.slo import Indicator

_FOLDER = Path(__file__).parent / "indicators"
_KIND = "Indicator"
EXAMPLE = ("spec", "x-example")
"""Where each has values for its parameters, as one would give them."""


@cache
def library_names() -> tuple[str, ...]:
    """Names of all Indicators of the library, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.yaml")))


def library_reference(kind: str, namespace: str, name: str) -> str | None:
    """The canonical reference of something in the library; None where it has nothing of this name."""
    if namespace != LIBRARY_NAMESPACE or kind != _KIND or name not in library_names():
        return None
    return canonical(kind, name, namespace)


def library_references(kind: str) -> dict[str, str]:
    """Name → canonical reference of everything of a kind in the library."""
    return {name: canonical(kind, name, LIBRARY_NAMESPACE) for name in library_names()} if kind == _KIND else {}


@cache
def library_indicator(name: str) -> "Located[Indicator]":
    """An Indicator of the library."""
    from servicescape.bind.entities import Bound, bind
    from servicescape.source.text import SourceFile
    from servicescape.syntax.document import read_documents

    path = _FOLDER / f"{name}.yaml"
    # The name is the same wherever the tool is installed, as it gets into findings.
    source = SourceFile(path, f"{LIBRARY_NAMESPACE}/{path.name}", path.read_text(encoding="utf-8"))
    bound = Bound()
    for document in read_documents(source)[0]:
        bind(document, bound)
    assert not bound.diagnostics, bound.diagnostics
    [located] = bound.entities
    return located  # type: ignore[return-value]
