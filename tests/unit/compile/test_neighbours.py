"""Which upstreams an alert names: inhibition in Alertmanager rests on them."""

from dataclasses import replace
from itertools import pairwise

from servicescape.catalog.graph import Component
from servicescape.compile.names import label_of, list_label
from servicescape.compile.neighbours import LABEL_BYTES, Neighbours
from tests.support.slo_catalogs import catalog, component, slo


def tolerating(part: Component, seconds: float) -> Component:
    return replace(part, edges=tuple(replace(edge, tolerates_seconds=seconds) for edge in part.edges))


def test_through_what_nothing_is_promised_of() -> None:
    parts = [component("top", needs=["middle"]), component("middle", needs=["base"]), component("base")]
    found = Neighbours(catalog(slo("base-slo", target="service:base"), components=parts))
    assert found.upstreams("service:top") == ("service:base", "service:middle")


def test_what_is_done_without_for_long_is_no_upstream() -> None:
    parts = [tolerating(component("top", needs=["base"]), 301), component("base")]
    assert Neighbours(catalog(components=parts)).upstreams("service:top") == ()
    parts = [tolerating(component("top", needs=["base"]), 300), component("base")]
    assert Neighbours(catalog(components=parts)).upstreams("service:top") == ("service:base",)


def test_a_full_label_names_those_that_page_and_are_near() -> None:
    chain = [f"link-{number:04}-of-a-long-chain" for number in range(200)]
    parts = [component(name, needs=[below]) for name, below in pairwise(chain)]
    parts.append(component(chain[-1]))
    off = {"alerting": {"page": "off"}}
    slos = [
        slo(f"{name}-slo", target=f"service:{name}", **(off if number % 2 else {})) for number, name in enumerate(chain)
    ]
    found = Neighbours(catalog(*slos, components=parts))
    names = [label_of(ref) for ref in found.upstreams(f"service:{chain[0]}")]
    label = list_label(tuple(names))
    assert LABEL_BYTES - 30 < len(label.encode()) <= LABEL_BYTES
    assert names == chain[2 : 2 * len(names) + 1 : 2], "every second one, from the nearest on"
    assert found.is_cut(f"service:{chain[0]}")
    near_the_end = f"service:{chain[-100]}"
    assert not found.is_cut(near_the_end)
    named = {label_of(ref) for ref in found.upstreams(near_the_end)}
    assert set(chain[-98::2]) <= named, "all that page; the others as far as there is room"
    assert not found.is_cut("service:unknown")
