"""How the figures of a blast radius are made, as sums that can be followed with a pencil."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from servicescape.analysis.impact_account import Account, ChannelRates, JourneyRates, Stretch
from servicescape.analysis.impact_results import BlastRadius, ComponentImpact
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.json_form import number
from servicescape.render.impact.terminal import GAP, LEAST_WIDTH, paint, paragraph
from servicescape.render.impact.words import duration, listing, moment, money, plain, short_name, title


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and lines; those that begin with a blank belong to the line above them."""

    heading: str
    lines: tuple[str, ...]


def explanation(account: Account, result: BlastRadius, catalog: Catalog) -> list[Section]:
    """Times, then rates stretch by stretch, then totals, then what is assumed and what is missing."""
    sections = [
        Section("When it comes", tuple(_times(result))),
        *(Section(_span(stretch), tuple(_stretch(stretch, catalog))) for stretch in account.stretches),
        Section("Over the outage", tuple(_totals(account, result, catalog))),
        Section("What is assumed", tuple(_assumptions(account, result))),
        Section("What is not counted, because the catalog does not say it", tuple(_missing(account, result, catalog))),
    ]
    told = [section for section in sections if section.lines]
    return told or [Section("There is nothing to explain", ("No journey is hit, so nobody is counted",))]


def render_text(sections: Sequence[Section], *, width: int, colour: bool) -> str:
    """The sections for a terminal; ends without a line break."""
    width = max(width, LEAST_WIDTH)
    lines = [paint("How the figures are made", "title", colour)]
    for section in sections:
        lines += ["", *(paint(line, "title", colour) for line in paragraph(section.heading, width, GAP))]
        for line in section.lines:
            inner = line.startswith(" ")
            lines += paragraph(line.strip(), width, GAP * (3 if inner else 2), GAP)
    return "\n".join(lines)


def explanation_object(account: Account) -> dict[str, Any]:
    """The same parts for programs: shares are 0 to 1, rates per hour."""
    return {
        "stretches": [
            {
                "fromSeconds": number(stretch.begin_seconds),
                "toSeconds": number(stretch.end_seconds),
                "blockedPerHour": number(stretch.blocked_per_hour),
                "displacedPerHour": number(stretch.displaced_per_hour),
                "journeys": [_journey_object(journey) for journey in stretch.journeys],
                "channels": [
                    {
                        "channel": load.channel,
                        "contactsPerHour": number(load.contacts_per_hour),
                        "capacityPerHour": number(load.capacity_per_hour),
                        "turnedAwayPerHour": number(load.turned_away_per_hour),
                    }
                    for load in stretch.channels
                ],
            }
            for stretch in account.stretches
        ],
        "withoutDemand": list(account.without_demand),
    }


def _journey_object(rates: JourneyRates) -> dict[str, Any]:
    return {
        "journey": rates.journey,
        "demandPerHour": number(rates.demand_per_hour),
        "steps": [
            {"step": step.step, "optional": step.optional, "share": number(step.share), "movedTo": step.moved_to}
            for step in rates.steps
        ],
        "endedShare": number(rates.ended),
        "contacts": [
            {
                "channel": contact.channel,
                "share": number(contact.share),
                "perHour": number(contact.per_hour),
                "neededShare": number(contact.needs),
                "turnedAwayShare": number(contact.refused),
            }
            for contact in rates.contacts
        ],
        "blockedPerHour": number(rates.blocked_per_hour),
    }


def _times(result: BlastRadius) -> Iterator[str]:
    """One line for each link of the chains that hit journeys, what failed first at the top."""
    impacts = {impact.component: impact for impact in result.components}
    told = {ref for journey in result.journeys if journey.is_hit for step in journey.steps for ref in step.because}
    reached = [impact for impact in result.components if impact.component in told and impact.links]
    for impact in sorted(reached, key=lambda one: (_when(one), len(one.path), one.component)):
        link = impact.links[-1]
        cause = impacts.get(link.target)
        after = _when(cause) if cause is not None else 0.0
        words = f"{short_name(impact.component)} is {impact.state} {moment(_when(impact))}"
        words += f", through {short_name(link.target)} ({moment(after)})"
        if link.adds_seconds > 0:
            words += f" + {duration(link.adds_seconds)} that it goes on without it"
        if link.fallback_used:
            words += "; its fallback is gone as well"
        yield words


