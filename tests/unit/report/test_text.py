"""The text form: where carets, labels and further places stand, and that no catalog can break the page."""

import re
import string
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from servicescape.diagnostics import Diagnostic, Edit, Fix, Label, Position, Severity, Span
from servicescape.report import ReportContext, Summary
from servicescape.report.cells import visible, width_of
from servicescape.report.text import FULL_OF_A_CODE, LEAST_WIDTH, report_text

FILE = "a/b.yaml"


def _span(line: int, column: int, end_line: int, end_column: int) -> Span:
    return Span(Position(line, column), Position(end_line, end_column))


def _report(source: str | None, *diagnostics: Diagnostic, width: int = 80, files: dict[str, str] | None = None) -> str:
    texts = dict(files or {})
    if source is not None:
        texts[FILE] = source
    return report_text(
        diagnostics, Summary.of(diagnostics, files=1, entities=1), ReportContext(width, False, texts.get)
    )


def _block(source: str | None, diagnostic: Diagnostic, width: int = 80, files: dict[str, str] | None = None) -> str:
    """The report of one finding without the closing line."""
    return _report(source, diagnostic, width=width, files=files).rsplit("\n\n", 1)[0] + "\n"


def _expect(text: str) -> str:
    return dedent(text).removeprefix("\n")


def test_the_finding_of_the_sketch() -> None:
    source = "\n" * 11 + "  dependsOn:\n    - pricing\n    - paymnts\n"
    finding = Diagnostic(
        "REF201",
        "`paymnts` is not defined",
        FILE,
        _span(14, 7, 14, 14),
        label="no service, platform or external has this name",
        help="did you mean `payments` (a/p.yaml:4:9)?",
        fix=Fix("Write `payments`", (Edit(FILE, _span(14, 7, 14, 14), "payments"),)),
        name="unknown-reference",
    )
    assert _report(source, finding) == _expect("""
        error[REF201] unknown-reference: `paymnts` is not defined
          ┌─ a/b.yaml:14:7
          │
        12│   dependsOn:
        13│     - pricing
        14│     - paymnts
          │       ^^^^^^^ no service, platform or external has this name
          │
          = help: did you mean `payments` (a/p.yaml:4:9)?   [*] mended by --fix

        1 error in 1 file (1 entity) · 1 can be mended with --fix
        """)


def test_a_file_that_cannot_be_quoted_is_named() -> None:
    finding = Diagnostic(
        "X1",
        "words",
        FILE,
        _span(3, 4, 3, 5),
        label="here it is",
        related=(Label("c.yaml", Span.at(7, 2), "first defined here"), Label("c.yaml", Span.at(9, 2), "")),
    )
    assert _block(None, finding) == _expect("""
        error[X1]: words
          ┌─ a/b.yaml:3:4
          │
          = note: here it is
          = note: first defined at c.yaml:7:2
          = note: see c.yaml:9:2
        """)


def test_further_places_beyond_a_few_are_counted() -> None:
    related = tuple(Label("c.yaml", Span.at(line, 1), "also here") for line in range(1, 21))
    block = _block(
        "a: 1\n", Diagnostic("X1", "words", FILE, Span.at(1, 1), related=related), files={"c.yaml": "x\n" * 20}
    )
    assert block.count("┌─") == 1 + 3
    assert block.count("= note: also at c.yaml:") == 5
    assert "= note: and 12 more places\n" in block


def test_a_far_place_in_the_same_file_has_its_own_frame() -> None:
    source = "".join(f"k{number}: v\n" for number in range(1, 200))
    finding = Diagnostic("X1", "words", FILE, _span(3, 1, 3, 3), related=(Label(FILE, _span(150, 1, 150, 5), "there"),))
    assert _block(source, finding) == _expect("""
        error[X1]: words
           ┌─ a/b.yaml:3:1
           │
          1│ k1: v
          2│ k2: v
          3│ k3: v
           │ ^^
           │
           ┌─ a/b.yaml:150:1
           │
        150│ k150: v
           │ ---- there
        """)


