"""A prediction as GitHub tables."""

from servicescape.analysis.prediction.results import JourneyPrediction, Prediction
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.markdown import escape
from servicescape.render.impact.words import figure
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


def render_prediction(prediction: Prediction, catalog: Catalog, *, details: bool, explain: bool) -> str:
    """All journeys as a table, then the details of those asked for; ends with a line break."""
    lines = [
        "| journey | works % | wanted | met | ok | degraded | falls back | blocked | lost a year |",
        "| :-- | --: | --: | :-: | --: | --: | --: | --: | --: |",
    ]
    for each in prediction.journeys:
        states = each.states
        cells = [
            escape(each.title),
            _works(each),
            objective(each.objective_percent),
            {True: "✓", False: "✗", None: ""}[each.meets],
            percent(states.ok if states else None),
            small_percent(states.degraded if states else None),
            small_percent(states.fallback if states else None),
            small_percent(states.blocked if states else None),
            figure(each.attempts_lost_per_year),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    parts = {each.component: each for each in prediction.components}
    if details:
        for each in prediction.journeys:
            lines += ["", f"**{escape(each.title)}** {escape(wanted(each))}", ""]
            lines.append(f"- if failures were not independent: {correlation(each)}")
            if lost(each):
                lines.append(f"- {escape(lost(each))}")
            if each.single_points:
                lines.append(f"- blocked by one part alone: {escape(named(each.single_points, each, parts))}")
            for found in (each.cut_sets or ())[:10]:
                lines.append(f"- {found.probability * 8760:.2g} h a year: {escape(causes(found))}")
            if explain:
                lines += (f"- why: {escape(sentence)}" for sentence in explanation(each, parts, catalog))
            lines += (f"- {escape(note)}" for note in each.notes)
    if explain:
        lines += ["", "| component | availability by itself |", "| :-- | :-- |"]
        lines += (f"| {escape(ref)} | {escape(where_from(part, catalog))} |" for ref, part in parts.items())
    lines += (f"\n{escape(note)}" for note in prediction.notes)
    return "\n".join(lines) + "\n"


def _works(each: JourneyPrediction) -> str:
    if each.availability is not None:
        return percent(each.availability, each.objective_percent)
    low, high = each.bounds.availability if each.bounds else (0.0, 1.0)
    return f"{percent(low)} to {percent(high)}"
