"""A prediction as JSON, version 1 (`schemas/output/predict.json`). Fields may be added, none is renamed.

Chances and availabilities are shares in full precision; targets and objectives are percent as written. What cannot be
worked out is null, and `notes` says why.
"""

import math
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring
from typing import Any

from servicescape.analysis.prediction.availability import Availability
from servicescape.analysis.prediction.results import (
    Bounds,
    CutSet,
    Importance,
    JourneyPrediction,
    Prediction,
    States,
    StepPrediction,
)

VERSION = 1

_MARGIN = "\n    "


def render_prediction(prediction: Prediction) -> Iterator[str]:
    """The whole prediction in pieces, which may be hundreds of megabytes together; ends with a line break."""
    yield f'{{\n  "version": {VERSION},\n  "order": {prediction.order},\n  "components": '
    yield from _list(_component(each) for each in prediction.components)
    yield ',\n  "journeys": '
    yield from _list(_journey(each) for each in prediction.journeys)
    yield ',\n  "notes": '
    yield from _list(prediction.notes)
    yield "\n}\n"


def _list(items: Iterable[Any]) -> Iterator[str]:
    """A list one level down, item by item."""
    between = "["
    for item in items:
        yield f"{between}{_MARGIN}{_text(item, _MARGIN)}"
        between = ","
    yield "[]" if between == "[" else "\n  ]"


def _text(value: Any, margin: str) -> str:
    """What `json.dumps` writes with two spaces of indent, in half of the time; `margin` begins a line."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        # As `allow_nan=False` does it.
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number in JSON")
        return repr(value)
    inner = f"{margin}  "
    if isinstance(value, dict):
        parts = [f"{inner}{encode_basestring(key)}: {_text(each, inner)}" for key, each in value.items()]
        return f"{{{','.join(parts)}{margin}}}" if parts else "{}"
    parts = [f"{inner}{_text(each, inner)}" for each in value]
    return f"[{','.join(parts)}{margin}]" if parts else "[]"


def _component(each: Availability) -> dict[str, Any]:
    return {
        "component": each.component,
        "target": each.target_percent,
        "own": each.own,
        "source": each.source,
        "feasible": each.feasible,
        "bestPossible": each.best_possible,
        "scope": None if each.target_percent is None else "total" if each.total else "own",
        "slo": each.slo,
        "note": each.note,
    }


def _journey(each: JourneyPrediction) -> dict[str, Any]:
    return {
        "journey": each.journey,
        "objective": each.objective_percent,
        "meets": each.meets,
        "p": _states(each.states),
        "availability": each.availability,
        "bounds": _bounds(each.bounds),
        "whateverTheCorrelation": _bounds(each.whatever_the_correlation),
        "attemptsServed": each.attempts_served,
        "attemptsPerYear": each.attempts_per_year,
        "attemptsLostPerYear": each.attempts_lost_per_year,
        "displaced": None
        if each.displaced is None
        else [
            {"channel": moved.channel, "contactsPerYear": moved.contacts_per_year, "costPerYear": moved.cost_per_year}
            for moved in each.displaced
        ],
        "currency": each.currency,
        "steps": [_step(step) for step in each.steps],
        "singlePointsOfFailure": list(each.single_points),
        "cutSets": None if each.cut_sets is None else [_cut_set(found) for found in each.cut_sets],
        "importance": None if each.importance is None else [_importance(found) for found in each.importance],
        "commonCauses": [
            {"components": list(cause.components), "probability": cause.probability, "birnbaum": cause.birnbaum}
            for cause in each.common_causes
        ],
        "assumed": list(each.assumed),
        "toleratesLeftOut": list(each.felt_at_once),
        "notes": list(each.notes),
    }


def _states(states: States | None) -> dict[str, float | None]:
    if states is None:
        return {"ok": None, "degraded": None, "fallback": None, "blocked": None}
    return {
        "ok": states.ok,
        "degraded": states.degraded,
        "fallback": states.fallback,
        "blocked": states.blocked,
    }


def _bounds(bounds: Bounds | None) -> dict[str, Any] | None:
    return None if bounds is None else {"availability": list(bounds.availability)}


def _step(step: StepPrediction) -> dict[str, Any]:
    return {"step": step.step, "optional": step.optional, "share": step.share, "p": _states(step.states)}


def _cut_set(found: CutSet) -> dict[str, Any]:
    return {
        "components": list(found.components),
        "probability": found.probability,
        "causes": [
            {"kind": cause.kind, "components": list(cause.components), "outlastsSeconds": cause.outlasts_seconds}
            for cause in found.causes
        ],
    }


def _importance(each: Importance) -> dict[str, Any]:
    return {
        "component": each.component,
        "birnbaum": each.birnbaum,
        "criticality": each.criticality,
        "fussellVesely": each.fussell_vesely,
        "raw": each.raw,
        "rrw": each.rrw,
        "attemptsSavedByOneMoreNine": each.attempts_saved_by_one_more_nine,
    }