def test_a_label_without_room_goes_below() -> None:
    label = "this name is known to nobody in the whole of the catalog"
    block = _block(" " * 50 + "name: x\n", Diagnostic("X1", "words", FILE, _span(1, 51, 1, 55), label=label), width=70)
    assert block.endswith(
        " 1│ " + " " * 50 + "name: x\n"
        "  │ " + " " * 50 + "^^^^\n"
        "  │           this name is known to nobody in the whole of the catalog\n"
    )


def test_a_long_label_wraps_beside_its_caret() -> None:
    label = "this name is known to nobody in the whole of the catalog"
    block = _block("name: x\n", Diagnostic("X1", "words", FILE, _span(1, 1, 1, 5), label=label), width=45)
    assert block.endswith("  │ ^^^^ this name is known to nobody in the\n  │      whole of the catalog\n")


def test_a_long_line_is_cut_around_its_place() -> None:
    line = "abcdefghi " * 100_000
    block = _block(line, Diagnostic("X1", "words", FILE, _span(1, 500_001, 1, 500_010), label="here"), width=60)
    assert re.search(r"\n 1│ …[a-i ]+…\n  │ +\^{9} here\n$", block)
    shown, carets = block.splitlines()[-2:]
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "abcdefghi"


def test_a_span_over_lines_that_ends_where_a_line_begins_leaves_that_line_out() -> None:
    block = _block("a:\n  b: 1\n  c: 2\nd: 3\n", Diagnostic("X1", "words", FILE, _span(1, 1, 4, 1), label="all"))
    assert block.endswith(" 1│ ╭ a:\n 2│ │   b: 1\n 3│ │   c: 2\n  │ ╰──────^ all\n")


def test_a_span_over_lines_that_begins_within_a_line() -> None:
    block = _block("a: {b: 1,\n  c: 2}\n", Diagnostic("X1", "words", FILE, _span(1, 4, 2, 8), label="all"))
    assert block.endswith(" 1│   a: {b: 1,\n  │ ╭────^\n 2│ │   c: 2}\n  │ ╰───────^ all\n")


def test_equal_findings_are_folded_only_where_that_saves_something() -> None:
    source = "x\n" * 10
    four = [Diagnostic("X1", "words", FILE, Span.at(line, 1)) for line in range(1, 5)]
    five = [*four, Diagnostic("X1", "words", FILE, Span.at(5, 1))]
    assert _report(source, *four).count("error[X1]") == 4
    assert _report(source, *five).count("error[X1]") == 3
    assert "\n… and 2 more like this: a/b.yaml:4:1, a/b.yaml:5:1\n" in _report(source, *five)


def test_a_rule_page_is_named_once() -> None:
    findings = [
        Diagnostic("X1", f"words {line}", FILE, Span.at(line, 1), url="https://e.example/X1") for line in (1, 2)
    ]
    assert _report("x\ny\n", *findings).count("https://e.example/X1") == 1


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "\r", "\u202e", "\x9b31m", "\u2028", "\x00"])
def test_a_catalog_cannot_drive_the_terminal(evil: str) -> None:
    finding = Diagnostic(
        "X1", f"m{evil}", f"f{evil}.yaml", _span(1, 1, 1, 2), label=f"l{evil}", help=f"h{evil}", name=f"n{evil}"
    )
    report = report_text(
        [finding], Summary.of([finding], files=1, entities=1), ReportContext(80, False, lambda _: f"a{evil}b")
    )
    assert all(char == "\n" or char.isprintable() for char in report)


