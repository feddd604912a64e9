from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from servicescape.compile.rule import Group, Rule
from servicescape.compile.yaml_text import rule_file, scalar

TEXTS = st.one_of(
    st.text(max_size=40).filter(lambda text: not any(0xD800 <= ord(char) <= 0xDFFF for char in text)),
    st.text(alphabet="ab :#-'\"\\{}[]&*!|>%@`,\n\t?~=<.0123456789\x85\u2028", max_size=30),
    st.sampled_from(
        [
            "yes",
            "No",
            "null",
            "~",
            "1",
            "1e3",
            "0x1",
            "1d",
            "5m",
            "",
            " ",
            "a: b",
            "a #b",
            "- a",
            "2024-01-01",
            "1:30",
            ".5",
            "=",
            "<<",
        ]
    ),
    st.text(alphabet="ab c", min_size=111, max_size=130),
)


def read(text: str, version: tuple[int, int] | None = None) -> Any:
    yaml = YAML(typ="safe", pure=version is not None)
    yaml.version = version
    return yaml.load(text)


@given(TEXTS)
def test_a_scalar_is_read_as_it_was(text: str) -> None:
    assert read(f"a: {scalar(text)}\n") == {"a": text}


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@pytest.mark.parametrize(
    "text",
    ["yes", "on", "1_000", "0o7", "010", "1:30", "12e03", "5m", "1d", "n", "null", "2024-01-01", "é: à", "a\x85b"],
)
def test_both_versions_of_yaml_see_text(text: str, version: tuple[int, int]) -> None:
    assert read(f"a: {scalar(text)}\n", version) == {"a": text}


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_rule_file_is_read_as_it_was(expr: str, label: str, annotation: str, note: str) -> None:
    rules = (
        Rule("a:b", None, expr, {"x": label}, comment=note),
        Rule(None, label, expr, {"x": label}, {"summary": annotation}, hold="5m"),
    )
    text = rule_file(note, [Group("g", "1m", rules, note)])
    assert read(text) == {
        "groups": [
            {
                "name": "g",
                "interval": "1m",
                "rules": [
                    {"record": "a:b", "expr": expr, "labels": {"x": label}},
                    {
                        "alert": label,
                        "expr": expr,
                        "for": "5m",
                        "labels": {"x": label},
                        "annotations": {"summary": annotation},
                    },
                ],
            }
        ]
    }


def test_long_expressions_stand_as_blocks() -> None:
    text = rule_file("h", [Group("g", "1m", (Rule("a", None, "x\n/\ny"),))])
    assert "expr: |-\n          x\n          /\n          y\n" in text
