"""Foreign documents in commands: the cache, layout, mends and renaming."""

from pathlib import Path

import pytest

from servicescape.app.check import check
from servicescape.app.format import format_files
from servicescape.app.load import Memory, load
from servicescape.app.rename import rename
from servicescape.diagnostics.errors import ToolError
from servicescape.source.cache import Cache

SLOTH = """\
version: "prometheus/v1"
service:   "basket"    # stays as it is
slos:
  - name: one
    objective: 99.9
    sli: {events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}
  - name: two
    objective: 99.5
    sli: {events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}
"""
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: basket-up}
spec: {target: "99.95", window: 1w, indicator: {bool_gauge: {metric: 'up{job="basket"}'}}}
"""
OPENSLO = """\
- apiVersion: openslo/v1
  kind: Service
  metadata: {name: pricing}
- apiVersion: openslo/v1
  kind: SLO
  metadata: {name: pricing-speed}
  spec:
    {service: pricing, indicatorRef: speed, budgetingMethod: Occurrences, objectives: [{target: 0.9, op: lt, value: 1}]}
"""
SLI = """\
apiVersion: openslo/v1
kind: SLI
metadata: {name: speed}
spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: max(latency_seconds)}}}}
"""
OWN = """\
apiVersion: servicescape/v1
kind: External
metadata: {name: basket}
spec: {vendor: Nimbus}
"""


def _write(root: Path, **files: str) -> Path:
    (root / "catalog").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / "catalog" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def test_objects_in_lists_are_counted(tmp_path: Path) -> None:
    loaded = load(cwd=_write(tmp_path, a=SLOTH, b=OPENSLO, c=SLI))
    assert (loaded.entities, loaded.foreign) == (0, 4)
    assert not loaded.is_empty


def test_cold_and_warm_runs_say_the_same(tmp_path: Path) -> None:
    root = _write(tmp_path, a=SLOTH, b=OPENSLO, c=SLI, d=PYRRA, e=OWN)
    cache = Cache(tmp_path / "cache", b"test")
    cold = check(load(cwd=root))
    assert [check(load(cwd=root, cache=cache)) for _ in range(3)] == [cold] * 3
    memory = Memory()
    assert [check(load(cwd=root, memory=memory)) for _ in range(2)] == [cold] * 2
    # What becomes of an objective depends on another file, while its own has not changed.
    (root / "catalog" / "c.yaml").unlink()
    fresh = check(load(cwd=root))
    assert "no SLI is called `speed`" in [finding.message for finding in fresh]
    assert check(load(cwd=root, cache=cache)) == fresh
    assert check(load(cwd=root, memory=memory)) == fresh


def test_no_mend_is_offered_for_what_other_tools_read(tmp_path: Path) -> None:
    text = SLOTH.replace("error_query", "errorquery").replace("99.5", '"99.5"')
    found = check(load(cwd=_write(tmp_path, a=text, e=OWN)))
    assert [finding.fix for finding in found] == [None] * len(found)


def test_a_component_is_renamed_where_other_tools_name_it(tmp_path: Path) -> None:
    done = rename("basket", "cart", cwd=_write(tmp_path, a=SLOTH, e=OWN))
    texts = {change.source.path.name: change.text for change in done.changes}
    assert texts["a.yaml"] == SLOTH.replace('"basket"', '"cart"')
    assert texts["e.yaml"] == OWN.replace("basket", "cart")


def test_a_service_that_is_only_named_can_be_renamed(tmp_path: Path) -> None:
    done = rename("basket", "cart", cwd=_write(tmp_path, a=SLOTH))
    assert [change.text for change in done.changes] == [SLOTH.replace('"basket"', '"cart"')]


@pytest.mark.parametrize(("files", "ref"), [({"d": PYRRA, "e": OWN}, "basket"), ({"a": SLOTH}, "slo:basket-one")])
def test_words_that_mean_something_else_are_not_rewritten(files: dict[str, str], ref: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="which another tool reads; nothing was written"):
        rename(ref, "cart", cwd=_write(tmp_path, **files))


def test_layout_keeps_the_order_and_meaning_of_foreign_documents(tmp_path: Path) -> None:
    root = _write(tmp_path, a=SLOTH, b=OPENSLO, d=PYRRA)
    before = check(load(cwd=root))
    for change in format_files(cwd=root).changes:
        change.source.path.write_text(change.text, encoding="utf-8")
    assert [finding.message for finding in check(load(cwd=root))] == [finding.message for finding in before]