# One cell and two, marks without any, tabs, pictures of several code points, and what must not be printed.
_WIDTHS = "ab :-{}\"'漢字語ｶﾞ한é\u0301\u0308👩💻❤🇬🇧…│/"
_KNOWN = frozenset(_WIDTHS + string.printable + "┌─╭╰·�")
_CHARS = st.one_of(
    st.sampled_from(_WIDTHS),
    st.sampled_from("\t\u200d\ufe0f\u200b\u202e\x1b\x00👍\U0001f3fd"),
    st.characters(codec="utf-8"),
)
_LINES = st.text(_CHARS, max_size=120)
_TEXTS = st.lists(_LINES, max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))
)
_POSITIONS = st.builds(Position, st.integers(1, 40), st.integers(1, 130))
_SPANS = st.builds(Span, _POSITIONS, _POSITIONS)
_WORDS = st.text(_CHARS, max_size=150)
_LABELS = st.builds(Label, st.sampled_from([FILE, "other.yaml", "gone.yaml"]), _SPANS, _WORDS)
_FINDINGS = st.builds(
    Diagnostic,
    code=st.just("REF201"),
    message=_WORDS,
    file=st.sampled_from([FILE, "gone.yaml", ""]),
    span=st.none() | _SPANS,
    label=_WORDS,
    help=_WORDS,
    related=st.lists(_LABELS, max_size=6).map(tuple),
    fix=st.none() | st.builds(Fix, _WORDS, st.just(()), st.booleans()),
    name=st.sampled_from(["", "unknown-reference"]),
    severity=st.sampled_from(Severity),
)


# Whole texts and findings are drawn, which takes its time on a machine with other work.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS, other=_TEXTS, findings=st.lists(_FINDINGS, min_size=1, max_size=6), width=st.integers(1, 160))
def test_any_finding_over_any_text_fits_its_width(
    text: str, other: str, findings: list[Diagnostic], width: int
) -> None:
    report = _report(text, *findings, width=width, files={"other.yaml": other})
    for line in report.splitlines():
        # Paths and addresses are left whole; every other line fits.
        if "┌─ " not in line and not any("/" in word for word in line.split()):
            assert _cells(line) <= max(width, LEAST_WIDTH), line


def _cells(line: str) -> int:
    """The width by rich's tables where these are sure to agree with ours, which depend on the version of Unicode."""
    return cell_len(line) if _KNOWN.issuperset(line) else width_of(line)


_PLAIN = st.text(st.sampled_from("ab :-漢字한e\u0301éﾞ👩…│�"), max_size=50)
_TARGET = st.text(st.sampled_from("xy漢é👩"), min_size=1, max_size=20).flatmap(
    lambda text: st.sampled_from([text, text + "\u0301"])
)


@given(
    before=_PLAIN, target=_TARGET, after=_PLAIN.filter(lambda text: not text.startswith("\u0301")), room=st.booleans()
)
def test_carets_stand_under_the_right_cells(before: str, target: str, after: str, room: bool) -> None:
    span = _span(1, len(before) + 1, 1, len(before) + len(target) + 1)
    block = _block(before + target + after, Diagnostic("X1", "words", FILE, span), width=400 if room else 60)
    shown, carets = block.splitlines()[-2:]
    under = _under(shown, carets)
    if room:
        assert under == visible(target)
    else:
        assert under.rstrip("…") in target
        assert under


def _under(shown: str, carets: str) -> str:
    """The characters of a line that stand above carets, reckoned with rich's tables."""
    first, last = carets.index("^"), carets.rindex("^")
    cell, found = 0, ""
    for char in shown:
        width = cell_len(char)
        if first <= (cell if width else cell - 1) <= last:
            found += char
        cell += width
    return found


def test_of_one_rule_only_so_many_are_shown_in_full() -> None:
    findings = [
        Diagnostic(code="REF201", message=f"`a{number}` is not defined", file="a.yaml", span=None)
        for number in range(FULL_OF_A_CODE + 7)
    ]
    other = Diagnostic(code="SCH105", message="unknown key `x`", file="a.yaml", span=None)
    text = _report(None, *findings, other)
    assert text.count("error[REF201]") == FULL_OF_A_CODE
    assert "… and 7 more of REF201: --select REF201 --format concise names all" in text
    assert "error[SCH105]" in text


def test_repeats_beyond_what_is_shown_of_a_rule_are_counted_once() -> None:
    findings = [
        Diagnostic(code="REF201", message=f"`a{number}` is not defined", file="a.yaml", span=None)
        for number in range(FULL_OF_A_CODE)
    ]
    repeats = [Diagnostic(code="REF201", message="`b` is not defined", file="a.yaml", span=None)] * 9
    text = _report(None, *findings, *repeats)
    assert "… and 9 more of REF201" in text
