"""What the tests of rules share."""

from collections.abc import Iterator

import pytest

from tests.promtool import harness


@pytest.fixture(params=["servicescape", "sloth"])
def naming(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test under each scheme of names: what is measured must not depend on how it is called."""
    before, harness.names = harness.names, request.param
    yield request.param
    harness.names = before
