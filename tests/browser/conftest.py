"""One browser for all tests of a folder's worker, and as new for each of them."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.support.chromium import chromium, complaints, prefer, resize


@pytest.fixture(scope="session")
def browser() -> Iterator[Chrome]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def driver(browser: Chrome) -> Chrome:
    """With the window of a desk and light colours, and nothing to complain of yet."""
    resize(browser, 1440, 900)
    prefer(browser, "light")
    complaints(browser)
    return browser
