"""A prediction for a terminal: all journeys as a table, and the details of those asked for."""

from servicescape.analysis.prediction.availability import Availability
from servicescape.analysis.prediction.results import JourneyPrediction, Prediction
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.terminal import GAP, LEAST_WIDTH, Cell, paint, paragraph, table_line, widest
from servicescape.render.impact.words import NONE, count, figure, plain, short_name
from servicescape.render.prediction.explain import explanation
from servicescape.render.prediction.words import (
    causes,
    correlation,
    lost,
    named,
    objective,
    percent,
    small_percent,
    wanted,
    where_from,
)

_MOST_CUT_SETS = 10
_MOST_IMPORTANT = 5


def render_prediction(
    prediction: Prediction, catalog: Catalog, *, width: int, colour: bool, details: bool, explain: bool
) -> str:
    """The answer in lines of at most `width` cells; ends without a line break."""
    width = max(width, LEAST_WIDTH)
    parts = {each.component: each for each in prediction.components}
    if details:
        blocks = [_details(each, parts, catalog, width, colour) for each in prediction.journeys]
        lines = [line for block in blocks for line in (*block, "")][:-1]
    else:
        lines = _table(prediction, width, colour)
    for note in prediction.notes:
        lines += ["", *paragraph(note, width, GAP)]
    if explain:
        if details:
            lines += ["", *_reasons(prediction, parts, catalog, width)]
        lines += ["", *_explanation(prediction, catalog, width)]
    return "\n".join(lines)


def _table(prediction: Prediction, width: int, colour: bool) -> list[str]:
    if not prediction.journeys:
        return paragraph("No journey is described yet, so nothing can be said about customers.", width)
    journeys = sorted(prediction.journeys, key=_worst_first)
    missed = sum(each.meets is False for each in journeys)
    promised = sum(each.objective_percent is not None for each in journeys)
    verdict = f"{missed} of {count(promised, 'objective')} of journeys {'is' if missed == 1 else 'are'} out of reach."
    if not promised:
        verdict = f"{count(len(journeys), 'journey')}, none of them with an objective."
    heads = ["journey", "works %", "wanted", "", "ok", "degraded", "falls back", "blocked"]
    body = []
    for each in journeys:
        states = each.states
        body.append(
            [
                plain(each.title),
                _works(each),
                objective(each.objective_percent),
                {True: "✓", False: "✗", None: ""}[each.meets],
                percent(states.ok if states else None),
                small_percent(states.degraded if states else None),
                small_percent(states.fallback if states else None),
                small_percent(states.blocked if states else None),
            ]
        )
    widths = [widest([head, *(row[i] for row in body)]) for i, head in enumerate(heads)]
    spare = width - len(GAP) * len(heads) - sum(widths)
    widths[0] = max(12, min(widths[0], widths[0] + spare))
    lines = [paint(line, "title", colour) for line in paragraph(verdict, width)]
    lines += ["", table_line([Cell(head, "dim", 0 < i != 3) for i, head in enumerate(heads)], widths, colour)]
    for each, row in zip(journeys, body, strict=True):
        style = "blocked" if each.meets is False else ""
        cells = [Cell(text, style if i == 3 else "", 0 < i != 3) for i, text in enumerate(row)]
        lines.append(table_line(cells, widths, colour))
    assumed = sorted({ref for each in journeys for ref in each.assumed})
    if assumed:
        names = ", ".join(short_name(ref) for ref in assumed[:6])
        more = f" and {len(assumed) - 6} more" if len(assumed) > 6 else ""
        lines += ["", *paragraph(f"Assumed, because nobody says how available they are: {names}{more}.", width, GAP)]
    if any(each.bounds is not None for each in journeys):
        lines += paragraph("~ stands before proven lower bounds: the exact diagram would be too large.", width, GAP)
    lines += ["", *paragraph("Details: --journey NAME. Where figures come from: --explain.", width, GAP)]
    return lines


def _works(each: JourneyPrediction) -> str:
    if each.availability is not None:
        return percent(each.availability, each.objective_percent)
    return f"~{percent(each.bounds.availability[0])}" if each.bounds else NONE


def _worst_first(each: JourneyPrediction) -> tuple[float, str]:
    if each.objective_percent is None:
        return (1e9, each.journey)
    share = each.availability
    if share is None:
        share = each.bounds.availability[0] if each.bounds else 1.0
    return (share * 100 - each.objective_percent, each.journey)


