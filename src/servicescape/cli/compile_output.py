"""What `compile` and `build` say of the rules: for people, and for programs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicescape.cli.output import shown_path
from servicescape.report.summary import counted

if TYPE_CHECKING:
    from servicescape.app.compile import Compiled
    from servicescape.app.files import Difference
    from servicescape.app.prove import Proof

_MOST_NAMED = 5
_MOST_DIFFERENCES = 40
_MOST_FAILURES = 20
_MOST_LINES = 6


def describe(compiled: "Compiled") -> str:
    """What was compiled, in figures, as the beginning of a sentence."""
    rules = compiled.rules
    figures = f"rules for {counted(compiled.slos, 'SLO')} in {counted(len(rules.files), 'file')}"
    return f"{figures}, with {counted(len(rules.tests), 'promtool test')}," if "tests" in compiled.families else figures


def print_left_out(compiled: "Compiled") -> None:
    """Says on stderr what SLOs ask for and the rules do not do, and what their readers should know."""
    rules = compiled.rules
    for remark in (*rules.remarks, *compiled.remarks):
        click.echo(f"note: {remark}", err=True)
    for text in dict.fromkeys(note.text for note in rules.notes):
        click.echo(f"note: {_some([note.slo for note in rules.notes if note.text == text])}: {text}", err=True)
    if rules.untested:
        click.echo(f"note: no promtool test can be made for {_some([note.slo for note in rules.untested])}", err=True)
    left_out = rules.uncompiled
    if not left_out:
        return
    click.echo(f"not compiled ({len(left_out)}):", err=True)
    for entry in left_out:
        part = f" ({entry.part})" if entry.part else ""
        click.echo(f"  {entry.slo}{part}: {entry.reason}", err=True)


def _some(slos: Sequence[str]) -> str:
    """The first of these SLOs by name, and how many more there are."""
    names = ", ".join(slo.split(":", 1)[1] for slo in slos[:_MOST_NAMED])
    return f"{names} and {len(slos) - _MOST_NAMED} more" if len(slos) > _MOST_NAMED else names


def print_differences(found: Sequence["Difference"], mend: str) -> None:
    """Says what on disk is not as it should be, and what to do about it."""
    for difference in found[:_MOST_DIFFERENCES]:
        path = shown_path(difference.path)
        if difference.kind == "missing":
            click.echo(f"{path}: missing")
        elif difference.kind == "stale":
            click.echo(f"{path}: should not be there")
        elif not difference.line:
            click.echo(f"{path}: out of date")
        else:
            click.echo(f"{path}:{difference.line}: out of date")
            click.echo(f"  - {_line(difference.found)}")
            click.echo(f"  + {_line(difference.expected)}")
    if len(found) > _MOST_DIFFERENCES:
        click.echo(f"… and {len(found) - _MOST_DIFFERENCES:,} more files")
    click.echo(f"  = help: run `{mend}` and commit what it writes", err=True)


def _line(text: str | None) -> str:
    if text is None:
        return "(the end of the file)"
    shown = text.strip() or "(an empty line)"
    return shown if len(shown) <= 100 else f"{shown[:99]}…"


def print_proof(proof: "Proof") -> None:
    """Says what promtool found: what fails first, the figures last."""
    for failure in proof.failures[:_MOST_FAILURES]:
        click.echo(f"failed: {failure.slo or failure.file}")
        click.echo(f"  promised: {failure.promised}")
        for line in failure.lines[:_MOST_LINES]:
            click.echo(f"  {line}")
        if len(failure.lines) > _MOST_LINES:
            click.echo(f"  … and {len(failure.lines) - _MOST_LINES} more")
        if failure.slo:
            click.echo(f"  in {failure.file}")
    if len(proof.failures) > _MOST_FAILURES:
        click.echo(f"… and {len(proof.failures) - _MOST_FAILURES:,} more failures")
    version = f" by promtool {proof.promtool}" if proof.promtool else ""
    failed = len({failure.slo or failure.file for failure in proof.failures})
    rest = [f"{failed:,} failed"] if failed else []
    if proof.untested:
        rest.append(f"{proof.untested:,} without a test")
    click.echo(f"{counted(proof.proven, 'SLO')} proven{version}{''.join(f', {part}' for part in rest)}")


def as_json(
    compiled: "Compiled",
    folder: Path,
    *,
    written: bool,
    found: Sequence["Difference"] | None,
    proof: "Proof | None",
) -> str:
    """All of it by the schema in `schemas/output/compile.json`. Fields may be added, none is renamed."""
    rules = compiled.rules
    value: dict[str, Any] = {
        "version": 1,
        "target": compiled.target,
        "folder": shown_path(folder),
        "written": written,
        "summary": {
            "slos": compiled.slos,
            "files": {name: len(files) for name, files in compiled.families.items()},
        },
        "notCompiled": [
            {"slo": entry.slo, "part": entry.part or None, "reason": entry.reason} for entry in rules.uncompiled
        ],
        "untested": [{"slo": note.slo, "reason": note.text} for note in rules.untested],
        "notes": [
            *({"slo": None, "text": remark} for remark in (*rules.remarks, *compiled.remarks)),
            *({"slo": note.slo, "text": note.text} for note in rules.notes),
        ],
        "differences": None if found is None else [_difference(each) for each in found],
        "proof": None if proof is None else _proof(proof),
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _difference(difference: "Difference") -> dict[str, Any]:
    return {
        "file": shown_path(difference.path),
        "change": difference.kind,
        "line": difference.line or None,
        "found": difference.found,
        "expected": difference.expected,
    }


def _proof(proof: "Proof") -> dict[str, Any]:
    return {
        "holds": proof.holds,
        "promtool": proof.promtool or None,
        "proven": proof.proven,
        "untested": proof.untested,
        "failures": [
            {"slo": each.slo or None, "file": each.file, "promised": each.promised, "happened": list(each.lines)}
            for each in proof.failures
        ],
    }
