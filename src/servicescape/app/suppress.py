"""Ignore comments: which findings they hide, and what is to be said about the comments themselves."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from servicescape.diagnostics import Diagnostic, Edit, Fix, Label, Position, Span
from servicescape.diagnostics.ignores import MARKER, FaultyIgnore, Ignore, IgnoredCode, parse_ignore
from servicescape.rules.registry import all_rules, find_rule, suggest_rule
from servicescape.source.text import SourceFile
from servicescape.syntax.comments import Comment, read_comments

FAMILY = "IGN"
"""What is said about comments cannot be hidden by comments."""
_PATTERN = re.compile(r"[A-Z]{2,5}\d{0,3}")


@dataclass(slots=True)
class Ignores:
    """All ignore comments of a catalog, and how they were used."""

    found: list[Ignore] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    _by_line: dict[tuple[str, int | None], list[Ignore]] = field(default_factory=dict)
    """By file and line; those of a whole file have no line."""
    _used: set[tuple[int, str]] = field(default_factory=set)
    _missed: dict[int, list[Diagnostic]] = field(default_factory=dict)
    """Findings that an expired comment would have hidden."""

    def add(self, ignore: Ignore) -> None:
        """Takes up a comment."""
        self.found.append(ignore)
        if ignore.whole_file or ignore.line is not None:
            # A comment at the end of the line comes before those above it, and the nearest of these first.
            place = self._by_line.setdefault((ignore.file, ignore.line), [])
            place.append(ignore)
            place.sort(key=lambda each: (each.alone, -each.span.start.line))

    def hides(self, finding: Diagnostic, today: date | None) -> bool:
        """Whether a comment hides this finding; notes which one was of use."""
        if finding.code.startswith(FAMILY):
            return False
        expired: Ignore | None = None
        for ignore in self._candidates(finding):
            entry = ignore.entry_for(finding.code)
            if entry is None:
                continue
            if not ignore.is_expired(today):
                self._used.add((id(ignore), entry.text))
                return True
            expired = expired or ignore
        if expired is not None:
            self._missed.setdefault(id(expired), []).append(finding)
        return False

    def _candidates(self, finding: Diagnostic) -> Iterator[Ignore]:
        if finding.span is not None:
            yield from self._by_line.get((finding.file, finding.span.start.line), ())
        yield from self._by_line.get((finding.file, None), ())

    def verdicts(self, is_judged: Callable[[str, str], bool]) -> Iterator[Diagnostic]:
        """Comments that have expired or are of no use. `is_judged`: file and code → whether its rule has run there."""
        for ignore in self.found:
            missed = self._missed.get(id(ignore), [])
            if missed:
                yield _expired(ignore, missed[0])
            hidden = {entry.text for finding in missed if (entry := ignore.entry_for(finding.code))}
            used = hidden | {text for owner, text in self._used if owner == id(ignore)}
            unused = [entry for entry in _unused(ignore, used) if _is_judged(entry, ignore.file, is_judged)]
            if unused:
                yield _unused_finding(ignore, unused)


def find_ignores(sources: Mapping[str, SourceFile]) -> Ignores:
    """The ignore comments of all files. Files without the marker cost next to nothing."""
    ignores = Ignores()
    for source in sources.values():
        if MARKER not in source.text:
            continue
        for comment in read_comments(source.text, MARKER):
            if MARKER in comment.text:
                _read(source, comment, ignores)
    return ignores


def _read(source: SourceFile, comment: Comment, ignores: Ignores) -> None:
    parsed = parse_ignore(comment.text)
    if parsed is None:
        return
    lines = source.lines

    def span(start: int, end: int) -> Span:
        return lines.span(comment.start + start, comment.start + end)

    if isinstance(parsed, FaultyIgnore):
        code = "IGN903" if parsed.blanket else "IGN905"
        place = span(parsed.start, parsed.end)
        ignores.faults.append(
            Diagnostic(code, parsed.message, source.name, place, label="hides nothing", help=parsed.help)
        )
        return
    whole = span(parsed.start, len(comment.text.rstrip()))
    if parsed.whole_file and not comment.leads:
        ignores.faults.append(
            Diagnostic(
                "IGN905",
                "`ignore-file` stands behind content, where it hides nothing",
                source.name,
                whole,
                help="move it to the beginning of the file, or write `ignore` at the line concerned",
            )
        )
        return
    line = whole.start.line
    own_line = not lines.line(line)[: lines.position(comment.start).column - 1].strip()
    codes: list[IgnoredCode] = []
    for start, text in parsed.codes:
        entry = IgnoredCode(text.upper(), span(start, start + len(text)), text)
        fault = _fault_of(entry, source.name)
        if fault is None:
            codes.append(entry)
        else:
            ignores.faults.append(fault)
    if codes:
        ignores.add(
            Ignore(
                file=source.name,
                span=whole,
                codes=tuple(codes),
                whole_file=parsed.whole_file,
                until=parsed.until,
                reason=parsed.reason,
                line=None if parsed.whole_file else _line_below(source, line) if own_line else line,
                alone=own_line,
                removal=_removal(source, whole, whole_line=own_line and parsed.start == 0),
                is_partly_faulty=len(codes) < len(parsed.codes),
            )
        )


def _line_below(source: SourceFile, line: int) -> int | None:
    """The line that a comment on a line of its own speaks of: the next one, behind further comments."""
    line += 1
    while (text := source.lines.line(line).strip()).startswith("#"):
        line += 1
    return line if text else None


def _removal(source: SourceFile, whole: Span, *, whole_line: bool) -> Span:
    """The comment with the blanks before it, or with its whole line."""
    number = whole.start.line
    text = source.lines.line(number)
    if whole_line and number < len(source.lines):
        return Span(Position(number, 1), Position(number + 1, 1))
    kept = len(text[: whole.start.column - 1].rstrip())
    return Span(Position(number, kept + 1), Position(number, len(text) + 1))


def _fault_of(entry: IgnoredCode, file: str) -> Diagnostic | None:
    if entry.text.startswith(FAMILY):
        return Diagnostic(
            "IGN905",
            "what is found about ignore comments cannot be ignored by one",
            file,
            entry.span,
            help="mend the comment concerned, or switch the rule off in the settings",
        )
    if _PATTERN.fullmatch(entry.text) and any(code.startswith(entry.text) for code in all_rules()):
        return None
    by_name = find_rule(entry.as_written)
    close = by_name.code if by_name else suggest_rule(entry.as_written)
    return Diagnostic(
        "IGN902",
        f"no rule has the code `{entry.as_written}`",
        file,
        entry.span,
        label="hides nothing",
        help=f"did you mean `{close}`?"
        if close
        else "codes look like `REF201`; `REF` means the whole family (`servicescape explain` lists all)",
    )


def _unused(ignore: Ignore, used: set[str]) -> Iterator[IgnoredCode]:
    """Entries without a finding; of two equal ones the second."""
    seen: set[str] = set()
    for entry in ignore.codes:
        if entry.text not in used or entry.text in seen:
            yield entry
        seen.add(entry.text)


def _is_judged(entry: IgnoredCode, file: str, is_judged: Callable[[str, str], bool]) -> bool:
    return all(is_judged(file, code) for code in all_rules() if entry.covers(code))


def _expired(ignore: Ignore, finding: Diagnostic) -> Diagnostic:
    related = (Label(finding.file, finding.span, f"{finding.code} is reported again"),) if finding.span else ()
    return Diagnostic(
        "IGN904",
        f"the last day of this ignore comment was {ignore.until}",
        ignore.file,
        ignore.span,
        label="hides nothing any more",
        help=f"mend what {finding.code} says, or set a later day",
        related=related,
    )


def _unused_finding(ignore: Ignore, unused: list[IgnoredCode]) -> Diagnostic:
    names = _listed([f"`{entry.as_written}`" for entry in unused])
    kept = [entry for entry in ignore.codes if entry not in unused]
    if kept or ignore.is_partly_faulty:
        # The list is written anew only where all of it is understood.
        first, last = ignore.codes[0].span.start, ignore.codes[-1].span.end
        text = ", ".join(entry.as_written for entry in kept)
        fix = None if ignore.is_partly_faulty else Fix(f"keep {text}", (Edit(ignore.file, Span(first, last), text),))
        span = unused[0].span
        advice = f"remove {names} from the list"
    else:
        fix = Fix("remove the comment", (Edit(ignore.file, ignore.removal or ignore.span, ""),))
        span = ignore.span
        advice = "remove the comment"
    where = "in this file" if ignore.whole_file else "here" if ignore.line is not None else "here: no line follows it"
    return Diagnostic(
        "IGN901",
        f"nothing is found that {names} could hide {where}",
        ignore.file,
        span,
        label="of no use",
        help=advice,
        fix=fix,
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
