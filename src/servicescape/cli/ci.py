"""What a CI system says of a run in its environment: where the repository's root is, and how it wants findings."""

import os
import posixpath
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from servicescape.cli.output import is_terminal


def default_form(stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> str:
    """How findings are printed where nobody says: `github` in a step of GitHub Actions, `text` elsewhere."""
    environ = os.environ if environ is None else environ
    in_step = environ.get("GITHUB_ACTIONS") == "true" and not is_terminal(sys.stdout if stream is None else stream)
    return "github" if in_step else "text"


def paths_from_root(cwd: Path | None = None, environ: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """Makes of a file's name in the working directory its path from the root of the repository.

    A file outside the repository keeps its name.
    """
    base = os.path.realpath(cwd or Path.cwd())
    root = _repository_root(base, os.environ if environ is None else environ)

    def path_of(name: str) -> str:
        absolute = os.path.normpath(os.path.join(base, name))  # noqa: PTH118 - names may be no valid path
        try:
            inside = os.path.commonpath([root, absolute]) == root
        except ValueError:  # On another drive.
            inside = False
        return Path(os.path.relpath(absolute, root)).as_posix() if inside else posixpath.normpath(name)

    return path_of


def _repository_root(folder: str, environ: Mapping[str, str]) -> str:
    """What the CI system checked out, or the nearest folder upwards with `.git`, or else the working directory."""
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        named = environ.get(variable)
        if named:
            root = os.path.realpath(named)
            if folder == root or folder.startswith(root.rstrip(os.sep) + os.sep):
                return root
    for place in (Path(folder), *Path(folder).parents):
        if (place / ".git").exists():
            return str(place)
    return folder


def link_to(environ: Mapping[str, str] | None = None) -> Callable[[str, int], str] | None:
    """Makes the address of a line of a file at the commit that is checked; None where GitHub does not say."""
    environ = os.environ if environ is None else environ
    server, repository, commit = (
        environ.get(name) for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    )
    if not (server and repository and commit):
        return None
    path_of = paths_from_root(environ=environ)

    def link(name: str, line: int) -> str:
        path = quote(path_of(name), errors="replace")
        return f"{server}/{repository}/blob/{commit}/{path}#L{line}"

    return link


def step_summary(environ: Mapping[str, str] | None = None) -> Path | None:
    """The file whose Markdown GitHub shows under the run; None outside of GitHub Actions."""
    environ = os.environ if environ is None else environ
    name = environ.get("GITHUB_STEP_SUMMARY")
    return Path(name) if name else None
