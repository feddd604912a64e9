"""Which files make up a catalog, and what they are called."""

import os
from pathlib import Path

import pytest

from servicescape.diagnostics.errors import ToolError
from servicescape.source.files import MARKER, display_name, find_files


def _tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return root


def _names(root: Path, *paths: str, exclude: tuple[str, ...] = (), folder: Path | None = None) -> list[str]:
    files, problems = find_files([Path(path) for path in paths], exclude=exclude, cwd=root, folder=folder)
    assert not problems
    assert all((root / path).exists() for path, _ in files)
    return [name for _, name in files]


def test_yaml_files_in_order_whatever_the_depth(tmp_path: Path) -> None:
    _tree(tmp_path, "c/b.yaml", "c/a/z.yml", "c/a.yaml", "c/readme.md", "c/a.json", "c/A.yaml", "d/x.yaml")
    assert _names(tmp_path, "c") == ["c/A.yaml", "c/a.yaml", "c/a/z.yml", "c/b.yaml"]
    assert _names(tmp_path, "d", "c/a") == ["c/a/z.yml", "d/x.yaml"]


def test_each_file_once(tmp_path: Path) -> None:
    _tree(tmp_path, "c/a.yaml")
    assert _names(tmp_path, "c", "c/a.yaml", "./c", "c/../c") == ["c/a.yaml"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    _tree(tmp_path, "c/.git/a.yaml", "c/.a.yaml", "c/b.yaml", ".hidden/c.yaml")
    assert _names(tmp_path, "c") == ["c/b.yaml"]
    assert _names(tmp_path, ".") == ["c/b.yaml"]
    assert _names(tmp_path, ".hidden", "c/.a.yaml") == [".hidden/c.yaml", "c/.a.yaml"]


def test_what_a_command_of_ours_has_written_is_no_catalog(tmp_path: Path) -> None:
    _tree(tmp_path, "a.yaml", "build/out/rules/a.yaml", f"build/out/{MARKER}", "build/b.yaml")
    assert _names(tmp_path, ".") == ["a.yaml", "build/b.yaml"]
    assert _names(tmp_path, "build/out") == ["build/out/rules/a.yaml"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("charts/*", ["c/a.yaml", "c/b/values.yaml"]),
        ("c/charts", ["c/a.yaml", "c/b/values.yaml"]),
        ("charts", ["c/a.yaml", "c/b/values.yaml"]),
        ("charts/", ["c/a.yaml", "c/b/values.yaml"]),
        ("values.yaml", ["c/a.yaml", "c/charts/x.yaml"]),
        ("*.yaml", []),
        ("c", []),
        ("nothing", ["c/a.yaml", "c/b/values.yaml", "c/charts/x.yaml"]),
    ],
)
def test_what_is_excluded(tmp_path: Path, pattern: str, left: list[str]) -> None:
    _tree(tmp_path, "c/a.yaml", "c/charts/x.yaml", "c/b/values.yaml")
    assert _names(tmp_path, "c", exclude=(pattern,)) == left


def test_patterns_are_relative_to_the_settings_and_not_to_where_one_stands(tmp_path: Path) -> None:
    _tree(tmp_path, "c/gen/x.yaml", "c/a.yaml")
    assert _names(tmp_path / "c", ".", exclude=("c/gen",), folder=tmp_path) == ["a.yaml"]


def test_a_file_named_outright_is_always_taken(tmp_path: Path) -> None:
    _tree(tmp_path, "c/a.txt", "c/b.yaml")
    assert _names(tmp_path, "c/a.txt", "c/b.yaml", exclude=("b.yaml",)) == ["c/a.txt", "c/b.yaml"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="there is no file or folder 'nope'") as caught:
        find_files([Path("nope")], cwd=tmp_path)
    assert caught.value.hint


def test_names_are_as_one_would_type_them(tmp_path: Path) -> None:
    _tree(tmp_path, "here/x/a.yaml", "there/b.yaml")
    here = tmp_path / "here"
    assert _names(here, "x") == ["x/a.yaml"]
    assert _names(here, str(here / "x")) == ["x/a.yaml"]
    assert _names(here, "../there") == ["../there/b.yaml"]
    assert _names(here, str(tmp_path / "there")) == [(tmp_path / "there" / "b.yaml").as_posix()]
    assert display_name(Path("a/../b"), tmp_path) == "b"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    _tree(tmp_path, "c/a.yaml")
    os.mkfifo(tmp_path / "c" / "pipe.yaml")
    files, problems = find_files([Path("c")], cwd=tmp_path)
    assert [name for _, name in files] == ["c/a.yaml"]
    assert [(each.code, each.file) for each in problems] == [("YML001", "c/pipe.yaml")]


def test_links_are_followed_but_not_round_in_circles(tmp_path: Path) -> None:
    _tree(tmp_path, "c/a.yaml", "elsewhere/b.yaml")
    (tmp_path / "c" / "loop").symlink_to(tmp_path / "c")
    (tmp_path / "c" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "c" / "dead.yaml").symlink_to(tmp_path / "nowhere")
    files, problems = find_files([Path("c")], cwd=tmp_path)
    # The dead link is found, and it is reading that says what is wrong with it.
    assert [name for _, name in files] == ["c/a.yaml", "c/dead.yaml", "c/more/b.yaml"]
    assert not problems


def test_a_misspelt_folder_is_told_with_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    with pytest.raises(ToolError) as error:
        find_files([Path("catlog")], cwd=tmp_path)
    assert error.value.hint == "did you mean 'catalog'?"
