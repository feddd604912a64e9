"""Figures about journeys: ways out, hand-overs, what blocks them, and what is asked of customers."""

from collections.abc import Iterable, Iterator
from datetime import date

from servicescape.analysis.lenses.facts import Facts, Subject
from servicescape.analysis.lenses.handovers import HandOver, hand_overs
from servicescape.analysis.lenses.results import Figure
from servicescape.analysis.prediction.results import JourneyPrediction
from servicescape.catalog.graph import Journey, Leg, Step
from servicescape.model.names import name_of

GOOD_FOR_DAYS = 365
"""A test of an earlier day says how it was then (the same as in JRN610)."""
_ALWAYS = ("24/7", "00:00-24:00", "Mo-Su 00:00-24:00")


def journey_figures(facts: Facts, subject: Subject) -> Iterator[Figure]:
    """Continuity, resilience, objectives and data items."""
    journeys = [facts.journeys[ref] for ref in subject.journeys]
    yield from _continuity(facts, journeys)
    yield from _resilience(facts, subject)
    yield _objective(facts, journeys)
    yield _mastered(facts, subject, journeys)


def is_tested(tested: date | None, today: date | None) -> bool:
    """Whether a way was tried, and not too long ago; without a day of the run every test counts."""
    return tested is not None and (today is None or (today - tested).days <= GOOD_FOR_DAYS)


def _continuity(facts: Facts, journeys: list[Journey]) -> Iterator[Figure]:
    channels = facts.catalog.channels
    many = len(journeys) > 1

    def helps(leg: Leg) -> bool:
        return channels[leg.channel].mode != "self-service"

    def of_step(journey: Journey, step: Step) -> str:
        return f"{journey.name}/{step.name}" if many else step.name

    def of_leg(journey: Journey, step: Step, leg: Leg) -> str:
        return f"{of_step(journey, step)} → {channels[leg.channel].name}"

    steps = [(journey, step) for journey in journeys for step in journey.steps if step.legs and not step.optional]
    helped = [(journey, step) for journey, step in steps if any(helps(leg) for leg in step.legs)]
    dead = tuple(of_step(journey, step) for journey, step in steps if not any(helps(leg) for leg in step.legs))
    yield Figure("ways-out", len(helped), len(steps), dead)
    closed = tuple(
        of_step(journey, step)
        for journey, step in helped
        if not any(helps(leg) and _is_always_open(channels[leg.channel].hours) for leg in step.legs)
    )
    yield Figure("at-night", len(helped) - len(closed), len(helped), closed)
    others = [(journey, each) for journey in journeys for each in hand_overs(journey)]
    moving = [(of_leg(j, each.step, each.leg), each) for j, each in others if each.changes_channel]
    lossy = tuple(f"{name} ({', '.join(each.lost)})" for name, each in moving if each.lost)
    yield Figure("carried", len(moving) - len(lossy), len(moving), lossy)
    if journeys:
        yield Figure("hand-overs", len(moving))
    untried = tuple(of_leg(j, each.step, each.leg) for j, each in others if not is_tested(each.leg.tested, facts.today))
    yield Figure("tested", len(others) - len(untried), len(others), untried)
    live = [(journey, each) for journey, each in others if helps(each.leg)]
    hidden = tuple(of_leg(j, each.step, each.leg) for j, each in live if _is_hidden(each))
    yield Figure("offered", len(live) - len(hidden), len(live), hidden)
    yield _room(facts, journeys)


def _is_always_open(hours: str | None) -> bool:
    return hours is None or hours.strip() in _ALWAYS


def _is_hidden(each: HandOver) -> bool:
    return each.leg.offered not in ("automatic", "offered") and not each.step.customer_sees


