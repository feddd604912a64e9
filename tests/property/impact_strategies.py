"""Random catalogs for the impact analysis: every kind of edge, circles, journeys over several channels."""

from typing import Any

from hypothesis import strategies as st

from servicescape.catalog.catalog import Catalog
from tests.support.impact_catalogs import catalog, channel, journey, leg, service, step

TOLERANCES = ("1s", "2s", "5s", "7s")
STATES = ("ok", "degraded", "down")


@st.composite
def needs(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """One dependency on some of these components."""
    need: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        members = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
        need |= {"anyOf": members, "need": draw(st.integers(1, len(members)))}
    else:
        need["on"] = draw(st.sampled_from(names))
    if draw(st.integers(0, 2)) == 0:
        need["kind"] = "soft"
    if draw(st.integers(0, 2)) == 0:
        need["fallback"] = draw(st.sampled_from(names))
    if draw(st.integers(0, 2)) == 0:
        need["tolerates"] = draw(st.sampled_from(TOLERANCES))
    for key in ("whenDown", "whenDegraded"):
        if draw(st.integers(0, 5)) == 0:
            need[key] = draw(st.sampled_from(STATES))
    return need


@st.composite
def catalogs(draw: st.DrawFn, *, with_journeys: bool = True) -> Catalog:
    """A catalog of up to eight components that may need anything, themselves through others included."""
    names = [f"s{index}" for index in range(draw(st.integers(1, 8)))]
    entities = []
    for name in names:
        others = [other for other in names if other != name]
        wanted = draw(st.lists(needs(others), max_size=3)) if others else []
        for need in wanted:
            if need.get("fallback") == name:
                del need["fallback"]
        entities.append(service(name, *wanted))
    if with_journeys:
        channels = ["web", "chat", "desk"]
        for name in channels:
            runs_on = draw(st.lists(st.sampled_from(names), max_size=1))
            entities.append(channel(name, *runs_on, capacity=draw(st.sampled_from((None, 1, 40, 150)))))
        for number in range(draw(st.integers(1, 4))):
            steps = [
                step(
                    f"step-{position}",
                    *(
                        leg(
                            draw(st.sampled_from(channels)),
                            *draw(st.lists(st.sampled_from(names), max_size=2, unique=True)),
                        )
                        for _ in range(draw(st.integers(1, 3)))
                    ),
                    optional=draw(st.booleans()),
                    share=draw(st.sampled_from((1.0, 0.5, 0.25, 0.0))),
                )
                for position in range(draw(st.integers(1, 4)))
            ]
            entities.append(
                journey(
                    f"j{number}",
                    *steps,
                    demand=draw(st.sampled_from((None, 0.0, 10.0, 100.0))),
                    peak=draw(st.sampled_from((None, 30.0, 200.0))),
                )
            )
    return catalog(entities)


lengths = st.sampled_from((None, 1.0, 3.0, 6.0, 20.0))
"""Lengths of outages in seconds, within and beyond the sums of tolerances."""
