"""Schemas that cannot be used end the run, with the name of the file."""

from pathlib import Path

import pytest

from servicescape.app.check import check
from servicescape.app.load import load
from servicescape.diagnostics.errors import ToolError

CATALOG = """\
apiVersion: servicescape/v1
kind: Channel
metadata: {name: web}
spec: {mode: self-service, extensions: {review: {by: me}}}
"""


@pytest.mark.parametrize("schema", ['{"type": "thing"}', "[]", '{"$ref": "#/$defs/gone"}'])
def test_an_unusable_schema(tmp_path: Path, schema: str) -> None:
    for name, text in (("catalog/catalog.yaml", CATALOG), ("schemas/extensions/review.json", schema)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ToolError, match=r"schemas/extensions/review\.json is not a usable JSON Schema"):
        check(load(cwd=tmp_path))


def test_a_schema_that_allows_anything(tmp_path: Path) -> None:
    for name, text in (("catalog/catalog.yaml", CATALOG), ("schemas/extensions/review.json", "true")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(load(cwd=tmp_path)) == []
