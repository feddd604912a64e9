"""The JSON of a prediction is written by hand: byte by byte what the standard library writes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.analysis.prediction.results import Prediction
from servicescape.render.prediction import json_form

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner)
)


@given(VALUES)
def test_values_are_written_as_by_the_standard_library(value: Any) -> None:
    assert json_form._text(value, "\n") == json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_no_number_for_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no number in JSON"):
        json_form._text({"p": [value]}, "\n")


def test_a_prediction_of_nothing_is_a_document_too() -> None:
    nothing = Prediction(components=(), journeys=(), order=2, tolerances_left_out=False, notes=("none",))
    text = "".join(json_form.render_prediction(nothing))
    document = {"version": 1, "order": 2, "components": [], "journeys": [], "notes": ["none"]}
    assert text == json.dumps(document, indent=2) + "\n"
