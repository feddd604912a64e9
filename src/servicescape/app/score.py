"""The scorecard of a catalog: figures, levels, findings, and what would help each journey first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from servicescape.analysis.lenses.definitions import lens_codes
from servicescape.analysis.lenses.facts import Facts, Subject, subjects
from servicescape.analysis.lenses.improvements import improvements
from servicescape.analysis.lenses.results import (
    SUBJECT_KINDS,
    Card,
    Demands,
    Finding,
    Improvements,
    Scorecard,
    SubjectKind,
)
from servicescape.analysis.lenses.scorecard import card
from servicescape.analysis.prediction.prediction import predict
from servicescape.analysis.prediction.results import JourneyPrediction, Prediction
from servicescape.app.check import check
from servicescape.app.load import Loaded
from servicescape.app.predict import defaults_of
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile.options import table_of
from servicescape.compile.reach import error_budget, reachable_factor
from servicescape.compile.terms import alert_pairs, period_of, slice_fault, window_fault
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import Settings
from servicescape.rules.registry import all_rules

MOST_PREDICTED = 25_000
"""Components × journeys up to which journeys are predicted without being asked: a few seconds."""
MOST_PARTS = 150
"""Components of a journey up to which changes of it are predicted without being asked."""
_WEEK_MS = 7 * 24 * 3_600_000
_NO_DAY = "days of tests are not held against today's, so that one catalog always gives the same page"
_NOT_ASKED = "not predicted: --no-predictions"


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What is asked for."""

    by: SubjectKind | None = None
    """Only subjects of this kind."""
    ref: str | None = None
    """Only this journey, team or platform, as written."""
    predictions: bool | None = None
    """Whether to predict; None: as long as it does not take long."""
    improve: bool = True
    """Whether to look for what would help the journeys that are shown."""


def score(loaded: Loaded, request: ScoreRequest, *, today: date | None = None) -> Scorecard:
    """The cards asked for. Raises ToolError for a name that no journey, team or platform has."""
    catalog = loaded.catalog
    ref = _resolved(catalog, request) if request.ref is not None else None
    prediction, reason = _prediction(loaded, request, ref)
    facts = Facts(
        catalog=catalog,
        today=today,
        predicted={each.journey: each for each in prediction.journeys} if prediction else {},
        no_prediction=reason,
        pages_per_week=_pages_per_week(catalog, loaded.settings),
        demands=_demands(loaded.settings),
    )
    found = _findings(loaded, today)
    cards = []
    for subject in subjects(facts):
        if (ref is None or subject.ref == ref) and (request.by is None or subject.kind == request.by):
            better = None
            if subject.kind == "journey" and request.improve:
                better = _improvements(facts, subject, prediction, request)
            cards.append(card(facts, subject, found, better))
    if ref is not None and not cards:
        raise ToolError(f"there is nothing to score of `{request.ref}`", _why_empty(catalog, ref))
    notes = [] if reason is None or reason == _NOT_ASKED else [reason]
    if today is None:
        notes.append(_NO_DAY)
    return Scorecard(tuple(_in_order(cards)), tuple(notes))


def _demands(settings: Settings) -> Demands:
    asked = settings.score
    return Demands(
        enough={str(name): percent for name, percent in asked.enough.items()},
        levels={
            "journey": {str(name): level for name, level in asked.journey.items()},
            "team": {str(name): level for name, level in asked.team.items()},
            "platform": {str(name): level for name, level in asked.platform.items()},
        },
    )


def _in_order(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda each: (SUBJECT_KINDS.index(each.kind), each.ref))


def _resolved(catalog: Catalog, request: ScoreRequest) -> str:
    text = request.ref or ""
    kinds: Sequence[str] = [request.by] if request.by else SUBJECT_KINDS
    names = [kind.capitalize() for kind in kinds]
    found = [ref for kind in names if (ref := catalog.find(text, (kind,))) is not None]
    if len(found) > 1:
        choice = " or ".join(f"`{ref}`" for ref in found)
        raise ToolError(f"`{text}` is the name of more than one thing", f"write {choice}, or add --by")
    if found:
        return found[0]
    words = f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]
    close = catalog.names.suggest(text, tuple(names), "default")
    other = next((each for kind in SUBJECT_KINDS if (each := catalog.find(text, (kind.capitalize(),)))), None)
    if other is not None:
        hint = f"there is `{other}`: leave --by out"
    elif close is not None:
        hint = f"did you mean `{close}`?"
    else:
        hint = "`servicescape score` without a name lists them all; a catalog elsewhere is named after it"
    raise ToolError(f"there is no {words} `{text}`", hint)


def _why_empty(catalog: Catalog, ref: str) -> str:
    if ref in catalog.teams:
        return "this team owns no component and no journey"
    return "it is planned or retired"


def _prediction(loaded: Loaded, request: ScoreRequest, ref: str | None) -> tuple[Prediction | None, str | None]:
    """The prediction that the cards need, or why there is none."""
    catalog = loaded.catalog
    wanted = [ref] if ref in catalog.journeys else list(catalog.journeys)
    if request.predictions is False:
        return None, _NOT_ASKED
    size = len(catalog.components) * len(wanted)
    if request.predictions is None and size > MOST_PREDICTED:
        return None, (
            f"not predicted: {len(catalog.components):,} components and {len(wanted):,} journeys would take minutes; "
            "--predictions does it all the same, and the name of a journey does it for that one"
        )
    defaults = defaults_of(loaded.settings)
    journeys = [each for each in wanted if each]
    return predict(catalog, journeys=journeys, order=1, defaults=defaults, details=False), None


def _improvements(facts: Facts, subject: Subject, prediction: Prediction | None, request: ScoreRequest) -> Improvements:
    if prediction is None:
        return Improvements((), (), 0, 0, facts.no_prediction)
    journey: JourneyPrediction = facts.predicted[subject.ref]
    if journey.needs > MOST_PARTS and request.predictions is None:
        note = f"not looked for: it needs {journey.needs} parts, which takes a while; --predictions does it"
        return Improvements((), (), 0, 0, note)
    own = {each.component: each.own for each in prediction.components}
    return improvements(facts.catalog, subject.ref, own, facts.today)


def _findings(loaded: Loaded, today: date | None) -> list[Finding]:
    """What `validate` finds and shows, of the rules that belong to a lens."""
    codes, rules = set(lens_codes()), all_rules()
    return [
        Finding(
            each.code,
            rules[each.code].name,
            each.message,
            each.file,
            each.span.start.line if each.span else None,
            each.entity,
        )
        for each in check(loaded, today=today)
        if each.code in codes
    ]


def _pages_per_week(catalog: Catalog, settings: Settings) -> dict[str, float | None]:
    """SLO → the most pages a week that its budgets pay for; None where its alerts are not known."""
    return {
        ref: _most_pages(slo, settings) for ref, slo in catalog.slos.items() if slo.alerting.page != "off"
    }  # fmt: skip


def _most_pages(slo: Slo, settings: Settings) -> float | None:
    table = table_of(slo.alerting.policy, settings.compile)
    if table is None or window_fault(slo) or slice_fault(slo, settings.compile.interval):
        return None
    period = period_of(slo).milliseconds
    budget = error_budget(slo.objective_percent)
    shares = [
        reachable_factor(pair.factor, budget) * pair.long.milliseconds / period
        for pair in alert_pairs(slo, table)
        if pair.severity == "page"
    ]
    if not shares:
        return 0.0
    return float(_WEEK_MS / period / min(shares))
