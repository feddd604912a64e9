"""Pictures in the pages are what the tool draws of the example catalog."""

from pathlib import Path

import pytest

from servicescape.app.graph import GraphRequest, draw
from servicescape.app.load import load

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"


@pytest.mark.parametrize("image", sorted(IMAGES.glob("*.svg")), ids=lambda path: path.stem)
def test_image_is_up_to_date(image: Path) -> None:
    drawn = draw(load([ROOT / "catalog"]).catalog, GraphRequest(view=image.stem))
    assert image.read_bytes() == (drawn if isinstance(drawn, bytes) else drawn.encode("utf-8"))
