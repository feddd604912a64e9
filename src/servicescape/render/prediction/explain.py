"""Why the figures of a journey are what they are: sums, chains, and what each of them takes for granted."""

import math

from servicescape.analysis.prediction.availability import Availability
from servicescape.analysis.prediction.reasons import Reason, reasons
from servicescape.analysis.prediction.results import HOURS_A_YEAR, CutSet, Importance, JourneyPrediction
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.words import chain, figure, plain, short_name, title
from servicescape.render.prediction.words import causes, percent, small_percent

_MOST = 5


def explanation(each: JourneyPrediction, parts: dict[str, Availability], catalog: Catalog) -> list[str]:
    """Sentences, most important first; empty where bounds are all there is."""
    found = []
    if each.states is not None and each.availability is not None:
        found.append(_sum(each, parts))
    if each.cut_sets:
        journey = catalog.journeys[each.journey]
        found += (_reason(reason, catalog) for reason in reasons(catalog, journey, each.cut_sets, _MOST))
    found += (_saving(item, each, parts) for item in (each.importance or ())[:_MOST] if item.raw is not None)
    return [sentence for sentence in found if sentence]


def _sum(each: JourneyPrediction, parts: dict[str, Availability]) -> str:
    alone = [parts[ref].own for ref in each.single_points if parts[ref].own < 1]
    blocked = each.states.blocked if each.states else 0.0
    if not alone:
        return f"works {percent(each.availability)} %: only failures that meet block it, {small_percent(blocked)} %"
    product = math.prod(alone)
    terms = " × ".join(f"{own * 100:.10g} %" for own in alone[:4])
    terms += f" × {len(alone) - 4} more" if len(alone) > 4 else ""
    rest = max(0.0, 1.0 - (each.availability or 0.0) / product) if product else 0.0
    text = f"works {percent(each.availability)} % = {terms} (the parts that block it alone)"
    # Below this, a quotient of two chances is the noise of binary fractions.
    return f"{text} × {percent(1.0 - rest)} % (all that has to meet)" if rest > 1e-14 else text


def _reason(reason: Reason, catalog: Catalog) -> str:
    text = f"{causes(reason.cut)}, {_chance(reason.cut)}"
    if reason.step is None:
        return text
    ways = "; ".join(f"{title(catalog, way.channel)}: {chain(way.chain)}" for way in reason.ways)
    return f"{text}: blocks {plain(reason.step)} ({ways})"


def _chance(cut: CutSet) -> str:
    hours = cut.probability * HOURS_A_YEAR
    shown = f"{hours:.1f}" if hours >= 0.05 else f"{hours:.1g}"
    return f"{small_percent(cut.probability)} % of the time, {shown} h a year"


def _saving(item: Importance, each: JourneyPrediction, parts: dict[str, Availability]) -> str:
    blocked = each.states.blocked if each.states else None
    if blocked is None or item.raw is None or not item.attempts_saved_by_one_more_nine:
        return ""
    missing = 1.0 - parts[item.component].own
    while_failed = blocked * item.raw
    otherwise = max(0.0, while_failed - item.birnbaum)
    text = (
        f"one more nine of {short_name(item.component)}: it fails {small_percent(missing)} % of the time; while it "
        f"has, the journey is blocked {small_percent(min(1.0, while_failed))} % of the time, else "
        f"{small_percent(otherwise)} %. With a tenth of its failures {figure(item.attempts_saved_by_one_more_nine)} "
        f"fewer of {figure(each.attempts_per_year)} attempts a year are lost"
    )
    return f"{text} (assumed: nobody says how available it is)" if parts[item.component].assumed else text
