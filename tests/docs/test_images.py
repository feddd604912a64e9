"""Pictures in the pages are what the tool draws of the example catalog."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
COMMANDS = {
    "how-payments-survive": ["how-payments-survive"],
    "report-fault-blueprint": ["--journey", "report-fault", "--kind", "blueprint", "--depth", "1"],
}


def test_each_image_has_a_command() -> None:
    assert {image.stem for image in IMAGES.iterdir()} == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_image_is_up_to_date(name: str, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.svg"
    command = [sys.executable, "-m", "servicescape", "graph", *COMMANDS[name], "-o", str(drawn)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert (IMAGES / f"{name}.svg").read_bytes() == drawn.read_bytes()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"docs/images/{name}.svg" in readme
    assert f"servicescape graph {' '.join(COMMANDS[name])} -o" in readme
