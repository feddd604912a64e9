"""Whatever is edited in whatever order: what comes from the cache or from memory is what a cold run finds."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicescape.analysis import hard_needs
from servicescape.app.load import Memory
from servicescape.app.recall import Outcome
from servicescape.app.validate import Request, validate
from servicescape.report import ReportContext, Summary, load_reporter
from servicescape.source.cache import Cache

NAMES = ("shop", "cart", "pay", "mail")
SETTINGS = ("", "exclude = ['more']\n", "[rules.severity]\nREF201 = 'info'\n")
FILES = ("a.yaml", "b.yaml", "more/c.yaml", "d.yml")


def _entity(kind: str, name: str, spec: str, metadata: str = "") -> str:
    return f"apiVersion: servicescape/v1\nkind: {kind}\nmetadata: {{name: {name}{metadata}}}\nspec:\n{spec}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["Service", "Service", "Service", "Team", "Channel", "Journey", "SLO", "broken"]))
    name = draw(st.sampled_from(NAMES))
    other = draw(st.sampled_from(NAMES))
    third = draw(st.sampled_from(NAMES))
    aliases = draw(st.sampled_from(["", "", f", aliases: [{third}]", f", title: {third.title()}"]))
    if kind == "Service":
        dependency = draw(
            st.sampled_from(
                [other, f"service:{other}", f"{{on: {other}, fallback: {third}}}", f"{{anyOf: [{other}, {third}]}}"]
            )
        )
        slos = draw(st.sampled_from(["", "  slos:\n    - {objective: 99.9, indicator: {ratio: {bad: a, total: b}}}\n"]))
        extra = draw(st.sampled_from(["", "  ownr: x\n", f"  platform: {third}\n"]))
        return _entity(
            kind,
            name,
            f"  owner: {third}\n  tier: {draw(st.integers(0, 4))}\n  dependsOn: [{dependency}]\n{extra}{slos}",
            aliases,
        )
    if kind == "Team":
        return _entity(kind, name, "  contacts: [{type: slack, value: '#x'}]\n", aliases)
    if kind == "Channel":
        return _entity(kind, name, f"  mode: live\n  runsOn: [{other}]\n", aliases)
    if kind == "Journey":
        return _entity(
            kind,
            name,
            f"  owner: {third}\n  steps:\n    - {{name: one, legs: [{{channel: {other}, uses: [{third}]}}]}}\n",
        )
    if kind == "SLO":
        return _entity(kind, name, f"  for: {other}\n  objective: 99.5\n  indicator: {{use: {third}}}\n")
    return draw(
        st.sampled_from(
            ["", "a: [", "- 1\n- 2\n", "kind: Service\nmetadata: {name: pay}\n", "x: &a {y: *a}\n", "\ttab: 1\n"]
        )
    )


texts = st.lists(documents(), min_size=0, max_size=3).map("---\n".join)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(FILES), texts),
    st.tuples(st.just("write"), st.sampled_from(FILES), texts),
    st.tuples(st.just("remove"), st.sampled_from(FILES), st.just("")),
    st.tuples(st.just("rename"), st.sampled_from(FILES), st.sampled_from(FILES)),
    st.tuples(st.just("touch"), st.sampled_from(FILES), st.just("")),
    st.tuples(st.just("settings"), st.just(""), st.sampled_from(SETTINGS)),
    st.tuples(st.just("nothing"), st.just(""), st.just("")),
)  # fmt: skip

STEADY = [_entity("Service", f"steady-{number}", "  owner: shop\n  dependsOn: [cart]\n") for number in range(20)]
"""Most of a catalog, which nobody edits, so that what is kept of it is not written anew each time."""


def _apply(folder: Path, edit: tuple[str, str, str]) -> None:
    what, name, value = edit
    path = folder / "catalog" / name
    if what == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(value, encoding="utf-8")
    elif what == "remove":
        path.unlink(missing_ok=True)
    elif what == "rename" and path.exists():
        target = folder / "catalog" / value
        target.parent.mkdir(exist_ok=True)
        path.replace(target)
    elif what == "touch" and path.exists():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    elif what == "settings":
        (folder / "servicescape.toml").write_text(value, encoding="utf-8")


def _report(outcome: Outcome) -> str:
    context = ReportContext(width=80, colour=False, source_of=outcome.text_of)
    summary = Summary.of(outcome.findings, files=outcome.files, entities=outcome.entities)
    return "".join(load_reporter(form)(outcome.findings, summary, context) for form in ("text", "json"))


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(edits, min_size=2, max_size=8))
def test_edits_in_any_order(tmp_path: Path, steps: list[tuple[str, str, str]]) -> None:
    shutil.rmtree(tmp_path / "work", ignore_errors=True)
    folder = tmp_path / "work"
    (folder / "catalog").mkdir(parents=True)
    (folder / "servicescape.toml").write_text("", encoding="utf-8")
    (folder / "catalog" / "steady.yaml").write_text("---\n".join(STEADY), encoding="utf-8")
    request = Request(("catalog",), date(2026, 1, 1), cwd=folder)
    cache = Cache(folder / "cache", b"tool")
    memory = Memory()
    for step in steps:
        _apply(folder, step)
        hard_needs._LATEST.clear()  # Not even what a run of this process has left is known to the cold one.
        cold = validate(request)
        assert _report(validate(request, memory=memory)) == _report(cold)
        assert _report(validate(request, cache)) == _report(cold)
        assert _report(validate(request, cache)) == _report(cold)


def test_without_a_change_not_even_the_model_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "a.yaml").write_text(_entity("Service", "shop", "  dependsOn: [nothing]\n"))
    request = Request(("catalog",), date(2026, 1, 1), cwd=tmp_path)
    cache = Cache(tmp_path / "cache", b"tool")
    first = validate(request, cache)
    monkeypatch.setattr("servicescape.app.load.load", None)
    assert _report(validate(request, cache)) == _report(first)
    assert first.findings
