"""How the figures of a blast radius are made: every rate between two changes, with what it is the product or sum of.

The figures are those of `customers`, worked out once more with their parts kept. A test holds the two against each
other.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from servicescape.analysis.blast_radius import Situation, situation
from servicescape.analysis.customers import UNHARMED, AttemptShares, turned_away
from servicescape.analysis.journey_impact import JourneyCourse, phase_at
from servicescape.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class StepShare:
    """What a step does to attempts in one stretch of time; steps that do nothing are left out."""

    step: str
    title: str
    optional: bool
    share: float
    """Share of attempts that use it."""
    moved_to: str | None
    """Channel that takes them; None where the step is blocked."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts of one journey with one channel."""

    channel: str
    share: float
    """Share of the journey's attempts that make contact."""
    per_hour: float
    needs: float
    """Share of the attempts not ended by a blocked step that need the channel for a mandatory step."""
    refused: float
    """Share of its contacts that the channel turns away."""


@dataclass(frozen=True, slots=True)
class JourneyRates:
    """One journey in one stretch of time."""

    journey: str
    demand_per_hour: float
    steps: tuple[StepShare, ...]
    ended: float
    """Share of attempts that a blocked step ends."""
    contacts: tuple[Contacts, ...]
    blocked_per_hour: float


@dataclass(frozen=True, slots=True)
class ChannelRates:
    """One channel in one stretch of time."""

    channel: str
    contacts_per_hour: float
    capacity_per_hour: float | None
    turned_away_per_hour: float | None
    """None where the capacity is unknown: then nobody is counted as turned away."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which nothing changes."""

    begin_seconds: float
    end_seconds: float
    """Infinity where the outage has no length and this is the last."""
    journeys: tuple[JourneyRates, ...]
    channels: tuple[ChannelRates, ...]
    blocked_per_hour: float
    displaced_per_hour: float

    @property
    def hours(self) -> float:
        """Its length."""
        return (self.end_seconds - self.begin_seconds) / 3600


@dataclass(frozen=True, slots=True)
class Account:
    """All stretches of an outage in which customers are hit."""

    stretches: tuple[Stretch, ...]
    without_demand: tuple[str, ...]
    """Journeys that the failure concerns and that give no demand, so that nobody of theirs is counted."""


def impact_account(
    catalog: Catalog,
    *,
    fail: Sequence[str],
    degrade: Sequence[str] = (),
    lasts_seconds: float | None = None,
    at: str = "average",
) -> Account:
    """The parts of the figures that `blast_radius` gives with the same arguments."""
    found = situation(catalog, fail=fail, degrade=degrade, lasts_seconds=lasts_seconds, at=at)
    # An optional step that falls back moves customers and leaves its journey ok.
    hit = [
        course
        for course in found.courses
        if course.worst.state != "ok" or any(shares != UNHARMED for _, shares in found.shares[course.journey.ref])
    ]
    changes = {at for course in hit for at, _ in found.shares[course.journey.ref]}
    counted = [course for course in hit if found.demand[course.journey.ref] is not None]
    times = sorted(changes)
    end = math.inf if lasts_seconds is None else lasts_seconds
    stretches = []
    for begin, until in zip(times, [*times, end][1:], strict=True):
        stretch = _stretch(counted, found, begin, until)
        if stretch.journeys:
            stretches.append(stretch)
    unknown = tuple(course.journey.ref for course in hit if found.demand[course.journey.ref] is None)
    return Account(tuple(_joined(stretches)), unknown)


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches with those made one that follow each other and are alike."""
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.end_seconds == stretch.begin_seconds
            and (last.journeys, last.channels) == (stretch.journeys, stretch.channels)
        ):
            joined[-1] = Stretch(
                last.begin_seconds,
                stretch.end_seconds,
                last.journeys,
                last.channels,
                last.blocked_per_hour,
                last.displaced_per_hour,
            )
        else:
            joined.append(stretch)
    return joined


def _stretch(courses: Sequence[JourneyCourse], found: Situation, begin: float, end: float) -> Stretch:
    shares = {course.journey.ref: _shares_at(found.shares[course.journey.ref], begin) for course in courses}
    contacts: dict[str, float] = {}
    for ref, share in shares.items():
        for channel, part in share.contacts:
            contacts[channel] = contacts.get(channel, 0.0) + (found.demand[ref] or 0.0) * part
    excess = {channel: turned_away(number, found.capacity.get(channel)) for channel, number in contacts.items()}
    refused = {channel: excess[channel] / number for channel, number in contacts.items() if excess[channel] > 0}
    journeys = [
        _journey(course, shares[course.journey.ref], found.demand[course.journey.ref] or 0.0, refused, begin)
        for course in courses
    ]
    journeys = [rates for rates in journeys if rates.steps]
    channels = [
        ChannelRates(
            channel,
            number,
            found.capacity.get(channel),
            None if found.capacity.get(channel) is None else excess[channel],
        )
        for channel, number in sorted(contacts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return Stretch(
        begin,
        end,
        tuple(sorted(journeys, key=lambda rates: (-rates.blocked_per_hour, rates.journey))),
        tuple(channels),
        math.fsum(rates.blocked_per_hour for rates in journeys),
        math.fsum(contacts.values()),
    )


def _shares_at(phases: Sequence[tuple[float, AttemptShares]], at: float) -> AttemptShares:
    return next(shares for begin, shares in reversed(phases) if begin <= at)


def _journey(
    course: JourneyCourse, shares: AttemptShares, demand: float, refused: Mapping[str, float], at: float
) -> JourneyRates:
    steps = []
    for step in course.steps:
        phase = phase_at(step.phases, at)
        ends = phase.state == "blocked" and not step.step.optional
        if ends or phase.moved_to is not None:
            steps.append(
                StepShare(step.step.name, step.step.title, step.step.optional, step.step.share, phase.moved_to)
            )
    needs = dict(shares.depends_on)
    return JourneyRates(
        journey=course.journey.ref,
        demand_per_hour=demand,
        steps=tuple(steps),
        ended=shares.blocked,
        contacts=tuple(
            Contacts(channel, part, demand * part, needs.get(channel, 0.0), refused.get(channel, 0.0))
            for channel, part in shares.contacts
        ),
        blocked_per_hour=demand * shares.blocked_when(refused),
    )
