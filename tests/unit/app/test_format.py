"""What layout keeps for the next run."""

from pathlib import Path

import pytest

from servicescape.app import format as module
from servicescape.app.format import format_files
from servicescape.source.cache import Cache

TIDY = "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: care}\n"
UNTIDY = "kind: Team\napiVersion: servicescape/v1\nmetadata: {name: sales}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "a.yaml").write_text(TIDY, encoding="utf-8")
    (tmp_path / "catalog" / "b.yaml").write_text(UNTIDY, encoding="utf-8")
    (tmp_path / "servicescape.toml").write_text("", encoding="utf-8")
    return tmp_path


def _laid_out(folder: Path, monkeypatch: pytest.MonkeyPatch, *paths: str) -> tuple[list[str], list[str]]:
    """Files that a run lays out, and those whose layout it would change."""
    seen: list[str] = []
    real = module.lay_out

    def spy(source: module.SourceFile, language: module.CatalogLanguage) -> str:
        seen.append(Path(source.name).name)
        return real(source, language)

    with monkeypatch.context() as patch:
        patch.setattr(module, "lay_out", spy)
        result = format_files(paths, cwd=folder, cache=Cache(folder / "cache", b"tool"))
    cold = format_files(paths, cwd=folder)
    assert [(change.name, change.text) for change in result.changes] == [
        (change.name, change.text) for change in cold.changes
    ]
    return seen, [Path(change.name).name for change in result.changes]


def test_only_what_may_have_changed_is_laid_out_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _laid_out(folder, monkeypatch) == (["a.yaml", "b.yaml"], ["b.yaml"])
    assert _laid_out(folder, monkeypatch) == (["b.yaml"], ["b.yaml"])
    (folder / "catalog" / "b.yaml").write_text(TIDY.replace("care", "sales"), encoding="utf-8")
    assert _laid_out(folder, monkeypatch, "catalog/b.yaml") == (["b.yaml"], [])
    assert _laid_out(folder, monkeypatch) == ([], [])
    (folder / "catalog" / "a.yaml").write_text(UNTIDY, encoding="utf-8")
    assert _laid_out(folder, monkeypatch) == (["a.yaml"], ["a.yaml"])


def test_settings_forbid_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "servicescape.toml").write_text("cache = false\n", encoding="utf-8")
    for _ in range(2):
        assert _laid_out(folder, monkeypatch) == (["a.yaml", "b.yaml"], ["b.yaml"])
    assert not (folder / "cache").exists()


def test_what_cannot_be_read_is_said_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "catalog" / "b.yaml").write_text("a: [\n", encoding="utf-8")
    for _ in range(2):
        result = format_files((), cwd=folder, cache=Cache(folder / "cache", b"tool"))
        assert [finding.code for finding in result.findings] == ["YML004"]
