"""The pages under docs/: their code blocks, and running what they show."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FIRST_KEYS = ("apiVersion:", "version:")
_PROMPT = "$ servicescape "
Block = tuple[str, str]
"""Language and text."""


def page(name: str) -> str:
    """The text of a page."""
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """All code blocks of a page that stand at the margin."""
    return [(match["language"], match["text"]) for match in _BLOCK.finditer(text)]


def entities(text: str) -> list[str]:
    """The YAML blocks of a page that hold entities, or what another tool has in their place."""
    return [block for language, block in blocks(text) if language == "yaml" and block.startswith(_FIRST_KEYS)]


def write_catalog(text: str, folder: Path) -> Path:
    """Writes all entities of a page into a catalog, one file a block; gives the catalog's folder."""
    catalog = folder / "catalog"
    catalog.mkdir()
    for number, block in enumerate(entities(text)):
        (catalog / f"{number:02}.yaml").write_text(block, encoding="utf-8")
    return catalog


def run(command: str, folder: Path) -> str:
    """What a command prints on both streams, as into a pipe."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHONUTF8")
    }
    done = subprocess.run(
        [sys.executable, "-m", "servicescape", *shlex.split(command)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return done.stdout


def with_output(text: str, folder: Path) -> str:
    """The page with what each of its commands prints now, with the page's own catalog."""
    write_catalog(text, folder)

    def fill(match: re.Match[str]) -> str:
        shown = match["text"]
        if match["language"] != "console" or not shown.startswith(_PROMPT):
            return match[0]
        command = shown.partition("\n")[0]
        return f"```console\n{command}\n{run(command.removeprefix(_PROMPT), folder).rstrip()}\n```"

    return _BLOCK.sub(fill, text)
