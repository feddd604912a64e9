"""The engine against results that others have published: fault trees of real plants, reliability of networks.

The data are not part of this repository (`shared/data` beside it); where they are absent these tests cannot run. All
twenty coherent trees take about five seconds together, edfpa14o alone four; das9601, which has NOT, takes two.
"""

import csv
import io
import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.open_psa import NotCoherentError, read_fault_tree, solve, solve_with_negations

from servicescape.analysis.prediction.cases import shifted
from servicescape.analysis.prediction.compiled import Compiled, compile_functions
from servicescape.analysis.prediction.diagrams import FALSE
from servicescape.analysis.prediction.functions import Function, Gate

DATA = Path(__file__).parents[5] / "shared" / "data"
ARALIA = DATA / "aralia"
NETWORKS = DATA / "network-reliability" / "two_terminal_bruteforce.json"


def rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


TREES = rows(ARALIA / "expected.csv")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the published data are not here")


NEGATED = {"das9601": 1_500_000}
"""Trees with NOT, solved by diagrams alone, with the nodes that it takes."""

OUT_OF_REACH = ("cea9601", "das9701")
"""Trees with NOT whose diagrams outgrow what a test may take; benchmarks/README.md says what happens there."""


@pytest.mark.parametrize("row", TREES, ids=[row["tree"] for row in TREES])
def test_aralia(row: dict[str, str]) -> None:
    path = ARALIA / f"{row['tree']}.xml"
    try:
        tree = read_fault_tree(path)
    except NotCoherentError:
        if row["tree"] in NEGATED:
            found = solve_with_negations(path, NEGATED[row["tree"]])
            assert found is not None
            assert found[0] == pytest.approx(float(row["bdd_exact_probability"]), rel=1e-12)
        else:
            assert row["tree"] in OUT_OF_REACH
        return
    solved = solve(tree)
    assert solved.probability == pytest.approx(float(row["bdd_exact_probability"]), rel=1e-12)
    expected = [int(number) for number in row["scram_mcs_by_order_1to4"].split()]
    order = 3 if sum(expected[:3]) < 20_000 else 2
    assert solved.cut_sets_by_order(order) == (expected + [0] * 4)[:order]


def test_importance_as_published() -> None:
    """SCRAM's table for `chinese`, to its six digits, for all events and measures.

    The table was made with twice the unavailability that the tree has in its file: 0.02 for every event in place of
    0.01, as its DIF ÷ RAW says, which by definition is the event's own chance. The names there: MIF is Birnbaum, CIF
    criticality, DIF what we call Fussell–Vesely.
    """
    tree = replace(read_fault_tree(ARALIA / "chinese.xml"), chances=(0.02,) * 25)
    outcome = solve(tree).outcome
    total = outcome.probability(tree.chances)
    table = rows(ARALIA / "importance_chinese_scram.csv")
    assert len(table) == len(tree.events)
    for row in table:
        assert float(row["DIF"]) / float(row["RAW"]) == pytest.approx(0.02, rel=1e-4)
        event = tree.events.index(row["event"])
        failed, never = (each.chance for each in shifted(outcome, tree.chances, [{event: 1.0}, {event: 0.0}]))
        figures = {
            "MIF": failed - never,
            "CIF": 0.02 * (failed - never) / total,
            "DIF": 0.02 * failed / total,
            "RAW": failed / total,
            "RRW": total / never,
        }
        for name, value in figures.items():
            assert value == pytest.approx(float(row[name]), rel=6e-6), (row["event"], name)


def test_two_terminal_networks() -> None:
    """Gates that feed on each other: what a node gets from its neighbours, as with circles of dependencies."""
    for name, network in json.loads(NETWORKS.read_text(encoding="utf-8")).items():
        gates: list[Gate] = []
        reaching: dict[int, int] = {}
        ways = [
            (a, b, index)
            for index, (first, second) in enumerate(network["edges"])
            for a, b in itertools.permutations((first, second))
        ]
        for index, (_, b, _) in enumerate(ways):
            reaching[b] = reaching.get(b, 0) | 1 << index
        # Event 0 always happens and lets the source be reached; event i + 1: edge i works.
        start = {network["s"]: 1}
        for a, _, edge in ways:
            gates.append(Gate(2, (Function(start.get(a, 0), reaching.get(a, 0)), Function(1 << (edge + 1), 0))))
        top = Function(0, reaching[network["t"]])
        root = FALSE

        def build(compiled: Compiled, top: Function = top) -> None:
            nonlocal root
            root = compiled.root(top)

        compiled = compile_functions(gates, [top], build, most_nodes=100_000)
        assert compiled is not None, name
        for works, expected in network["R"].items():
            chances = [1.0 if group == 1 else float(works) for group in compiled.groups]
            assert compiled.diagrams.probability(root, chances) == pytest.approx(expected, rel=1e-12), name
