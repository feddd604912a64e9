"""The dashboard of one journey: its own promise, and its steps with the SLOs of what they use."""

from collections.abc import Iterable

from servicescape.catalog.graph import Channel, Journey, Leg, Step
from servicescape.compile import names
from servicescape.compile.grafana.dashboard import (
    TAG,
    alert_annotation,
    dashboard_text,
    head,
    link_to,
    links_out,
    panels_text,
    tail,
)
from servicescape.compile.grafana.panels import (
    ALERT_STATES,
    BUDGET_STEPS,
    Grid,
    Json,
    stat,
    target,
    timeline,
    timeseries,
    words,
)
from servicescape.compile.grafana.places import Places
from servicescape.compile.grafana.queries import equal, one_of, series, worst
from servicescape.compile.grafana.slo_table import slo_table
from servicescape.compile.grafana.text import link, markdown, plain
from servicescape.compile.names import label_of
from servicescape.compile.neighbours import Neighbours

_OFFERED = {"automatic": "moved over by itself", "offered": "offered", "found": "up to the customer to find"}


def journey_dashboard(
    journey: Journey, places: Places, neighbours: Neighbours, title: str, tags: tuple[str, ...]
) -> str:
    """The dashboard of a journey as JSON."""
    grid = Grid()
    used = used_by(journey, places)
    grid.row(7, (10, words(_about(journey, places))), *_own(journey, places))
    _own_over_time(grid, journey, places)
    for number, step in enumerate(journey.steps, 1):
        _step(grid, number, step, places)
    themselves = set(used)
    deeper = dict.fromkeys(target for ref in used for target in neighbours.upstreams(ref) if target not in themselves)
    _deeper(grid, list(deeper), places)
    located = journey.entity.entity.metadata.links
    links = [link_to("All SLOs", places.overview)]
    for ref in places.slos_of.get(journey.ref, ()):
        links.append(link_to(places.title(ref), places.uid_of[ref], "SLO of this journey"))
    for each in located:
        links += links_out(each.title or each.type or each.url, each.url)
    matchers = [one_of(names.COMPONENT, places.measured(used))] if places.measured(used) else []
    if not matchers and journey.ref in places.slos_of:
        matchers = [equal(names.JOURNEY, label_of(journey.ref))]
    annotations = [alert_annotation(matchers)] if matchers else []
    return dashboard_text(
        head(places.uid_of[journey.ref], title, f"The steps of {journey.title}.", (TAG, "journey", *tags)),
        panels_text(grid.panels),
        tail(links, [], annotations, "24h"),
    )


def used_by(journey: Journey, places: Places) -> list[str]:
    """Components that the steps use themselves, in the order in which a customer meets them."""
    return list(dict.fromkeys(ref for step in journey.steps for leg in step.legs for ref in _used(leg, places)))


def _used(leg: Leg, places: Places) -> list[str]:
    channel = places.catalog.channels.get(leg.channel)
    return [*(channel.runs_on if channel else ()), *leg.uses, *((leg.via,) if leg.via else ())]


def _about(journey: Journey, places: Places) -> str:
    catalog = places.catalog
    lines = [f"**{markdown(journey.title)}**" + (f", for {markdown(journey.persona)}" if journey.persona else "")]
    whose = [markdown(catalog.title(journey.owner)) if journey.owner else "no team"]
    whose += [markdown(catalog.title(journey.domain))] if journey.domain else []
    if journey.average_per_hour is not None:
        peak = journey.peak_per_hour
        whose.append(f"{journey.average_per_hour:,g} attempts an hour" + (f", {peak:,g} at peak" if peak else ""))
    lines.append(" · ".join(whose))
    objective = (
        f"{journey.objective_percent:g} % of attempts are to be completed. " if journey.objective_percent else ""
    )
    own = places.slos_of.get(journey.ref)
    lines.append(objective + (f"Measured: {places.links(own)}" if own else "It has no SLO of its own."))
    channels = dict.fromkeys(leg.channel for step in journey.steps for leg in step.legs)
    lines.append("Channels: " + ", ".join(_channel(catalog.channels.get(ref), ref) for ref in channels))
    return "\n\n".join(lines)


def _channel(channel: Channel | None, ref: str) -> str:
    if channel is None:
        return markdown(label_of(ref))
    room = f", {channel.capacity_per_hour:,g} contacts an hour" if channel.capacity_per_hour else ""
    return f"{markdown(channel.title)} ({channel.mode}{room})"


def _own(journey: Journey, places: Places) -> list[tuple[int, Json]]:
    """The state of what the journey uses, and of its own budget."""
    used = places.measured(used_by(journey, places))
    own = places.slos_of.get(journey.ref)
    panels: list[Json] = []
    if own:
        expr = f"min by ({names.SLO}) ({series(names.BUDGET_REMAINING, equal(names.JOURNEY, label_of(journey.ref)))})"
        panels.append(
            stat(
                "Budget left",
                "Of the journey's own SLOs.",
                [target(expr, f"{{{{{names.SLO}}}}}")],
                unit="percentunit",
                steps=BUDGET_STEPS,
                decimals=1,
            )
        )
    if used:
        panels.append(
            stat(
                "Worst alert of what it uses",
                "An alert of a component is no failure of the journey where a step has another way.",
                [target(worst([one_of(names.COMPONENT, used)], _measured(used)), "state")],
                unit="short",
                steps=((None, ALERT_STATES[0]["options"]["0"]["color"]),),
                mappings=ALERT_STATES,
                background=True,
            )
        )
    width = 14 // len(panels) if panels else 0
    return [(width, panel) for panel in panels]


