"""The fields of foreign formats, written down as data, and documents checked against them.

A field is carried, or known and lost (named in a warning), or unknown (an error with a suggestion). Nothing is passed
over in silence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from servicescape.diagnostics import Diagnostic, Position, Span, nearest
from servicescape.diagnostics.records import record
from servicescape.dialects.draft import Item, Path, span_of_word
from servicescape.syntax.scalars import why_not_a_number

Plain = Literal["text", "number", "flag", "texts", "labels", "any", "mapping"]
"""`texts`: texts by name; `labels`: the same, or lists of texts."""


@record()
class ListOf:
    """A list whose items all have one form."""

    item: "Form"


Shape = Mapping[str, "Key"]
Form = Plain | ListOf | Shape


@record()
class Key:
    """One field of a format."""

    form: Form
    required: bool = False
    lost: str = ""
    """Why the catalog does not carry it, and what to do instead; empty where it does."""


def lost(why: str) -> Key:
    """A field that the format has and the catalog does not carry."""
    return Key("any", lost=why)


UNSOUND = object()
"""In place of a value that is not what its field needs; that was reported."""

_WORDS = {
    "text": "text",
    "number": "a number",
    "flag": "`true` or `false`",
    "texts": "a mapping of texts",
    "labels": "a mapping of texts",
    "mapping": "a mapping",
}


@dataclass(slots=True)
class Reader:
    """Reads one foreign object and collects what is to be said of it."""

    item: Item
    language: str
    """Name of the format, as its users call it."""
    shape: Shape
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _said: set[tuple[str, Path, str]] = field(default_factory=set)

    def read(self) -> dict[str, Any]:
        """The object's sound part: what is missing, empty, unknown, lost or of a wrong type is not in it."""
        value = self._mapping(self.item.value, self.shape, ())
        assert isinstance(value, dict)
        return value

    def read_part(self, value: Any, shape: Shape, path: Path) -> Any:
        """A part that can have several forms, once it is known which it has; UNSOUND where it is no mapping."""
        return self._read(value, shape, path)

    # Findings, each said once at a place.

    def say(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        label: str = "",
        advice: str = "",
        at_key: bool = False,
        word: str = "",
    ) -> None:
        """Adds a finding at a path of the object, or at a word of the text there."""
        if (code, path, message) in self._said:
            return
        self._said.add((code, path, message))
        self.diagnostics.append(self.finding(code, message, path, label=label, advice=advice, at_key=at_key, word=word))

    def finding(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        label: str = "",
        advice: str = "",
        at_key: bool = False,
        word: str = "",
    ) -> Diagnostic:
        """What is to be said at a path of the object, or at a word of the text there."""
        document, whole = self.item.document, self.item.path(*path)
        span = document.key_span(whole) if at_key else document.value_span(whole)
        if span.start == span.end:
            span = document.key_span(whole)
        if word:
            span = span_of_word(document, span, word)
        return Diagnostic(code, message, document.file, _short(span), label=label, help=advice)

    def has_said(self, code: str, path: Path) -> bool:
        """Whether there is a finding of this code at a path."""
        return any(said[:2] == (code, path) for said in self._said)

    def unknown(self, path: Path, allowed: Shape) -> None:
        """A key that the format does not have."""
        key, where = str(path[-1]), path[:-1]
        close = nearest(key, allowed)
        home = next(_homes(self.shape, key, ()), None)
        if close is not None:
            advice = f"did you mean `{close}`?"
        elif home is not None:
            advice = f"`{key}` belongs {f'into `{home}`' if home else 'at the top level'}: look at its indentation"
        else:
            names = ", ".join(f"`{name}`" for name in allowed)
            advice = f"remove it; the keys here are {names}" if allowed else "remove it"
        self.say(
            "DIA151",
            f"unknown key `{key}`{_within(where)}",
            path,
            label=f"{self.language} has no such key here",
            advice=advice,
            at_key=True,
        )

    def missing(self, path: Path) -> None:
        """A required key that is not there."""
        key, where = str(path[-1]), path[:-1]
        self.say(
            "DIA152",
            f"`{key}` is missing{_within(where)}",
            where,
            label=f"{self.language} needs `{key}` here",
            advice=f"add `{key}:`",
            at_key=True,
        )

    def wrong(self, path: Path, message: str, *, label: str, advice: str) -> None:
        """A value that the format itself does not allow."""
        self.say("DIA153", message, path, label=label, advice=advice)

    def no_word(self, path: Path, word: str, words: Sequence[str]) -> None:
        """A text that is none of the words to choose from."""
        close = nearest(word, words)
        listed = ", ".join(f"`{each}`" for each in words)
        self.wrong(
            path,
            f"`{word}` is no value of `{path[-1]}`",
            label=f"expected one of {listed}",
            advice=f"did you mean `{close}`?" if close else f"write one of {listed}",
        )

    def refuse_kind(self, kind: Any, kinds: Sequence[str]) -> None:
        """A kind that the format does not have."""
        if kind is None:
            self.missing(("kind",))
            return
        close = nearest(str(kind), kinds)
        listed = ", ".join(f"`{each}`" for each in kinds)
        self.wrong(
            ("kind",),
            f"`{kind}` is no kind of {self.language}" if isinstance(kind, str) else "`kind` needs the name of a kind",
            label=f"did you mean `{close}`?" if close else "unknown kind",
            advice=f"the kinds are {listed}" if len(kinds) > 1 else f"the only kind is {listed}",
        )

    def unresolved(self, path: Path, kind: str, name: str, known: Iterable[str]) -> None:
        """A reference to an object of the format that is defined nowhere."""
        close = nearest(name, known)
        self.wrong(
            path,
            f"no {kind} is called `{name}`",
            label="defined nowhere in the catalog",
            advice=f"did you mean `{close}`?" if close else "define it, or correct the name",
        )

    def left_out(self, path: Path, what: str, why: str, advice: str, *, at_key: bool = False) -> None:
        """Something of which nothing can be made."""
        self.say("DIA154", f"{what} is left out: {why}", path, label="not carried", advice=advice, at_key=at_key)

    def not_carried(self, path: Path, why: str, *, what: str = "", at_key: bool = True) -> None:
        """A field that the format has and the catalog has not."""
        meaning, _, advice = why.partition("; ")
        self.say(
            "DIA161",
            f"`{what or _last(path)}` is not carried{_within(path[:-1])}",
            path,
            label=meaning,
            advice=advice or "remove it once nothing reads it any more",
            at_key=at_key,
        )

    def changed(self, path: Path, message: str, label: str, advice: str, *, at_key: bool = True) -> None:
        """A field that means something a little different from now on."""
        self.say("DIA162", message, path, label=label, advice=advice, at_key=at_key)

    # Reading.

    def _read(self, value: Any, form: Form, path: Path) -> Any:
        if form == "any":
            return value
        if isinstance(form, ListOf):
            if not isinstance(value, tuple):
                return self._mistyped(value, "a list", path)
            return tuple(
                item if item is None else self._read(item, form.item, (*path, number))
                for number, item in enumerate(value)
            )
        if isinstance(form, str):
            return self._plain(value, form, path)
        if not isinstance(value, dict):
            return self._mistyped(value, "a mapping", path)
        return self._mapping(value, form, path)

    def _mapping(self, value: dict[str, Any], shape: Shape, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        unknown = [key for key in value if key not in shape]
        for key in unknown:
            self.unknown((*path, key), shape)
        for key, entry in shape.items():
            given = value.get(key)
            here = (*path, key)
            if given is None:
                if entry.required and nearest(key, unknown) is None:
                    self.missing(here)
            elif entry.lost:
                self.not_carried(here, entry.lost)
            else:
                read = self._read(given, entry.form, here)
                if read is not UNSOUND:
                    found[key] = read
        return found

    def _plain(self, value: Any, form: Plain, path: Path) -> Any:
        if form in ("texts", "labels"):
            if not isinstance(value, dict):
                return self._mistyped(value, _WORDS[form], path)
            return {
                key: each
                for key, item in value.items()
                for each in [self._label(item, form, (*path, key))]
                if each is not UNSOUND
            }
        sound = {
            "text": isinstance(value, str),
            "number": isinstance(value, int | Decimal) and not isinstance(value, bool),
            "flag": isinstance(value, bool),
            "mapping": isinstance(value, dict),
        }[form]
        return value if sound else self._mistyped(value, _WORDS[form], path)

    def _label(self, value: Any, form: Plain, path: Path) -> Any:
        if form == "labels" and isinstance(value, tuple) and all(isinstance(item, str) for item in value):
            return ",".join(value)
        return value if isinstance(value, str) else self._mistyped(value, "text", path)

    def _mistyped(self, value: Any, expected: str, path: Path) -> Any:
        if isinstance(value, str):
            found = "text"
        elif isinstance(value, dict):
            found = "a mapping"
        elif isinstance(value, tuple):
            found = "a list"
        else:
            found = "empty" if value is None else "a truth value" if isinstance(value, bool) else "a number"
        advice = f"write {expected}"
        if expected == "text" and isinstance(value, int | Decimal):
            advice = "put it in quotes"
        elif expected == "a number" and isinstance(value, str):
            reason = why_not_a_number(value)
            advice = f"`{value}`: {reason}" if reason else "write a number, without quotes"
        what = f"an item of `{_last(path)}`" if path and isinstance(path[-1], int) else f"`{_last(path)}`"
        self.wrong(path, f"{what} needs {expected}, and this is {found}", label=f"expected {expected}", advice=advice)
        return UNSOUND


def _homes(form: Form, key: str, path: tuple[str, ...]) -> Iterator[str]:
    """Where in a format a key has its place, outermost first."""
    while isinstance(form, ListOf):
        form = form.item
        path = (*path[:-1], f"{path[-1]}[]") if path else path
    if isinstance(form, str):
        return
    if key in form:
        yield ".".join(path)
    for name, entry in form.items():
        yield from _homes(entry.form, key, (*path, name))


def _last(path: Path) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "document")


def _within(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return f" in `{text}`" if text else ""


def _short(span: Span) -> Span:
    if span.start.line == span.end.line:
        return span
    return Span(span.start, Position(span.start.line, span.start.column + 1))
