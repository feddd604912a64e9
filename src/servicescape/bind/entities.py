"""Documents to entities: dispatch on `apiVersion` and `kind`, then the kind's model, then places for what is wrong.

What is sound of a faulty document goes on: a bad list item or an unknown key is reported and left out, and the rest
becomes an entity. Where too much is missing for that, the name is kept, so that references to it are not called
undefined on top.
"""

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from servicescape.bind.located import Located, Path
from servicescape.bind.mends import are_spelt_alike, key_fix, value_fix
from servicescape.bind.places import PlacesAsWritten, before_leaving_out
from servicescape.bind.problem_words import as_name
from servicescape.bind.problems import diagnose
from servicescape.bind.problems_of_keys import is_told_elsewhere, kinds_of_these_keys, other_kind
from servicescape.diagnostics import Diagnostic, nearest
from servicescape.dialects.registry import is_foreign
from servicescape.model.base import AUTHORS_OWN
from servicescape.model.entity import API_VERSION, Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import DEFAULT_NAMESPACE
from servicescape.syntax.document import Document
from servicescape.syntax.values import UnreadMapping

_DIALECTS = {
    "openslo/": "an OpenSLO document",
    "backstage.io/": "a Backstage entity",
    "sloth.slok.dev/": "a Sloth specification",
    "pyrra.dev/": "a Pyrra objective",
}


@dataclass(slots=True)
class Bound:
    """What became of some documents."""

    entities: list[Located[Entity]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    """`(kind, namespace, name)` of what is defined, but could not be read."""
    foreign: list[Document] = field(default_factory=list)
    """Documents of other tools, which are read together when all are there (`bind.foreign`)."""


def bind(document: Document, into: Bound) -> None:
    """Reads one document as an entity and adds it, or what is wrong with it, to `into`."""
    value = document.value
    if (not isinstance(value, dict) or value.get("apiVersion") != API_VERSION) and is_foreign(value):
        into.foreign.append(document)
        return
    if not isinstance(value, dict):
        into.diagnostics.append(_not_a_mapping(document))
        return
    kind = value.get("kind")
    if value.get("apiVersion") == API_VERSION and isinstance(kind, str) and kind in KINDS:
        _bind_kind(document, KINDS[kind], value, into)
        return
    into.diagnostics.append(_unknown_document(document, value))
    if isinstance(value.get("metadata"), dict):
        # A misspelt kind must not make every reference to this name look undefined as well.
        into.broken.extend((each, *one) for one in _identities(value) for each in KINDS)


def _bind_kind(document: Document, model: type[Entity], value: dict[str, Any], into: Bound) -> None:
    try:
        # What `model_validate` does, without passing on seven options that nobody gives: there are 10,000 documents.
        into.entities.append(Located(model.__pydantic_validator__.validate_python(value), document))
    except ValidationError as error:
        _bind_sound_part(document, model, value, error, into)


def _bind_sound_part(
    document: Document, model: type[Entity], value: dict[str, Any], error: ValidationError, into: Bound
) -> None:
    others = kinds_of_these_keys(model, value)
    if others:
        into.diagnostics.append(other_kind(document, model, others))
        into.broken.extend((kind, *one) for one in _identities(value) for kind in (model.__name__, *others))
        return
    authors_own: dict[Path, Any] = {}
    reported: set[tuple[Path, str]] = set()
    left_out: list[list[Path]] = []
    current = value
    for _ in range(_MAX_ROUNDS):
        faults = [
            (before_leaving_out(path, left_out), path, fault)
            for fault in error.errors()
            for path in [_written_path(current, fault["loc"], fault["type"])]
        ]
        # pydantic counts only sound items: a list with a faulty one may seem too short, which is no fault of its own.
        faults = [each for each in faults if each[2]["type"] != "too_short" or not _is_above(each[1], faults)]
        doomed: list[Path] = []
        for written, path, fault in faults:
            if fault["type"] == "extra_forbidden" and str(path[-1]).startswith(AUTHORS_OWN):
                authors_own[written] = fault["input"]
                doomed.append(path)
                continue
            doomed.append(_what_to_leave_out(path, fault["type"]))
            if is_told_elsewhere(document, model, written, fault["type"]) or isinstance(fault["input"], UnreadMapping):
                continue
            # Leaving something out can make its container incomplete; that is no second fault of the author's.
            if not any(_is_consequence(written, fault["type"], known) for known, _ in reported):
                into.diagnostics.append(diagnose(document, model, written, fault))
        reported.update(
            (written, fault["type"])
            for written, _, fault in faults
            if not (fault["type"] == "extra_forbidden" and str(written[-1]).startswith(AUTHORS_OWN))
        )
        if () in doomed:
            break
        current = _without(current, doomed)
        left_out.append(doomed)
        try:
            entity = model.model_validate(current)
        except ValidationError as next_error:
            error = next_error
        else:
            into.entities.append(Located(entity, PlacesAsWritten(document, left_out), authors_own))
            return
    into.broken.extend((model.__name__, *one) for one in _identities(value))


_MAX_ROUNDS = 8


def _written_path(value: Any, loc: tuple[str | int, ...], fault_type: str) -> Path:
    """pydantic's route to a fault as keys and positions that are written in the document.

    Left out are the names of union branches, and `[key]` behind a faulty key of a dictionary. The last step may name
    a key that is missing.
    """
    path: list[str | int] = []
    here = value
    for number, step in enumerate(loc):
        is_last = number == len(loc) - 1
        if _has(here, step):
            here = here[step]
        elif not (is_last and fault_type == "missing"):
            continue
        path.append(step)
    return tuple(path)


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, tuple) and isinstance(step, int) and step < len(value)