def _measured(components: Iterable[str]) -> str:
    return series(names.INFO, one_of(names.COMPONENT, components))


def _own_over_time(grid: Grid, journey: Journey, places: Places) -> None:
    if journey.ref not in places.slos_of:
        return
    of = equal(names.JOURNEY, label_of(journey.ref))
    grid.row(
        8,
        (
            12,
            timeseries(
                "Budget left over time",
                "Of the journey's own SLOs.",
                [target(f"min by ({names.SLO}) ({series(names.BUDGET_REMAINING, of)})", f"{{{{{names.SLO}}}}}")],
                unit="percentunit",
                steps=BUDGET_STEPS,
                custom={"lineWidth": 2},
                limits={"max": 1},
            ),
        ),
        (
            12,
            timeseries(
                "Error ratio, 1h",
                "Share of attempts that failed.",
                [
                    target(
                        f"max by ({names.SLO}) ({series(names.ERROR_RATIO, of, equal(names.WINDOW, '1h'))})",
                        f"{{{{{names.SLO}}}}}",
                    )
                ],
                unit="percentunit",
                custom={"axisSoftMin": 0, "lineWidth": 2},
            ),
        ),
    )


def _step(grid: Grid, number: int, step: Step, places: Places) -> None:
    grid.heading(plain(f"{number}. {step.title}"))
    used = list(dict.fromkeys(ref for leg in step.legs for ref in _used(leg, places)))
    measured = places.measured(used)
    lines = [_leg(leg, first=index == 0, places=places) for index, leg in enumerate(step.legs)]
    facts = []
    if step.optional:
        facts.append("The journey can be completed without this step.")
    if step.share < 1:
        facts.append(f"{step.share * 100:g} % of attempts take it.")
    if step.customer_sees:
        facts.append(f"If it fails, customers see: {markdown(step.customer_sees)}")
    if step.runbook:
        facts.append(link("Runbook", step.runbook))
    unmeasured = [ref for ref in used if ref not in places.slos_of]
    if unmeasured:
        facts.append(f"Without an SLO: {places.links(unmeasured)}")
    text = words("\n".join(lines) + ("\n\n" + "\n\n".join(facts) if facts else ""))
    if not measured:
        grid.row(6, (24, text))
        return
    of = one_of(names.COMPONENT, measured)
    plans = [places.plan_of[ref] for target_ref in used for ref in places.slos_of.get(target_ref, ())]
    hidden = (names.TEAM, names.TIER, names.DOMAIN, names.MEASURES, "period")
    rows = min(max(len(plans), 2), 8) + 5
    grid.row(
        rows,
        (7, text),
        (10, slo_table("SLOs of what this step uses", "Least budget first.", [of], plans, hidden=hidden)),
        (
            7,
            timeline(
                "Alerts",
                "Worst alert of each component that this step uses.",
                [target(worst([of], _measured(measured), (names.COMPONENT,)), f"{{{{{names.COMPONENT}}}}}")],
                ALERT_STATES,
            ),
        ),
    )


def _leg(leg: Leg, *, first: bool, places: Places) -> str:
    """One way of doing a step, as an item of a numbered list."""
    channel = places.catalog.channels.get(leg.channel)
    name = markdown(channel.title) if channel else markdown(label_of(leg.channel))
    how = "" if first else f" (falls back{', ' + _OFFERED[leg.offered] if leg.offered in _OFFERED else ''})"
    used = list(dict.fromkeys((*leg.uses, *(channel.runs_on if channel else ()))))
    text = f"1. **{name}**{how}: " + (places.links(used) if used else "needs nothing of ours")
    return text + (f"; carried by {places.link(leg.via)}" if leg.via else "")


def _deeper(grid: Grid, deeper: list[str], places: Places) -> None:
    """What the components in use cannot work without."""
    measured = places.measured(deeper)
    if not deeper:
        return
    grid.heading("Upstream: what these cannot work without")
    unmeasured = [ref for ref in deeper if ref not in places.slos_of]
    text = places.links(deeper) + (f"\n\nWithout an SLO: {places.links(unmeasured)}" if unmeasured else "")
    if not measured:
        grid.row(4, (24, words(text)))
        return
    of = one_of(names.COMPONENT, measured)
    grid.row(
        min(4 + len(measured), 16),
        (7, words(text)),
        (
            17,
            timeline(
                "Alerts",
                "Worst alert of each component upstream. If one alerts, it is probably the cause.",
                [target(worst([of], _measured(measured), (names.COMPONENT,)), f"{{{{{names.COMPONENT}}}}}")],
                ALERT_STATES,
            ),
        ),
    )
