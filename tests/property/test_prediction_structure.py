"""The functions of failures against the propagation of failures: two ways to say the same."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.prediction.functions import holds, reached_gates, true_gates
from servicescape.analysis.prediction.states import structure_of
from servicescape.analysis.prediction.structure import Structure
from servicescape.analysis.propagation import propagate
from servicescape.catalog.catalog import Catalog
from tests.property.impact_strategies import catalogs


def components_hit(structure: Structure, happened: int) -> tuple[list[bool], list[bool]]:
    """By component: whether it is down, and whether it is not ok, once these events have happened."""
    functions = (*structure.down, *structure.harmed)
    gates = true_gates(structure.gates, reached_gates(structure.gates, functions), happened)
    return (
        [holds(function, happened, gates) for function in structure.down],
        [holds(function, happened, gates) for function in structure.harmed],
    )


@given(catalogs(with_journeys=False), st.data())
@settings(max_examples=400, deadline=None)
def test_functions_say_what_propagation_says(catalog: Catalog, data: st.DataObject) -> None:
    graph = FailureGraph.of(catalog)
    structure = structure_of(catalog, graph=graph)
    failed = data.draw(st.sets(st.sampled_from(range(len(graph.refs)))), label="failed")
    times = propagate(graph, failed)
    down, harmed = components_hit(structure, structure.events_of_failed(failed))
    assert down == [at < math.inf for at in times.down]
    assert harmed == [at < math.inf for at in times.harmed]