def _details(
    each: JourneyPrediction, parts: dict[str, Availability], catalog: Catalog, width: int, colour: bool
) -> list[str]:
    if each.availability is not None:
        share = f"{percent(each.availability, each.objective_percent)} %"
    else:
        low, high = each.bounds.availability if each.bounds else (0.0, 1.0)
        share = f"{percent(low)} to {percent(high)} %"
    head = f"{plain(each.title)}   {share} of attempts can be completed"
    lines = [paint(line, "title", colour) for line in paragraph(head, width)]
    goal = wanted(each)
    if goal:
        lines += paragraph(goal, width, GAP)
    if each.states is not None:
        states = each.states
        lines += paragraph(
            f"ok {percent(states.ok)}   degraded {small_percent(states.degraded)}   "
            f"falls back {small_percent(states.fallback)}   blocked {small_percent(states.blocked)}",
            width,
            GAP,
        )
    lines += paragraph(f"if failures were not independent: {correlation(each)}", width, GAP)
    if lost(each):
        lines += paragraph(lost(each), width, GAP)
    if each.single_points:
        lines += paragraph(f"blocked by one part alone: {named(each.single_points, each, parts)}", width, GAP, GAP)
    elif each.cut_sets is not None:
        lines += paragraph("no part alone blocks it", width, GAP)
    saving = [
        f"{short_name(item.component)} {figure(item.attempts_saved_by_one_more_nine)}"
        for item in (each.importance or ())[:_MOST_IMPORTANT]
        if item.attempts_saved_by_one_more_nine
    ]
    if saving:
        lines += paragraph(f"one more nine would save, attempts a year: {' · '.join(saving)}", width, GAP, GAP)
    lines += _steps(each, width, colour)
    lines += _cut_sets(each, width)
    if each.felt_at_once:
        names = named(each.felt_at_once, each, parts)
        lines += [
            "",
            *paragraph(
                f"No time to repair is known of {names}: what is tolerated of them counts from the first second.",
                width,
                GAP,
            ),
        ]
    for note in each.notes:
        lines += paragraph(note, width, GAP)
    return lines


def _steps(each: JourneyPrediction, width: int, colour: bool) -> list[str]:
    heads = ["step", "ok", "degraded", "falls back", "blocked", "share"]
    rows = []
    for step in each.steps:
        states = step.states
        rows.append(
            [
                plain(step.title) + (" (optional)" if step.optional else ""),
                percent(states.ok if states else None),
                small_percent(states.degraded if states else None),
                small_percent(states.fallback if states else None),
                small_percent(states.blocked if states else None),
                f"{step.share * 100:.3g} %",
            ]
        )
    widths = [widest([head, *(row[i] for row in rows)]) for i, head in enumerate(heads)]
    spare = width - len(GAP) * len(heads) - sum(widths)
    widths[0] = max(12, min(widths[0], widths[0] + spare))
    lines = ["", table_line([Cell(head, "dim", i > 0) for i, head in enumerate(heads)], widths, colour)]
    lines += (table_line([Cell(text, "", i > 0) for i, text in enumerate(row)], widths, colour) for row in rows)
    return lines


def _cut_sets(each: JourneyPrediction, width: int) -> list[str]:
    sets = [found for found in each.cut_sets or () if found.probability > 0]
    if not sets:
        return []
    lines = ["", f"{GAP}likeliest ways to be blocked, hours a year"]
    for found in sets[:_MOST_CUT_SETS]:
        lines += paragraph(f"{_hours(found.probability):>8}  {causes(found)}", width, GAP, " " * 10)
    if len(sets) > _MOST_CUT_SETS:
        lines.append(f"{GAP}{len(sets) - _MOST_CUT_SETS:,} more: --format json lists all")
    return lines


def _hours(share: float) -> str:
    hours = share * 8760
    return f"{hours:.1f}" if hours >= 0.05 else f"{hours:.1g}"


def _reasons(prediction: Prediction, parts: dict[str, Availability], catalog: Catalog, width: int) -> list[str]:
    lines = []
    for each in prediction.journeys:
        sentences = explanation(each, parts, catalog)
        if sentences:
            lines += paragraph(f"Why {plain(each.title)} works as it does", width)
        for sentence in sentences:
            lines += paragraph(sentence, width, GAP, GAP)
    return lines


def _explanation(prediction: Prediction, catalog: Catalog, width: int) -> list[str]:
    wanted_parts: dict[str, None] = {}
    for journey in prediction.journeys:
        for item in journey.importance or ():
            wanted_parts[item.component] = None
    lines = ["Where the figures come from"]
    for each in prediction.components:
        if each.component in wanted_parts:
            lines += paragraph(f"{short_name(each.component)}: {where_from(each, catalog)}", width, GAP, GAP)
    lines += [
        "",
        *paragraph(
            "Works: share of time in which no mandatory step has lost all its ways. Failures are taken to be "
            "independent, shared parts are counted once. A failure that something tolerates counts only while it "
            "has lasted longer, by its mean time to repair m: share exp(-t/m).",
            width,
            GAP,
        ),
    ]
    return lines
