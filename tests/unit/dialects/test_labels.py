"""What dialects know of the compiler without asking it."""

from servicescape.compile.names import RESERVED_ALERT_LABELS
from servicescape.dialects.words import RESERVED_LABELS


def test_reserved_labels_are_those_of_the_compiler() -> None:
    assert RESERVED_LABELS == RESERVED_ALERT_LABELS
