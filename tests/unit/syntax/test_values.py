"""Values that YAML allows and nobody means."""

from pathlib import Path

from servicescape.source.text import SourceFile
from servicescape.syntax.document import read_documents


def test_a_value_that_holds_itself_is_given_twice() -> None:
    notes = "x-notes: &notes {first: a, more: *notes}\n"
    _, diagnostics, _ = read_documents(SourceFile(Path("a.yaml"), "a.yaml", notes + "name: b\n" + notes))
    assert diagnostics
