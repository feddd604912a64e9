"""The JSON form and its published schema."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.diagnostics import Diagnostic, Label, Position, Severity, Span
from servicescape.report import load_reporter
from servicescape.report.json_form import dump_json, findings_object
from tests.support.command import schema_of
from tests.support.diagnostics_fixture import CLEAN, DIAGNOSTICS, SUMMARY, context


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return schema_of("validate")


def _objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [kind for kind in (schema, *schema["$defs"].values()) if "properties" in kind]


def test_the_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(("diagnostics", "summary"), [(DIAGNOSTICS, SUMMARY), ((), CLEAN)])
def test_the_report_keeps_to_its_schema(schema: dict[str, Any], diagnostics: Any, summary: Any) -> None:
    report = json.loads(load_reporter("json")(diagnostics, summary, context()))
    jsonschema.Draft202012Validator(schema).validate(report)


def test_the_schema_tells_of_every_field_and_of_no_other(schema: dict[str, Any]) -> None:
    report = json.loads(load_reporter("json")(DIAGNOSTICS, SUMMARY, context()))
    defined = schema["$defs"]
    related = [place for finding in report["findings"] for place in finding["related"]]
    assert related
    for kind, values in (
        (schema, [report]),
        (defined["summary"], [report["summary"]]),
        (defined["finding"], report["findings"]),
        (defined["place"], related),
    ):
        for value in values:
            assert list(value) == list(kind["properties"]) == kind["required"]


def test_every_field_is_described(schema: dict[str, Any]) -> None:
    for kind in _objects(schema):
        assert kind["description"]
        for name, field in kind["properties"].items():
            assert field["description"].endswith("."), name


def test_a_finding_about_a_file_has_no_place() -> None:
    finding = json.loads(load_reporter("json")(DIAGNOSTICS, SUMMARY, context()))["findings"][0]
    assert [finding[key] for key in ("line", "column", "endLine", "endColumn")] == [None] * 4


def test_text_stays_readable_where_it_can_be_written() -> None:
    assert dump_json({"title": "買い物かご"}) == '{\n  "title": "買い物かご"\n}\n'
    assert json.loads(dump_json({"file": "caf\udce9"}).encode()) == {"file": "caf\udce9"}


_texts = st.text(st.characters(exclude_categories=()))
_spans = st.builds(Span, *[st.builds(Position, st.integers(1), st.integers(1))] * 2)
_findings = st.builds(
    Diagnostic,
    code=_texts,
    message=_texts,
    file=_texts,
    span=st.none() | _spans,
    help=_texts,
    entity=st.none() | _texts,
    severity=st.sampled_from(Severity),
    related=st.lists(st.builds(Label, _texts, _spans, _texts), max_size=2).map(tuple),
)


@given(st.lists(_findings, max_size=4))
def test_however_it_is_written_it_is_laid_out_as_any_json_of_ours(findings: list[Diagnostic]) -> None:
    assert load_reporter("json")(findings, SUMMARY, context()) == dump_json(findings_object(findings, SUMMARY))