def _room(facts: Facts, journeys: list[Journey]) -> Figure:
    """Whether channels could take those who lose their first way, all at once and at the peak."""
    channels = facts.catalog.channels
    flood: dict[str, float] = {}
    unknown: set[str] = set()
    for journey in journeys:
        shares: dict[str, float] = {}
        for step in journey.steps:
            later = [leg.channel for leg in step.legs[1:] if leg.channel != step.legs[0].channel]
            if later:
                shares[later[0]] = max(shares.get(later[0], 0.0), step.share)
        if journey.peak_per_hour is None:
            unknown.update(shares)
            continue
        for channel, share in shares.items():
            flood[channel] = flood.get(channel, 0.0) + share * journey.peak_per_hour
    judged = {}
    for channel, contacts in sorted(flood.items()):
        capacity = channels[channel].capacity_per_hour
        if capacity is None:
            unknown.add(channel)
        else:
            judged[channel] = (contacts, capacity)
    short = tuple(
        f"{channels[ref].name} ({contacts:,.0f} an hour, room for {capacity:,.0f})"
        for ref, (contacts, capacity) in judged.items()
        if contacts > capacity * (1 + 1e-9)
    )
    note = None
    if unknown:
        note = f"no demand or capacity is known for {', '.join(channels[ref].name for ref in sorted(unknown))}"
    if not judged:
        return Figure("room", None if unknown else 0, 0, note=note)
    return Figure("room", len(judged) - len(short), len(judged), short, note=note)


def _resilience(facts: Facts, subject: Subject) -> Iterator[Figure]:
    parts = set(subject.parts)
    alone = facts.alone(subject.journeys if subject.kind == "journey" else facts.journeys)
    if alone is None:
        yield Figure("alone", None, note=facts.why_not)
        yield Figure("rehearsed", None, 0, note=facts.why_not)
    else:
        blocking = tuple(sorted(alone & parts))
        missing = tuple(ref for ref in blocking if ref not in facts.failed_in_scenarios)
        yield Figure("alone", len(blocking), names=blocking)
        yield Figure("rehearsed", len(blocking) - len(missing), len(blocking), missing)
    touching = [result for result, hit in facts.scenarios if hit & parts and result.checks]
    wrong = tuple(result.scenario for result in touching if not result.ok)
    yield Figure("scenarios", len(touching) - len(wrong), len(touching), wrong)


def _objective(facts: Facts, journeys: Iterable[Journey]) -> Figure:
    wanted = [journey for journey in journeys if journey.objective_percent is not None or _promised(facts, journey)]
    if facts.no_prediction is not None:
        return Figure("objective", None, len(wanted), note=facts.no_prediction)
    missing = []
    for journey in wanted:
        each = facts.predicted[journey.ref]
        if not each.meets:
            missing.append(f"{journey.ref} ({_against(each)})")
    note = None if wanted else "no objective is given"
    return Figure("objective", len(wanted) - len(missing), len(wanted), tuple(missing), note=note)


def _promised(facts: Facts, journey: Journey) -> bool:
    return any(slo.measures == "availability" for slo in facts.slos_of.get(journey.ref, ()))


def _against(each: JourneyPrediction) -> str:
    wanted = f"wanted {each.objective_percent:.10g} %"
    if each.availability is None:
        return f"{wanted}, the bounds leave it open"
    found, digits = each.availability * 100, 2
    while digits < 9 and round(found, digits) == round(each.objective_percent or 0.0, digits):
        digits += 1
    return f"{found:.{digits}f} %, {wanted}"


def _mastered(facts: Facts, subject: Subject, journeys: Iterable[Journey]) -> Figure:
    parts = set(facts.in_service(subject.parts))
    items = {item for journey in journeys for step in journey.steps for item in step.collects}
    if subject.kind == "team":
        items |= {item for item, masters in facts.masters.items() if parts & set(masters)}
    missing = []
    for item in sorted(items):
        masters = facts.masters.get(item, [])
        if len(masters) != 1:
            names = " and ".join(name_of(ref) for ref in masters)
            missing.append(f"{item} ({f'mastered by {names}' if masters else 'mastered by none'})")
    return Figure("mastered", len(items) - len(missing), len(items), tuple(missing))
