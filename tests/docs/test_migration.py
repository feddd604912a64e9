"""The page on moving names every key of every format."""

import re
from collections.abc import Iterator

import pytest

from servicescape.dialects import openslo_shapes, pyrra, sloth
from servicescape.dialects.kubernetes import METADATA
from servicescape.dialects.shapes import Form, ListOf
from tests.docs.pages import page

OF_A_CLUSTER = set(METADATA) - {"name", "namespace", "labels", "annotations"}
"""Named together on the page: nobody writes them."""
FORMATS = {
    "Sloth": [sloth.PLAIN_SHAPE, sloth.KUBERNETES_SHAPE],
    "Pyrra": [pyrra.SHAPE],
    "OpenSLO": [
        *openslo_shapes.SHAPES.values(),
        *openslo_shapes.OLD_SHAPES.values(),
        openslo_shapes.INLINE_POLICY,
        openslo_shapes.INLINE_CONDITION,
    ],
}


def _keys(form: Form) -> Iterator[str]:
    while isinstance(form, ListOf):
        form = form.item
    if not isinstance(form, str):
        for name, entry in form.items():
            yield name
            yield from _keys(entry.form)


@pytest.mark.parametrize("name", FORMATS)
def test_every_key_has_its_row(name: str) -> None:
    section = page("migration.md").split(f"\n## {name}\n")[1].partition("\n## ")[0]
    common = {"apiVersion", "kind", "spec", "metadata"}
    keys = {key for shape in FORMATS[name] for key in _keys(shape)} - OF_A_CLUSTER - common
    missing = {key for key in keys if not re.search(rf"`[^`]*\b{re.escape(key)}\b[^`]*`", section)}
    assert missing == set()
