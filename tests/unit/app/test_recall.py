"""Which answers of an earlier run are believed where more than the catalog has a part in them."""

from datetime import date
from pathlib import Path

import pytest

from servicescape.app import validate as module
from servicescape.app.baseline import baseline_of, settings_baseline
from servicescape.app.recall import Outcome
from servicescape.app.validate import Request, run_checks, validate
from servicescape.diagnostics.errors import ToolError
from servicescape.source.cache import Cache
from servicescape.syntax import document
from servicescape.syntax.compose import compose

TODAY = date(2026, 1, 1)


def _external(name: str, needs: str) -> str:
    head = f"apiVersion: servicescape/v1\nkind: External\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {{vendor: A, dependsOn: [{needs}]}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog with two dangling references, and a baseline that knows one of them and one in a file elsewhere."""
    for name in ("catalog", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text(_external(f"{name}-a", "nothing"), encoding="utf-8")
    (tmp_path / "servicescape.toml").write_text("", encoding="utf-8")
    loaded, checked = run_checks(Request(("catalog", "other"), TODAY, cwd=tmp_path, select=("REF",)))
    baseline_of(tmp_path / "base.json", checked.findings, loaded).write()
    (tmp_path / "catalog" / "b.yaml").write_text(_external("b", "missing"), encoding="utf-8")
    (tmp_path / "servicescape.toml").write_text("[rules]\nbaseline = 'base.json'\n", encoding="utf-8")
    return tmp_path


def _request(folder: Path) -> Request:
    return Request(("catalog",), TODAY, cwd=folder, select=("REF", "IGN"), baseline_of=settings_baseline)


def _told(outcome: Outcome) -> tuple[object, ...]:
    texts = [outcome.text_of(finding.file) for finding in outcome.findings]
    return outcome.findings, outcome.baselined, outcome.baseline, texts, outcome.ignored


def _kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the answer is taken from the cache; it must be that of a cold run either way."""
    cache = Cache(folder / "cache", b"tool")
    loads: list[object] = []

    cold = validate(_request(folder))
    with monkeypatch.context() as patch:
        patch.setattr(module, "run_checks", lambda *args: loads.append(args) or run_checks(*args))
        outcome = validate(_request(folder), cache)
    assert _told(outcome) == _told(cold)
    return not loads


def test_with_a_baseline_an_answer_is_kept_until_it_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _kept(folder, monkeypatch)
    assert _kept(folder, monkeypatch)
    outcome = validate(_request(folder), Cache(folder / "cache", b"tool"))
    assert [finding.entity for finding in outcome.findings] == ["external:b"]
    assert outcome.baselined == 1
    baseline = folder / "base.json"
    baseline.write_text(baseline.read_text(encoding="utf-8").replace('"count": 1', '"count": 2', 1), encoding="utf-8")
    assert not _kept(folder, monkeypatch)
    assert _kept(folder, monkeypatch)
    baseline.write_text('{"version": 1, "findings": []}', encoding="utf-8")
    assert not _kept(folder, monkeypatch)
    assert len(validate(_request(folder), Cache(folder / "cache", b"tool")).findings) == 2


def test_what_the_baseline_names_elsewhere_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _kept(folder, monkeypatch)
    assert _kept(folder, monkeypatch)
    (folder / "other" / "a.yaml").unlink()  # Now its entry is stale, and said to be.
    assert not _kept(folder, monkeypatch)
    outcome = validate(_request(folder), Cache(folder / "cache", b"tool"))
    assert [finding.code for finding in outcome.findings] == ["IGN906", "REF201"]
    assert _kept(folder, monkeypatch)


def test_a_baseline_that_is_gone_ends_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _kept(folder, monkeypatch)
    (folder / "base.json").unlink()
    with pytest.raises(ToolError, match="there is no baseline"):
        validate(_request(folder), Cache(folder / "cache", b"tool"))


def test_after_an_edit_only_what_is_new_is_parsed_for_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    for name in ("a", "b", "c"):
        text = f"# {name}\n" + _external(name, f"missing-{name}") + "---\n" + _external(f"{name}-two", "gone")
        (catalog / f"{name}.yaml").write_text(text, encoding="utf-8")
    request = Request(("catalog",), TODAY, cwd=tmp_path)
    cache = Cache(tmp_path / "cache", b"tool")
    validate(request, cache)
    (catalog / "b.yaml").write_text("# moved\n\n" + _external("b", "missing-b"), encoding="utf-8")
    composed: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(document, "compose", lambda text: composed.append(text) or compose(text))
        warm = validate(request, cache)
    assert composed
    assert {text.split("\n")[0] for text in composed} == {"# moved"}
    assert _told(warm) == _told(validate(request))
    assert {finding.span for finding in warm.findings if finding.file.endswith("a.yaml")}