def _is_above(path: Path, faults: list[tuple[Path, Path, Any]]) -> bool:
    """Whether another fault lies below a path."""
    return any(len(other) > len(path) and other[: len(path)] == path for _, other, _ in faults)


def _is_consequence(path: Path, fault_type: str, known: Path) -> bool:
    """Whether a fault is there only because something faulty was left out before."""
    if path[: len(known)] == known or known[: len(path)] == path:
        return True
    return fault_type == "missing" and known[: len(path) - 1] == path[:-1]


def _what_to_leave_out(path: Path, fault_type: str) -> Path:
    """The part of the document without which the rest may be sound."""
    if fault_type == "missing":
        return path[:-1]
    return path


def _without(value: Any, doomed: list[Path]) -> Any:
    """A copy of the value without the parts at these paths."""
    here = {path[0] for path in doomed if len(path) == 1}
    below: dict[str | int, list[Path]] = {}
    for path in doomed:
        if len(path) > 1 and path[0] not in here:
            below.setdefault(path[0], []).append(path[1:])
    if isinstance(value, dict):
        return {
            key: _without(item, below[key]) if key in below else item for key, item in value.items() if key not in here
        }
    return tuple(
        _without(item, below[index]) if index in below else item
        for index, item in enumerate(value)
        if index not in here
    )


def _identities(value: dict[str, Any]) -> list[tuple[str, str]]:
    """Namespace and name of a document, and the same for its aliases, as far as they can be read."""
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        return []
    namespace, aliases = metadata.get("namespace", DEFAULT_NAMESPACE), metadata.get("aliases")
    name = metadata.get("name")
    # References are written as the name should be, whatever it is.
    meant = name if isinstance(name, str) else metadata.get("title")
    names = [name, *(aliases if isinstance(aliases, tuple) else ())]
    if isinstance(meant, str):
        names.append(as_name(meant))
    return [(namespace, name) for name in names if isinstance(name, str) and isinstance(namespace, str)]


def _not_a_mapping(document: Document) -> Diagnostic:
    what = "a list" if isinstance(document.value, tuple) else "a single value"
    span = document.value_span(())
    return Diagnostic(
        code="SCH101",
        message=f"the document is {what}, and an entity is a mapping",
        file=document.file,
        span=_first_line(span),
        label="expected `apiVersion:` here",
        help="write each entity as a document of its own, beginning with `apiVersion` and `kind`, separated by `---`"
        if isinstance(document.value, tuple)
        else "begin with `apiVersion: servicescape/v1`, `kind` and `metadata`; or exclude the file in the settings",
    )


def _first_line(span: Any) -> Any:
    from servicescape.diagnostics import Position, Span

    if span.start.line == span.end.line:
        return span
    return Span(span.start, Position(span.start.line, span.start.column + 1))