def _when(impact: ComponentImpact) -> float:
    return impact.down_after_seconds if impact.state == "down" else impact.degraded_after_seconds


def _span(stretch: Stretch) -> str:
    begin = "the beginning" if stretch.begin_seconds <= 0 else duration(stretch.begin_seconds)
    if math.isinf(stretch.end_seconds):
        return f"From {begin} on"
    return f"From {begin} to {duration(stretch.end_seconds)} ({_exact(stretch.hours)}\u00a0h)"


def _stretch(stretch: Stretch, catalog: Catalog) -> Iterator[str]:
    for rates in stretch.journeys:
        yield from _journey(rates, catalog)
    for load in stretch.channels:
        yield _channel(load, catalog)
    if not math.isinf(stretch.end_seconds) and (stretch.blocked_per_hour or stretch.displaced_per_hour):
        hours = _exact(stretch.hours)
        parts = [
            f"{_exact(rate)} × {hours}\u00a0h = {_exact(rate * stretch.hours)} {what}"
            for rate, what in (
                (stretch.blocked_per_hour, "customers blocked"),
                (stretch.displaced_per_hour, "contacts moved"),
            )
            if rate
        ]
        yield f"In all: {', '.join(parts)}"


def _journey(rates: JourneyRates, catalog: Catalog) -> Iterator[str]:
    demand = _exact(rates.demand_per_hour)
    yield f"{title(catalog, rates.journey)}: {demand} attempts\u00a0/\u00a0h"
    for contact in rates.contacts:
        steps = [step for step in rates.steps if step.moved_to == contact.channel]
        names = listing(f"{plain(step.title)} ({_percent(step.share)})" for step in steps)
        once = ", one contact an attempt" if len(steps) > 1 else ""
        yield (
            f" {names} by {title(catalog, contact.channel)}: {demand} × {_percent(contact.share)} = "
            f"{_exact(contact.per_hour)} contacts\u00a0/\u00a0h{once}"
        )
    factors = []
    ended = [step for step in rates.steps if step.moved_to is None]
    if ended:
        names = listing((f"{plain(step.title)} ({_percent(step.share)})" for step in ended), 6)
        yield f" {names} blocked: {_percent(rates.ended)} of attempts end there"
        factors.append(f"{_percent(1 - rates.ended)}")
    for contact in rates.contacts:
        if contact.refused > 0 and contact.needs > 0:
            factors.append(f"(1 − {_percent(contact.refused)} × {_percent(contact.needs)})")
    if factors:
        yield f" blocked: {demand} × (1 − {' × '.join(factors)}) = {_exact(rates.blocked_per_hour)}\u00a0/\u00a0h"


def _channel(load: ChannelRates, catalog: Catalog) -> str:
    contacts = f"{title(catalog, load.channel)}: {_exact(load.contacts_per_hour)} contacts\u00a0/\u00a0h"
    if load.capacity_per_hour is None:
        return f"{contacts}, no capacity given: nobody is counted as turned away"
    capacity = f"{contacts}, capacity {_exact(load.capacity_per_hour)}\u00a0/\u00a0h"
    if not load.turned_away_per_hour:
        return f"{capacity}: all are answered"
    share = _percent(load.turned_away_per_hour / load.contacts_per_hour)
    return f"{capacity}: {_exact(load.turned_away_per_hour)}\u00a0/\u00a0h are turned away, {share} of them"


