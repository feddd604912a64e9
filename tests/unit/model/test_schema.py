"""The JSON Schemas: checked in as they are made, complete for people, and of one mind with the model."""

import copy
import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from servicescape.app.schemas import one_schema, schema_files
from servicescape.bind.entities import Bound, bind
from servicescape.diagnostics import Position, Span
from servicescape.model.kinds import KINDS
from servicescape.model.names import REFERENCE_KEYWORD
from servicescape.model.schema import as_draft_07, file_schema, kind_schema
from servicescape.model.settings import Settings, settings_schema
from servicescape.source.text import SourceFile
from tests.support.loading import documents_of, read_files
from tests.support.maximal import maximal_documents
from tests.support.schema_cases import BAD, GOOD, document

SCHEMAS = Path(__file__).parents[3] / "schemas"
Schema = dict[str, Any]
FILES = schema_files()


# --- as files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_the_schema_in_the_repository_is_the_one_that_is_made(name: str) -> None:
    assert (SCHEMAS / name).read_text(encoding="utf-8") == FILES[name], "run `servicescape schema -o schemas`"


def test_no_schema_in_the_repository_is_out_of_use() -> None:
    assert {path.name for path in SCHEMAS.glob("*.json")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_is_a_valid_schema(name: str) -> None:
    schema = json.loads(FILES[name])
    is_old = name.endswith(".draft-07.json")
    validator = jsonschema.Draft7Validator if is_old else jsonschema.Draft202012Validator
    validator.check_schema(schema)
    assert schema["$schema"] == validator.META_SCHEMA["$schema"]
    assert schema["title"]
    assert schema["description"]


def _subschemas(node: Any, path: str = "") -> Iterator[tuple[str, Schema]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            if key not in ("examples", "default", "defaultSnippets", "enum", "const"):
                yield from _subschemas(value, f"{path}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _subschemas(value, f"{path}/{index}")


@pytest.mark.parametrize("name", FILES)
def test_every_property_says_what_it_is_for(name: str) -> None:
    schema = json.loads(FILES[name])
    silent = [
        f"{path}/properties/{key}"
        for path, node in _subschemas(schema)
        if isinstance(node.get("properties"), dict) and not path.endswith("/if")
        for key, value in node["properties"].items()
        if not _description(value, schema)
    ]
    assert not silent


def _description(node: Schema, schema: Schema) -> str:
    if node.get("description"):
        return str(node["description"])
    if "$ref" in node:
        target: Any = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return str(target.get("description", ""))
    return ""


@pytest.mark.parametrize("name", [name for name in FILES if name != "settings.json"])
def test_every_word_of_a_choice_is_described(name: str) -> None:
    for path, node in _subschemas(json.loads(FILES[name])):
        if isinstance(node.get("enum"), list):
            descriptions = node.get("enumDescriptions", [])
            assert len(descriptions) == len(node["enum"]), path
            assert all(descriptions), path


def test_each_kind_has_a_snippet_that_makes_a_document() -> None:
    snippets = file_schema()["defaultSnippets"]
    assert [snippet["label"] for snippet in snippets] == list(KINDS)
    for snippet in snippets:
        body = snippet["body"]
        assert (body["kind"], body["apiVersion"]) == (snippet["label"], "servicescape/v1")
        assert set(body["spec"]) <= set(
            KINDS[snippet["label"]].model_fields["spec"].annotation.model_json_schema()["properties"]
        )


def test_draft_07_has_no_word_of_a_later_draft() -> None:
    for path, node in _subschemas(as_draft_07(file_schema())):
        assert not {"$defs", "dependentRequired", "dependentSchemas", "prefixItems", "unevaluatedProperties"} & set(
            node
        ), path
        assert "$ref" not in node or len(node) == 1, path


def test_live_schemas_name_what_exists() -> None:
    read = read_files(
        {"a.yaml": document("Team", GOOD["Team"][0], name="crew") + document("Team", GOOD["Team"][0], name="band")}
    )
    schema = json.loads(one_schema("Service", catalog=read.catalog))
    owner = schema["$defs"]["OwnedSpec"]["properties"]["owner"]
    assert owner["enum"] == ["band", "crew"]
    # Nothing exists that could be meant: then everything may be written.
    assert "enum" not in schema["$defs"]["OwnedSpec"]["properties"]["platform"]
    assert REFERENCE_KEYWORD in owner


# --- of one mind with the model ---------------------------------------------------------------------------------------

FORMAT = jsonschema.FormatChecker(["date"])


@cache
def _of_kind(kind: str) -> jsonschema.protocols.Validator:
    return jsonschema.Draft202012Validator(kind_schema(kind), format_checker=FORMAT)


@cache
def _of_files() -> list[jsonschema.protocols.Validator]:
    whole = file_schema()
    return [
        jsonschema.Draft202012Validator(whole, format_checker=FORMAT),
        jsonschema.Draft7Validator(as_draft_07(whole), format_checker=FORMAT),
    ]


@dataclass
class _Anywhere:
    """A document without a text: all that is asked of it is whether the loader takes it."""

    value: Any
    file: str = "a.yaml"
    source: SourceFile = field(default_factory=lambda: SourceFile(Path("a.yaml"), "a.yaml", "a: b\n"))

    def value_span(self, path: tuple[str | int, ...]) -> Span:
        return Span(Position(1, 1), Position(1, 2))

    key_span = value_span

    def written_at(self, path: tuple[str | int, ...]) -> None:
        """Nothing is written, so that nothing can be mended."""


def _loader_takes(value: Any) -> bool:
    bound = Bound()
    bind(_Anywhere(value), bound)  # type: ignore[arg-type]
    return not bound.diagnostics


def _plain(value: Any) -> Any:
    """The value as a reader of JSON sees it."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value


def _agree(kind: str, value: Any, *, whole_file: bool = True) -> bool:
    takes = _loader_takes(value)
    plain = _plain(value)
    for validator in [_of_kind(kind), *(_of_files() if whole_file else ())]:
        if validator.is_valid(plain) == takes:
            continue
        errors = [error.message for error in validator.iter_errors(plain)]
        raise AssertionError(f"the loader {'takes' if takes else 'refuses'} it, schema says {errors}:\n{value}")
    return takes


@pytest.mark.parametrize("kind", KINDS)
def test_both_take_what_is_good(kind: str) -> None:
    for text in GOOD[kind]:
        value = _value(document(kind, text))
        assert _agree(kind, value), text
    for value, _ in maximal_documents(KINDS[kind]):
        assert _agree(kind, value)


@pytest.mark.parametrize("kind", KINDS)
def test_both_refuse_what_is_bad(kind: str) -> None:
    for text in BAD[kind]:
        value = _value(document(kind, text))
        assert not _agree(kind, value), text
        # And the loader says so, in its own way.
        assert read_files({"a.yaml": document(kind, text)}).findings, text


def test_there_are_enough_cases() -> None:
    for kind in ("Service", "SLO", "Journey", "Scenario", "View"):
        assert len(GOOD[kind]) >= 12, kind
        assert len(BAD[kind]) >= 12, kind


def _value(text: str) -> Any:
    (found,) = documents_of(text)
    return found.value


Mutation = Callable[[Any, tuple[Any, ...]], Any]

_VALUES: tuple[Any, ...] = (
    "",
    "a",
    "Ä b",
    "30d",
    "0s",
    0,
    1,
    -1,
    5,
    100,
    Decimal("0.5"),
    Decimal("99.95"),
    Decimal("100.5"),
    True,
    False,
    None,
    (),
    ("a",),
    ({},),
    {},
    {"x-a": 1},
    {"a": "b"},
)
# `1.0` is an integer to JSON Schema and a decimal to YAML: that much cannot be told, so no whole Decimal stands here.


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*path, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _places(item, (*path, index))


def _changed(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {key: _changed(item, rest, change) if key == step else item for key, item in value.items()}
    return tuple(_changed(item, rest, change) if index == step else item for index, item in enumerate(value))


def _mutated(draw: st.DrawFn, value: Any) -> Any:
    places = [path for path in _places(value) if path and path[0] not in ("apiVersion", "kind")]
    if not places:
        return value
    path = draw(st.sampled_from(places))
    here = value
    for step in path:
        here = here[step]
    choices = ["replace", "drop"]
    if isinstance(here, dict):
        choices += ["add", "add own"]
    if isinstance(here, tuple):
        choices += ["append", "empty"]
    match draw(st.sampled_from(choices)):
        case "replace":
            new = draw(st.sampled_from(_VALUES))
            return _changed(value, path, lambda _: copy.copy(new))
        case "drop":
            parent, last = path[:-1], path[-1]
            return _changed(value, parent, lambda item: _dropped(item, last))
        case "add":
            key = draw(
                st.sampled_from(("foo", "on", "anyOf", "use", "with", "good", "depth", "degrade", "title", "domain"))
            )
            new = draw(st.sampled_from(_VALUES))
            return _changed(value, path, lambda item: {**item, key: copy.copy(new)})
        case "add own":
            return _changed(value, path, lambda item: {**item, "x-note": "a"})
        case "append":
            new = draw(st.sampled_from(_VALUES))
            return _changed(value, path, lambda item: (*item, copy.copy(new)))
        case _:
            return _changed(value, path, lambda item: ())


def _dropped(value: Any, step: Any) -> Any:
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if key != step}
    return tuple(item for index, item in enumerate(value) if index != step)


@cache
def _good(kind: str) -> list[Any]:
    return [
        *(_value(document(kind, text)) for text in GOOD[kind]),
        *(value for value, _ in maximal_documents(KINDS[kind])),
    ]


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, Any]:
    kind = draw(st.sampled_from(list(KINDS)))
    value = draw(st.sampled_from(_good(kind)))
    for _ in range(draw(st.integers(1, 3))):
        value = _mutated(draw, value)
    return kind, value


@given(mutants())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_judge_mutants_alike(mutant: tuple[str, Any]) -> None:
    kind, value = mutant
    _agree(kind, value, whole_file=False)


def test_what_json_schema_cannot_tell() -> None:
    """Known differences, all of them harmless: the schema is the laxer of the two."""
    validator = jsonschema.Draft202012Validator(kind_schema("Service"), format_checker=FORMAT)
    whole_decimal = {
        "apiVersion": "servicescape/v1",
        "kind": "Service",
        "metadata": {"name": "a"},
        "spec": {"owner": "a", "tier": 1.0},
    }
    assert validator.is_valid(whole_decimal)
    assert not _loader_takes({**whole_decimal, "spec": {"owner": "a", "tier": Decimal("1.0")}})
    # Whether a reference resolves is a question to the catalog, which `schema --live` puts into words.
    dangling = {**whole_decimal, "spec": {"owner": "nobody"}}
    assert validator.is_valid(dangling)


# --- settings ---------------------------------------------------------------------------------------------------------

GOOD_SETTINGS: tuple[Any, ...] = (
    {},
    {"catalog": ["a", "b"], "exclude": ["x/*"], "output": "out", "types": ["ml-model"], "max-file-megabytes": 1},
    {"rules": {"select": ["REF"], "ignore": [], "severity": {"REF201": "info"}, "fail-on": "warning"}},
    {"graph": {"engine": "system", "theme": "dark"}},
)
BAD_SETTINGS: tuple[Any, ...] = (
    {"catalogue": ["a"]},
    {"catalog": "a"},
    {"catalog": [1]},
    {"output": 5},
    {"output": ["a"]},
    {"max-file-megabytes": 0},
    {"max-file-megabytes": "20"},
    {"max-file-megabytes": 1.5},
    {"max-file-megabytes": True},
    {"max_file_megabytes": 3},
    {"rules": {"fail-on": "never"}},
    {"rules": {"severity": {"REF201": "fatal"}}},
    {"rules": {"severity": ["REF201"]}},
    {"rules": ["REF"]},
    {"graph": {"engine": "dot"}},
    {"graph": {"colour": "red"}},
    {"types": [datetime.date(2026, 1, 1)]},
)


@pytest.mark.parametrize("value", GOOD_SETTINGS + BAD_SETTINGS, ids=repr)
def test_settings_and_their_schema_agree(value: Any) -> None:
    schema_takes = jsonschema.Draft202012Validator(settings_schema()).is_valid(value)
    try:
        Settings.model_validate(value)
    except ValidationError:
        model_takes = False
    else:
        model_takes = True
    assert model_takes is schema_takes is (value in GOOD_SETTINGS)
