"""A new name changes no finding but its own, and the old name, given back, gives back every byte."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicescape.app.check import check
from servicescape.app.load import load
from servicescape.app.rename import rename
from servicescape.app.rewrite import rewrite

CATALOG = Path(__file__).parents[2] / "catalog"
REFS = sorted(load([CATALOG]).catalog.entities)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rename")
    shutil.copytree(CATALOG, folder / "catalog")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(REFS), st.from_regex(r"[a-z][a-z0-9]{0,8}-[a-z0-9]{1,8}", fullmatch=True))
def test_there_and_back(copy: Path, ref: str, name: str) -> None:
    before = contents(copy)
    there = rename(ref, f"{name}-x", cwd=copy)
    rewrite(there.changes)
    renamed = load(cwd=copy)
    assert check(renamed) == []
    assert ref not in renamed.catalog.entities
    assert there.after in renamed.catalog.entities
    assert sum(1 for one, other in zip(before.values(), contents(copy).values(), strict=True) if one != other) == len(
        there.changes
    )
    rewrite(rename(there.after, ref.partition(":")[2], cwd=copy).changes)
    assert contents(copy) == before
