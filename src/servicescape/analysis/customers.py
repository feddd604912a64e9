"""How many customers a failure blocks, and how many it moves to another channel.

Everything is counted in attempts. A step's `share` is the share of attempts that use it, and whether an attempt uses
one step says nothing about whether it uses another.

Blocked: an attempt that comes to a blocked mandatory step ends there and reaches none of the later ones. A blocked
optional step is left out by the customer and ends nothing.

Moved (displaced contacts): an attempt that comes to a step on a leg other than its first open one, in another channel
than that, is one contact for the channel of the leg in use. An attempt makes at most one contact with a channel:
whoever is with the contact centre for one step stays there for the next. On its first leg a step moves nobody, even
where that leg is a person on the phone.

Turned away: the contacts of all journeys are summed by channel and held against its capacity, which is what the channel
can take on besides its everyday contacts. The excess is turned away, from all journeys by the same share of their
contacts. An attempt that is turned away is blocked where it needs the channel for a mandatory step. It does not try yet
another leg, and contacts that it would have made later with other channels are still counted, so that the load on a
channel does not hang on that of the others.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NOISE = 1e-9
"""Sums of shares are exact to about this part of themselves; less than that above capacity is not a flood."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Outcome of a mandatory step: blocked."""


BLOCKED = Blocked()
Outcome = Blocked | str | None
"""What a step does to attempts: ends them, moves them to a channel (a reference), or neither."""


@dataclass(frozen=True, slots=True)
class AttemptShares:
    """What happens to one attempt of a journey, as shares of 1."""

    blocked: float
    """Share that a blocked step ends."""
    contacts: tuple[tuple[str, float], ...]
    """Channel → share that makes contact with it, by reference."""
    depends_on: tuple[tuple[str, float], ...]
    """Channel → share, of those no step ends, that needs it for a mandatory step."""

    def blocked_when(self, turned_away: Mapping[str, float]) -> float:
        """Share of attempts blocked, where channels turn away these shares of their contacts."""
        served = 1.0 - self.blocked
        for channel, share in self.depends_on:
            served *= 1.0 - turned_away.get(channel, 0.0) * share
        return 1.0 - served


UNHARMED = AttemptShares(0.0, (), ())


def attempt_shares(steps: Sequence[tuple[float, bool, Outcome]]) -> AttemptShares:
    """What happens to an attempt of a journey whose steps have these shares, are optional or not, and fare thus."""
    going_on = 1.0
    not_yet_moved: dict[str, float] = {}
    contacts: dict[str, float] = {}
    without: dict[str, float] = {}
    for share, optional, outcome in steps:
        if isinstance(outcome, Blocked):
            if not optional:
                going_on *= 1.0 - share
                for channel in not_yet_moved:
                    not_yet_moved[channel] *= 1.0 - share
        elif outcome is not None:
            waiting = not_yet_moved.get(outcome, going_on)
            contacts[outcome] = contacts.get(outcome, 0.0) + waiting * share
            not_yet_moved[outcome] = waiting * (1.0 - share)
            if not optional:
                without[outcome] = without.get(outcome, 1.0) * (1.0 - share)
    return AttemptShares(
        1.0 - going_on,
        tuple(sorted((channel, share) for channel, share in contacts.items() if share > 0)),
        tuple(sorted((channel, 1.0 - rest) for channel, rest in without.items() if rest < 1)),
    )


def turned_away(contacts_per_hour: float, capacity_per_hour: float | None) -> float:
    """Contacts an hour above capacity; 0 where the capacity is unknown."""
    if capacity_per_hour is None or contacts_per_hour <= capacity_per_hour * (1 + NOISE):
        return 0.0
    return contacts_per_hour - capacity_per_hour


@dataclass(frozen=True, slots=True)
class Stream:
    """A journey's customers over the outage."""

    journey: str
    demand_per_hour: float
    phases: tuple[tuple[float, AttemptShares], ...]
    """Seconds from which on an attempt fares thus; the first is at 0."""


@dataclass(slots=True)
class Figure:
    """A rate over time: its highest value an hour, and its integral over the outage."""

    highest_per_hour: float = 0.0
    total: float = 0.0

    def add(self, per_hour: float, hours: float) -> None:
        """Takes in that the rate held for so many hours; infinity leaves the total unknown."""
        self.highest_per_hour = max(self.highest_per_hour, per_hour)
        self.total += per_hour * hours if per_hour else 0.0


class CustomerFigures:
    """All rates of one failure over the outage. Totals mean nothing where the outage has no length."""

    def __init__(self) -> None:
        self.blocked = Figure()
        self.displaced = Figure()
        self.journey_blocked: dict[str, Figure] = {}
        self.journey_displaced: dict[tuple[str, str], Figure] = {}
        """(journey, channel) → contacts moved."""
        self.channel_contacts: dict[str, Figure] = {}
        self.channel_turned_away: dict[str, Figure] = {}
        self.flooded_after: dict[str, float] = {}
        """Channel → seconds at which contacts first exceed its capacity."""


def customer_figures(
    streams: Iterable[Stream], capacity_per_hour: Mapping[str, float | None], lasts_seconds: float
) -> CustomerFigures:
    """Integrates the streams of all journeys piecewise between the times at which any of them changes."""
    harmed = [stream for stream in streams if any(shares != UNHARMED for _, shares in stream.phases)]
    figures = CustomerFigures()
    times = sorted({at for stream in harmed for at, _ in stream.phases})
    positions = [0] * len(harmed)
    for begin, end in zip(times, [*times, lasts_seconds][1:], strict=True):
        for index, stream in enumerate(harmed):
            if positions[index] + 1 < len(stream.phases) and stream.phases[positions[index] + 1][0] <= begin:
                positions[index] += 1
        shares = [stream.phases[position][1] for stream, position in zip(harmed, positions, strict=True)]
        _add_interval(figures, harmed, shares, capacity_per_hour, begin, (end - begin) / 3600)
    return figures


def _add_interval(
    figures: CustomerFigures,
    streams: list[Stream],
    shares: list[AttemptShares],
    capacity_per_hour: Mapping[str, float | None],
    begin: float,
    hours: float,
) -> None:
    contacts: dict[str, float] = {}
    for stream, share in zip(streams, shares, strict=True):
        for channel, part in share.contacts:
            per_hour = stream.demand_per_hour * part
            contacts[channel] = contacts.get(channel, 0.0) + per_hour
            figures.journey_displaced.setdefault((stream.journey, channel), Figure()).add(per_hour, hours)
    refused: dict[str, float] = {}
    for channel, per_hour in contacts.items():
        excess = turned_away(per_hour, capacity_per_hour.get(channel))
        figures.channel_contacts.setdefault(channel, Figure()).add(per_hour, hours)
        figures.channel_turned_away.setdefault(channel, Figure()).add(excess, hours)
        if excess > 0:
            refused[channel] = excess / per_hour
            figures.flooded_after.setdefault(channel, begin)
    blocked = []
    for stream, share in zip(streams, shares, strict=True):
        per_hour = stream.demand_per_hour * share.blocked_when(refused)
        blocked.append(per_hour)
        figures.journey_blocked.setdefault(stream.journey, Figure()).add(per_hour, hours)
    figures.blocked.add(math.fsum(blocked), hours)
    figures.displaced.add(math.fsum(contacts.values()), hours)
