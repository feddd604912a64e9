"""The scorecard as JSON, version 1 (`schemas/output/score.json`). Fields may be added, none is renamed.

Figures are how many, and of how many where they are shares; what cannot be worked out is null, and its note says why.
"""

import json
from typing import Any

from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES
from servicescape.analysis.lenses.results import (
    Card,
    Condition,
    Figure,
    Finding,
    Improvement,
    Improvements,
    Rehearsal,
    Scorecard,
    Side,
)
from servicescape.catalog.catalog import Catalog
from servicescape.render.score.words import currency_of, next_level, sentence

VERSION = 1
_EVERY_NAME = 10**9


def render_score(score: Scorecard, catalog: Catalog) -> str:
    """All cards; ends with a line break."""
    document = {
        "version": VERSION,
        "cards": [_card(each, catalog) for each in score.cards],
        "notes": list(score.notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _card(card: Card, catalog: Catalog) -> dict[str, Any]:
    return {
        "subject": card.ref,
        "kind": card.kind,
        "title": card.title,
        "owner": card.owner,
        "level": card.level,
        "nextLevel": next_level(card) or None,
        "conditions": [_condition(each) for each in card.conditions],
        "figures": [_figure(each) for each in card.figures],
        "findings": [_finding(lens, each) for lens, found in card.findings for each in found],
        "improvements": None
        if card.improvements is None
        else _improvements(card.improvements, currency_of(catalog, card.ref)),
        "parts": list(card.parts),
        "journeys": list(card.journeys),
    }


def _condition(each: Condition) -> dict[str, Any]:
    return {
        "condition": each.condition,
        "level": each.level,
        "wants": each.wants,
        "lack": each.lack,
        "holds": each.holds,
        "found": each.found or None,
        "missing": list(each.names),
    }


def _figure(each: Figure) -> dict[str, Any]:
    definition = DEFINITIONS[each.figure]
    return {
        "figure": each.figure,
        "lens": definition.lens,
        "title": definition.title,
        "value": each.value,
        "of": each.of,
        "missing" if each.of is not None else "counted": list(each.names),
        "seen": _side(each.seen),
        "behind": _side(each.behind),
        "note": each.note,
        "says": sentence(each, _EVERY_NAME),
    }


def _side(side: Side | None) -> dict[str, int] | None:
    return None if side is None else {"value": side.have, "of": side.of}


def _finding(lens: str, each: Finding) -> dict[str, Any]:
    return {
        "lens": lens,
        "lensTitle": LENSES[lens][0],
        "code": each.code,
        "name": each.rule,
        "message": each.message,
        "file": each.file,
        "line": each.line,
        "entity": each.entity,
    }


def _improvements(found: Improvements, currency: str | None) -> dict[str, Any]:
    return {
        "best": [_improvement(each, currency) for each in found.best],
        "tryFirst": [_rehearsal(each) for each in found.rehearse],
        "tried": found.tried,
        "of": found.of,
        "note": found.note,
    }


def _improvement(each: Improvement, currency: str | None) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "effort": each.cost,
        "what": each.what,
        "components": list(each.components),
        "step": each.step,
        "attemptsSavedPerYear": each.attempts_saved_per_year,
        "shareSaved": each.share_saved,
        "valueSavedPerYear": each.value_saved_per_year,
        "currency": None if each.value_saved_per_year is None else currency,
    }


def _rehearsal(each: Rehearsal) -> dict[str, Any]:
    return {
        "step": each.step,
        "channel": each.channel,
        "tested": each.tested,
        "attemptsPerYear": each.attempts_per_year,
    }