def _brief(value: Any) -> str:
    """A value as it is repeated in a message."""
    if isinstance(value, dict | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _unknown_document(document: Document, value: dict[str, Any]) -> Diagnostic:
    version, kind = value.get("apiVersion"), value.get("kind")
    if version == API_VERSION:
        return _unknown_kind(document, kind)
    if value.get("apiVersion") is None:
        return _no_version(document, value)
    place = document.value_span(("apiVersion",))
    text = _brief(version)
    close = text.startswith("servicescape/") or nearest(text, [API_VERSION]) is not None
    if close:
        return Diagnostic(
            code="SCH102",
            message=f"`{text}` is no version of the catalog language",
            file=document.file,
            span=place,
            label=f"expected `{API_VERSION}`",
            help=f"write `apiVersion: {API_VERSION}`",
            fix=value_fix(document, ("apiVersion",), API_VERSION, safe=are_spelt_alike(text, API_VERSION))
            if not text.startswith("servicescape/")
            else None,
        )
    dialect = next((words for prefix, words in _DIALECTS.items() if text.startswith(prefix)), None)
    if dialect is not None:
        what = f"this is {dialect}, which this version does not read yet"
    else:
        shown = f"{kind} " if isinstance(kind, str) else ""
        what = f"this is no catalog entity but a {shown}document of `{text}`"
    return Diagnostic(
        code="SCH102",
        message=what,
        file=document.file,
        span=place,
        label=f"expected `{API_VERSION}`",
        help='move the file out of the catalog, or exclude it in the settings: `exclude = ["FILE"]`',
    )


_COMPOSE_KEYS = {"configs", "include", "name", "networks", "secrets", "services", "version", "volumes"}


def _is_compose(value: dict[str, Any]) -> bool:
    """Whether a document is for Docker Compose: its keys are, and it has services or parts of some."""
    own = {key for key in value if not str(key).startswith("x-")}
    return own <= _COMPOSE_KEYS and any(isinstance(value.get(key), dict) for key in ("services", "volumes", "networks"))


def _no_version(document: Document, value: dict[str, Any]) -> Diagnostic:
    kind = value.get("kind")
    wrong = nearest("apiVersion", [key for key in value if isinstance(key, str)])
    place = document.key_span((wrong,) if wrong else ("apiVersion",) if "apiVersion" in value else ())
    if wrong:
        message, advice = f"unknown key `{wrong}`", "did you mean `apiVersion`?"
    elif isinstance(kind, str) and kind in KINDS:
        state = "empty" if "apiVersion" in value else "missing"
        message, advice = f"`apiVersion` is {state}", f"begin the document with `apiVersion: {API_VERSION}`"
    elif not wrong and _is_compose(value):
        message = "this is no catalog entity but a Compose file"
        advice = 'move it out of the catalog, or exclude it in the settings: `exclude = ["FILE"]`'
    else:
        message = "this is no catalog entity: `apiVersion` and `kind` are missing"
        advice = 'begin the document with both, or exclude the file in the settings: `exclude = ["FILE"]`'
    return Diagnostic(
        code="SCH102",
        message=message,
        file=document.file,
        span=place,
        label=f"expected `apiVersion: {API_VERSION}`",
        help=advice,
        fix=key_fix(document, (wrong,), "apiVersion", safe=are_spelt_alike(wrong, "apiVersion")) if wrong else None,
    )


def _unknown_kind(document: Document, kind: Any) -> Diagnostic:
    names = ", ".join(KINDS)
    if kind is None:
        wrong = nearest("kind", [key for key in document.value if isinstance(key, str) and key != "kind"])
        if wrong is not None and "kind" not in document.value:
            return Diagnostic(
                code="SCH103",
                message=f"unknown key `{wrong}`",
                file=document.file,
                span=document.key_span((wrong,)),
                label="the language has no such key here",
                help="did you mean `kind`?",
                fix=key_fix(document, (wrong,), "kind", safe=are_spelt_alike(wrong, "kind")),
            )
        return Diagnostic(
            code="SCH103",
            message="`kind` is missing" if "kind" not in document.value else "`kind` is empty",
            file=document.file,
            span=document.key_span(("kind",)),
            label="says what the document describes",
            help=f"add `kind:` with one of {names}",
        )
    close = nearest(str(kind), KINDS) or _OTHER_WORDS.get(str(kind).lower())
    return Diagnostic(
        code="SCH103",
        message=f"`{_brief(kind)}` is no kind of the language"
        if isinstance(kind, str)
        else f"`kind` needs the name of a kind, and this is {_brief(kind)}",
        file=document.file,
        span=document.value_span(("kind",)),
        label="unknown kind",
        help=f"did you mean `{close}`? The kinds are {names}" if close else f"the kinds are {names}",
        fix=value_fix(document, ("kind",), close, safe=are_spelt_alike(str(kind), close))
        if close and isinstance(kind, str)
        else None,
    )


_OTHER_WORDS = {
    **dict.fromkeys(("component", "application", "app", "api", "microservice", "job"), "Service"),
    **dict.fromkeys(("resource", "infrastructure", "cluster", "database"), "Platform"),
    **dict.fromkeys(("group", "squad", "crew"), "Team"),
    **dict.fromkeys(("vendor", "provider", "supplier", "thirdparty"), "External"),
    **dict.fromkeys(("area", "capability"), "Domain"),
    **dict.fromkeys(("servicelevelobjective", "objective"), "SLO"),
    **dict.fromkeys(("sli", "servicelevelindicator"), "Indicator"),
    **dict.fromkeys(("flow", "userjourney", "process"), "Journey"),
    **dict.fromkeys(("diagram", "landscape"), "View"),
}
"""What other catalogs call these things."""
