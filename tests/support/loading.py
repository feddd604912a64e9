"""A catalog from texts, without a disk: what the loader makes of them, and every finding short of the rules'."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from servicescape.bind.entities import Bound, bind
from servicescape.bind.foreign import bind_foreign
from servicescape.bind.located import Located
from servicescape.catalog.build import build_catalog
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Span
from servicescape.model.entity import Entity
from servicescape.model.names import DEFAULT_NAMESPACE
from servicescape.source.text import SourceFile
from servicescape.syntax.document import Document, read_documents

FILE = "catalog/a.yaml"


@dataclass(frozen=True)
class Read:
    """What became of some texts."""

    sources: dict[str, SourceFile]
    entities: list[Located[Entity]]
    catalog: Catalog
    findings: list[Diagnostic]

    @property
    def codes(self) -> list[str]:
        """Codes of the findings, in the order of a report."""
        return [finding.code for finding in self.findings]

    @property
    def only(self) -> Diagnostic:
        """The one finding that there is."""
        assert len(self.findings) == 1, "\n".join(f"{each.code} {each.message}" for each in self.findings)
        return self.findings[0]

    def text(self, finding: Diagnostic) -> str:
        """The author's text that a finding points at."""
        assert finding.span is not None
        return text_at(self.sources[finding.file], finding.span)

    @property
    def brief(self) -> list[tuple[str, int, str]]:
        """Code, line and text of each finding."""
        return [
            (finding.code, finding.span.start.line if finding.span else 0, self.text(finding) if finding.span else "")
            for finding in self.findings
        ]

    def entity(self, ref: str) -> Any:
        """The entity of this reference; Any, since tests look into the fields of its kind."""
        return next(located.entity for located in self.entities if located.ref == ref)


def source_of(text: str, name: str = FILE) -> SourceFile:
    """A file as it is after reading."""
    return SourceFile(Path(name), name, text)


def text_at(source: SourceFile, span: Span) -> str:
    """The text that a span covers."""
    return source.text[source.lines.offset(span.start) : source.lines.offset(span.end)]


def documents_of(text: str) -> list[Document]:
    """The documents of a text in which nothing is wrong."""
    documents, findings, _ = read_documents(source_of(text))
    assert not findings, findings
    return documents


def read_text(text: str) -> Read:
    """A catalog of one file; the text is dedented."""
    return read_files({FILE: dedent(text)})


def read_files(files: Mapping[str, str]) -> Read:
    """A catalog of several files, read in the order given."""
    bound = Bound()
    sources = {}
    for name, text in files.items():
        source = sources[name] = source_of(text, name)
        documents, findings, lost = read_documents(source)
        bound.diagnostics.extend(findings)
        bound.broken.extend((kind, namespace or DEFAULT_NAMESPACE, each) for kind, namespace, each in lost)
        for document in documents:
            bind(document, bound)
    bind_foreign(bound)
    catalog, unresolved = build_catalog(bound.entities, bound.broken)
    findings = sorted([*bound.diagnostics, *unresolved], key=lambda finding: finding.sort_key)
    return Read(sources, bound.entities, catalog, findings)


def entity_text(kind: str, name: str, spec: str = "", *, metadata: str = "") -> str:
    """A document with this kind and name; `spec` is YAML without indentation."""
    lines = [f"---\napiVersion: servicescape/v1\nkind: {kind}\nmetadata:\n  name: {name}"]
    lines.extend(f"  {line}" for line in dedent(metadata).strip().splitlines())
    if spec:
        lines.append("spec:")
        lines.extend(f"  {line}" for line in dedent(spec).strip().splitlines())
    return "\n".join(lines) + "\n"


def service(name: str, spec: str = "", *, owner: str = "crew", metadata: str = "") -> str:
    """A Service owned by the team `crew`."""
    return entity_text("Service", name, f"owner: {owner}\n{dedent(spec).strip()}", metadata=metadata)


CREW = entity_text("Team", "crew")
