"""Names and references, taken apart and put together."""

import pytest
from pydantic import TypeAdapter, ValidationError

from servicescape.model.names import Name, Reference, canonical, kind_of, name_of, parse_reference


@pytest.mark.parametrize("name", ["a", "0", "a-b", "a--b", "basket-2", "a" * 63])
def test_a_name(name: str) -> None:
    assert TypeAdapter(Name).validate_python(name) == name


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "A", "a_b", "a.b", "a b", "é", "a\n", "a" * 64, "a/b", "a:b", "٣", "买"]
)
def test_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(name)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("basket", Reference(None, None, "basket")),
        ("service:basket", Reference("service", None, "basket")),
        ("Service:basket", Reference("service", None, "basket")),
        ("shop/basket", Reference(None, "shop", "basket")),
        ("SLO:shop/basket", Reference("slo", "shop", "basket")),
        ("Not A Name", Reference(None, None, "Not A Name")),
    ],
)
def test_a_reference_taken_apart(text: str, reference: Reference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize("text", ["", ":", "/", "a/", "/a", ":a", "a:", "a/b/c", "a:b:c", "a/b:c", "2nd:a"])
def test_no_reference(text: str) -> None:
    assert parse_reference(text) is None


def test_the_canonical_way_to_write_one() -> None:
    assert canonical("Service", "basket") == "service:basket"
    assert canonical("SLO", "basket", "default") == "slo:basket"
    assert canonical("Service", "basket", "shop") == "service:shop/basket"
    for reference in ("service:basket", "service:shop/basket"):
        assert (kind_of(reference), name_of(reference)) == ("service", "basket")
