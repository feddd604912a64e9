"""One browser for all formats that are drawn in one."""

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.support.chromium import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        yield driver
