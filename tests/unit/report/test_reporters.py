"""Every report form over the one fixed set of findings, held against its golden file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servicescape.diagnostics import Diagnostic
from servicescape.report import REPORTERS, Summary, load_reporter
from servicescape.report.summary import verdict
from tests.support.diagnostics_fixture import CLEAN, DIAGNOSTICS, SUMMARY, context
from tests.support.snapshots import assert_snapshot

GOLDEN = Path(__file__).parent / "golden"
ENDINGS = {
    "text": "txt",
    "concise": "txt",
    "json": "json",
    "github": "txt",
    "gitlab": "json",
    "sarif": "sarif",
    "junit": "xml",
}
FORMS = sorted(ENDINGS)


@pytest.fixture(autouse=True)
def _version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden files outlive a release."""
    monkeypatch.setattr("servicescape.__version__", "1.2.3")


@pytest.mark.parametrize("form", FORMS)
def test_findings(form: str) -> None:
    assert_snapshot(GOLDEN / f"{form}.{ENDINGS[form]}", load_reporter(form)(DIAGNOSTICS, SUMMARY, context()))


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_run(form: str) -> None:
    assert_snapshot(GOLDEN / f"{form}-clean.{ENDINGS[form]}", load_reporter(form)((), CLEAN, context()))


@pytest.mark.parametrize(
    ("name", "width", "colour"), [("narrow", 50, False), ("wide", 140, False), ("colour", 80, True)]
)
def test_text_fits_its_place(name: str, width: int, colour: bool) -> None:
    text = load_reporter("text")(DIAGNOSTICS, SUMMARY, context(width, colour=colour, hyperlinks=colour))
    assert_snapshot(GOLDEN / f"text-{name}.txt", text)


def test_colour_changes_nothing_but_colour() -> None:
    report = load_reporter("text")
    coloured = report(DIAGNOSTICS, SUMMARY, context(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == report(DIAGNOSTICS, SUMMARY, context())


@pytest.mark.parametrize("form", sorted(REPORTERS))
def test_every_form_reports_every_finding_or_says_how_many_are_left_out(form: str) -> None:
    report = load_reporter(form)(DIAGNOSTICS, SUMMARY, context())
    assert report.endswith("\n")
    for code in {diagnostic.code for diagnostic in DIAGNOSTICS}:
        assert code in report


@pytest.mark.parametrize("form", sorted(REPORTERS))
def test_every_form_survives_a_finding_with_nothing_but_words(form: str) -> None:
    bare = Diagnostic("SET001", "no settings", "", None)
    assert "SET001" in load_reporter(form)((bare,), Summary.of((bare,), files=0, entities=0), context())


@pytest.mark.parametrize("form", sorted(REPORTERS))
def test_every_form_can_be_written_when_a_name_cannot_be_decoded(form: str) -> None:
    bare = Diagnostic("SRC101", "not UTF-8", "caf\udce9.yaml", None)
    load_reporter(form)((bare,), Summary.of((bare,), files=1, entities=0), context()).encode("utf-8")


def test_concise_has_a_line_for_each_finding() -> None:
    assert load_reporter("concise")(DIAGNOSTICS, SUMMARY, context()).count("\n") == len(DIAGNOSTICS)


def test_an_unknown_form_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_reporter("postcard")


def test_the_summary_counts() -> None:
    assert Summary(files=61, entities=214, errors=49, warnings=2, infos=1, fixable=1) == SUMMARY
    assert SUMMARY.findings == len(DIAGNOSTICS)


@pytest.mark.parametrize(
    ("entities", "foreign", "words"),
    [(2, 0, "2 entities"), (0, 1, "1 document of other tools"), (1, 3, "1 entity, 3 documents of other tools")],
)
def test_documents_of_other_tools_are_no_entities(entities: int, foreign: int, words: str) -> None:
    summary = Summary.of((), files=4, entities=entities, foreign=foreign)
    assert load_reporter("text")((), summary, context()) == f"4 files, {words}: nothing wrong\n"
    assert json.loads(load_reporter("json")((), summary, context()))["summary"]["foreign"] == foreign
    assert verdict(summary) == f"4 files, {words}: nothing wrong"


def test_the_table_of_forms_loads_no_form() -> None:
    """`--help` lists the forms; it must not wait for them."""
    code = (
        "import sys, servicescape.report as r; assert r.REPORTERS;"
        "print([m for m in sys.modules if m.partition('.')[0] in ('rich', 'json') or m == 'servicescape.report.text'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
