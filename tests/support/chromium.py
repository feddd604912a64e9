"""A real Chromium for pages, driven without any network. Missing Chromium fails a test, it never skips one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver

_QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


@contextmanager
def chromium(width: int = 1440, height: int = 900) -> Iterator[webdriver.Chrome]:
    """A fresh browser with a profile of its own; CHROMIUM and CHROMEDRIVER name other programs than Debian's."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    driver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    assert browser, "chromium is not installed (Debian: apt-get install chromium)"
    assert driver, "chromedriver is not installed (Debian: apt-get install chromium-driver)"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*_QUIET, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        try:
            started.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
            )
            yield started
        finally:
            started.quit()


def resize(driver: webdriver.Chrome, width: int, height: int, mobile: bool = False) -> None:
    """Gives the page another window, as narrow as wished."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile},
    )


def prefer(driver: webdriver.Chrome, scheme: str) -> None:
    """Emulates a reader who prefers `light` or `dark`."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def open_page(driver: webdriver.Chrome, folder: Path, html: str) -> None:
    """Writes a page into a folder and opens it from there."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    driver.get(path.as_uri())


def complaints(driver: webdriver.Chrome) -> list[str]:
    """What the browser's console says: script errors, and whatever the page's policy refused."""
    return [entry["message"] for entry in driver.get_log("browser")]  # type: ignore[no-untyped-call]