def _totals(account: Account, result: BlastRadius, catalog: Catalog) -> Iterator[str]:
    totals = result.totals
    if result.lasts_seconds is None:
        if account.stretches:
            yield "Without a length (--lasts) there are rates and no totals; tables show the rates of the worst moment"
        return
    for what, total, rates in (
        ("Customers blocked", totals.blocked_customers, [s.blocked_per_hour * s.hours for s in account.stretches]),
        ("Contacts moved", totals.displaced_contacts, [s.displaced_per_hour * s.hours for s in account.stretches]),
    ):
        if total:
            parts = [_exact(rate) for rate in rates if rate]
            yield f"{what}: {' + '.join(parts)}{f' = {_exact(total)}' if len(parts) > 1 else ''}"
    currencies = {journey.currency for journey in result.journeys if journey.currency}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    for load in result.channels:
        if not load.cost_total:
            continue
        price = catalog.channels[load.channel].cost_per_contact or 0.0
        answered = [
            (rates.contacts_per_hour - (rates.turned_away_per_hour or 0.0)) * stretch.hours
            for stretch in account.stretches
            for rates in stretch.channels
            if rates.channel == load.channel
        ]
        parts = [_exact(part) for part in answered if part]
        yield (
            f"Cost of {plain(load.title)}: {' + '.join(parts)} contacts answered × {_money(price, currency)} = "
            f"{_money(load.cost_total, currency)}"
        )
    for journey in result.journeys:
        if journey.value_lost and journey.blocked_total:
            each = _money(journey.value_lost / journey.blocked_total, journey.currency)
            total_ = _money(journey.value_lost, journey.currency)
            yield f"At risk in {plain(journey.title)}: {_exact(journey.blocked_total)} blocked × {each} = {total_}"


def _assumptions(account: Account, result: BlastRadius) -> Iterator[str]:
    if not account.stretches:
        return
    yield "Sums are made with exact figures, and shown to two digits"
    if result.at == "peak":
        yield "Demand is that at peak (`demand.peakPerHour`, else `perHour`), for the whole of the outage"
    else:
        hours = "; live channels are there within their hours" if result.at != "average" else ""
        yield f"Demand is the average (`demand.perHour`), for the whole of the outage{hours}"
    yield "Whether an attempt uses one step (`share`) says nothing about whether it uses another"
    if any(stretch.channels for stretch in account.stretches):
        yield "A channel's capacity is what it can take on top of its everyday contacts"
        yield "Who is turned away does not try another way"
    if result.lasts_seconds is not None:
        yield "At the end of the outage everything is well again at once"


def _missing(account: Account, result: BlastRadius, catalog: Catalog) -> Iterator[str]:
    if account.without_demand:
        yield f"Demand of {listing((title(catalog, ref) for ref in account.without_demand), 6)}"
    counted = {rates.journey: rates for stretch in account.stretches for rates in stretch.journeys}
    valueless = [ref for ref in counted if catalog.journeys[ref].value_per_completion is None]
    if valueless and result.lasts_seconds is not None:
        yield f"Value of {listing((title(catalog, ref) for ref in valueless), 6)}"
    loads = {load.channel: load for stretch in account.stretches for load in stretch.channels}
    unlimited = [ref for ref, load in loads.items() if load.capacity_per_hour is None]
    if unlimited:
        yield f"Capacity of {listing((title(catalog, ref) for ref in unlimited), 6)}"
    free = [ref for ref in loads if catalog.channels[ref].cost_per_contact is None]
    if free and result.lasts_seconds is not None:
        yield f"Cost of a contact with {listing((title(catalog, ref) for ref in free), 6)}"


def _exact(value: float) -> str:
    """To a hundredth, so that sums can be followed: `1,240`, `0.5`, `62.25`."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(share: float) -> str:
    return f"{_exact(share * 100)}\u00a0%"


def _money(value: float, currency: str | None) -> str:
    sign, space = money(value, currency).partition("\u00a0")[:2] if currency else ("", "")
    amount = _exact(value) if value == round(value) else f"{value:,.2f}"
    return f"{sign}{space}{amount}"
