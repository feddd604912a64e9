"""The words and figures that the text and the Markdown of a prediction share."""

from collections.abc import Sequence

from servicescape.analysis.prediction.availability import Availability
from servicescape.analysis.prediction.results import CutSet, JourneyPrediction
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.words import count, figure, money, short_duration, short_name

UNKNOWN = "?"


def percent(share: float | None, objective: float | None = None) -> str:
    """A share in percent, with as many digits as tell it from 100 % (and from an objective)."""
    if share is None:
        return UNKNOWN
    digits = 2
    missing = 1.0 - share
    while digits < 9 and 0 < missing * 10 ** (digits + 1) < 1:
        digits += 1
    if objective is not None:
        while digits < 9 and share * 100 != objective and round(share * 100, digits) == round(objective, digits):
            digits += 1
    text = f"{share * 100:.{digits}f}"
    return text if share >= 1 or float(text) < 100 else f"{100 - 10**-digits:.{digits}f}"


def small_percent(share: float | None) -> str:
    """A share of trouble in percent: two digits that count."""
    if share is None:
        return UNKNOWN
    if share == 0:
        return "0"
    return f"{share * 100:.2f}" if share >= 0.0001 else f"{share * 100:.1g}"


def objective(value: float | None) -> str:
    """An objective as written."""
    return "–" if value is None else f"{value:.10g}"


def wanted(journey: JourneyPrediction) -> str:
    """Whether the objective is met, in words; empty without one."""
    target = journey.objective_percent
    if target is None:
        return ""
    if journey.meets is None:
        return f"wanted {target:.10g} %: the bounds leave it open"
    if journey.meets:
        return f"wanted {target:.10g} %  ✓"
    high = journey.availability if journey.availability is not None else None
    if high is None:
        return f"wanted {target:.10g} %  ✗"
    points = target - high * 100
    short = f"{points:.2f}" if points >= 0.005 else f"{points:.1g}"
    more = ""
    if journey.attempts_per_year is not None:
        attempts = points / 100 * journey.attempts_per_year
        more = f" ({figure(float(f'{attempts:.2g}'))} attempts a year)"
    return f"wanted {target:.10g} %  ✗ short by {short} points{more}"


def correlation(journey: JourneyPrediction) -> str:
    """The bounds that need no independence."""
    low, high = journey.whatever_the_correlation.availability
    return f"{percent(low)} to {percent(high)} %"


def named(refs: Sequence[str], journey: JourneyPrediction, parts: dict[str, Availability], most: int = 8) -> str:
    """Components by name, the assumed ones marked with what is assumed."""
    shown = []
    for ref in refs[:most]:
        mark = ""
        if parts[ref].assumed:
            mark = f" (assumed {parts[ref].own * 100:.10g} %)"
        shown.append(short_name(ref) + mark)
    rest = len(refs) - most
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def causes(found: CutSet) -> str:
    """A cut set as a sum of causes."""
    words = []
    for cause in found.causes:
        names = [short_name(ref) for ref in cause.components]
        if cause.kind == "own":
            text = names[0]
        elif cause.kind == "common-cause":
            text = f"one cause for {', '.join(names)}"
        else:
            text = f"failed switch of {names[0]} to {names[-1]}"
        if cause.outlasts_seconds:
            text += f" for over {short_duration(cause.outlasts_seconds)}"
        words.append(text)
    return " + ".join(words)


def where_from(part: Availability, catalog: Catalog) -> str:
    """Where a component's availability comes from, as a sum in words."""
    own = f"{part.own * 100:.10g} %"
    if part.source == "assumed":
        tier = catalog.components[part.component].tier
        text = f"{own}, assumed ({'no tier' if tier is None else f'tier {tier}'})"
    elif part.source == "sla":
        text = f"{own}, its contract (sla)"
    else:
        says = "measured" if part.source == "measured" else f"its SLO {short_name(part.slo or '')}"
        target = f"{part.target_percent or 0:.10g} %"
        if not part.total:
            text = f"{own}, {says} (own failures only)"
        elif part.best_possible is not None and part.best_possible < 1:
            left = f"{part.best_possible * 100:.10g} %"
            text = f"{own} = {target} ({says}) / {left} (what it needs leaves it up)"
            if part.feasible is False:
                text += ": cannot be kept, taken as never failing by itself"
        else:
            text = f"{own}, {says}"
    return f"{text}; {part.note}" if part.note else text


def lost(journey: JourneyPrediction) -> str:
    """Attempts lost and contacts moved in a year; empty without demand."""
    if journey.attempts_lost_per_year is None:
        return ""
    text = f"{count(round(journey.attempts_lost_per_year), 'attempt')} lost a year"
    if journey.attempts_served is not None:
        text += f" ({percent(journey.attempts_served)} % get as far as they want)"
    if journey.displaced:
        contacts = sum(each.contacts_per_year for each in journey.displaced)
        costs = [each.cost_per_year for each in journey.displaced]
        known = [cost for cost in costs if cost is not None]
        text += f"; {figure(contacts)} contacts moved"
        if known and len(known) == len(costs):
            text += f" (cost {money(sum(known), journey.currency)})"
    return text
