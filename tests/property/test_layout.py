"""Layout never changes what a text means, loses no comment, and is done when it has been done once."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.app.format import CatalogLanguage
from servicescape.source.text import SourceFile
from servicescape.syntax.comments import read_comments
from servicescape.syntax.document import read_documents
from servicescape.syntax.layout import lay_out, same_values
from tests.support.scruffy import ScruffyWriter

CATALOG = Path(__file__).parents[2] / "catalog"
EXAMPLES = sorted(CATALOG.rglob("*.yaml"))
LANGUAGE = CatalogLanguage()

_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), max_size=12
) | st.sampled_from(
    [
        "no",
        "On",
        "010",
        "1_000",
        "a b",
        "it's",
        'say "x"',
        "x: y",
        "#no",
        "- a",
        "line\nbreak\n",
        "https://x.example/a?b",
    ]
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.decimals(-1000, 1000, places=2).map(lambda number: Decimal(str(number)))
    | _TEXTS
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


def source(text: str) -> SourceFile:
    return SourceFile(Path("a.yaml"), "a.yaml", text)


def values(text: str) -> tuple[object, ...]:
    documents, findings, _ = read_documents(source(text))
    assert not findings, [finding.message for finding in findings]
    return tuple(document.value for document in documents)


def comments(text: str) -> list[str]:
    return sorted(comment.text.lstrip("#").strip() for comment in read_comments(text))


def check_layout(text: str) -> None:
    laid_out = lay_out(source(text), LANGUAGE)
    assert same_values(values(text), values(laid_out))
    assert comments(text) == comments(laid_out)
    assert lay_out(source(laid_out), LANGUAGE) == laid_out
    assert laid_out.endswith("\n")
    assert not laid_out.endswith("\n\n")


@given(
    st.lists(st.dictionaries(_TEXTS, _VALUES, min_size=1, max_size=4), min_size=1, max_size=3), st.integers(0, 10**9)
)
def test_any_document(documents: list[object], seed: int) -> None:
    check_layout(ScruffyWriter(seed).text(documents))


@given(st.sampled_from(EXAMPLES), st.integers(0, 10**9))
def test_scruffy_examples(file: Path, seed: int) -> None:
    check_layout(ScruffyWriter(seed).text(list(values(file.read_text(encoding="utf-8")))))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.relative_to(CATALOG).as_posix())
def test_example_catalog_is_laid_out(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert lay_out(source(text), LANGUAGE) == text
