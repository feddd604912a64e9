"""The scorecard's page in a real Chromium."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from servicescape.app.load import load
from servicescape.app.score import ScoreRequest, score
from servicescape.render.score.html import render_score
from tests.support.chromium import complaints, open_page, prefer, resize
from tests.support.loading import entity_text

ROOT = Path(__file__).parents[2]
EVIL = "</summary></details><script>window.hit=1</script><img src=x onerror=window.hit=1>"


@pytest.fixture(scope="module")
def example() -> str:
    loaded = load([ROOT / "catalog"])
    return render_score(score(loaded, ScoreRequest(), today=date(2026, 11, 22)), loaded.catalog)


def test_every_card_is_reached_by_its_link(driver: Chrome, tmp_path: Path, example: str) -> None:
    open_page(driver, tmp_path, example)
    assert complaints(driver) == []
    links = driver.find_elements(By.CSS_SELECTOR, "table a[href^='#card-']")
    assert len(links) == 27
    assert len(driver.find_elements(By.CSS_SELECTOR, "main > details")) == 27
    link = next(each for each in links if each.text == "Report a fault")
    link.click()
    opened = driver.find_elements(By.CSS_SELECTOR, "main > details[open] > summary")
    assert [each.text.split(" (")[0] for each in opened] == ["Report a fault"]
    assert opened[0].is_displayed()
    top, height = driver.execute_script(
        "const box = arguments[0].getBoundingClientRect(); return [box.top, innerHeight]", opened[0]
    )
    assert 0 <= top < height


def test_levels_are_told_without_colour(driver: Chrome, tmp_path: Path, example: str) -> None:
    open_page(driver, tmp_path, example)
    words = {each.text for each in driver.find_elements(By.CSS_SELECTOR, "table .state")}
    assert words == {"●○○ bronze", "●●○ silver", "●●● gold"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_legible(driver: Chrome, tmp_path: Path, example: str, scheme: str) -> None:
    prefer(driver, scheme)
    open_page(driver, tmp_path, example)
    contrasts = driver.execute_script(
        """
        const level = part => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        const light = colour => {
          const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(level);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const page = getComputedStyle(document.body).backgroundColor;
        return [...document.querySelectorAll('.state, .quiet, .kicker, th, td, a, code')].map(part => {
          const style = getComputedStyle(part);
          const behind = /, 0\\)$/.test(style.backgroundColor) ? page : style.backgroundColor;
          const [a, b] = [light(style.color), light(behind)].sort((x, y) => y - x);
          return (a + 0.05) / (b + 0.05);
        });
        """
    )
    assert min(contrasts) >= 4.5


def test_a_telephone_shows_it_without_scrolling_sideways(driver: Chrome, tmp_path: Path, example: str) -> None:
    resize(driver, 360, 740, mobile=True)
    open_page(driver, tmp_path, example)
    for closed in driver.find_elements(By.CSS_SELECTOR, "main > details")[:3]:
        driver.execute_script("arguments[0].open = true", closed)
    assert driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_headings_and_tables_have_names(driver: Chrome, tmp_path: Path, example: str) -> None:
    open_page(driver, tmp_path, example)
    assert driver.execute_script("return document.documentElement.lang") == "en"
    levels = driver.execute_script(
        "return [...document.querySelectorAll('h1, h2, h3')].map(head => Number(head.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert driver.execute_script("return [...document.querySelectorAll('[role=region]')].every(part => part.ariaLabel)")
    assert driver.execute_script("return [...document.querySelectorAll('table th')].every(cell => cell.scope)")
    ids = driver.execute_script("return [...document.querySelectorAll('[id]')].map(part => part.id)")
    assert len(ids) == len(set(ids))


def test_nothing_that_authors_write_becomes_a_part_of_the_page(driver: Chrome, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    quoted = EVIL.replace("'", "''")
    titled = f"title: '{quoted}'"
    (folder / "a.yaml").write_text(
        entity_text("Team", "crew", metadata=titled)
        + entity_text("Service", "shop", f"owner: crew\nrecovery: {{runbook: '{quoted}'}}", metadata=titled)
        + entity_text("External", "psp", f"vendor: '{quoted}'\nowner: crew")
        + entity_text("Channel", "phone", "mode: live", metadata=titled)
        + entity_text(
            "Journey",
            "buy",
            f"owner: crew\nsteps: [{{name: pay, title: '{quoted}', collects: ['{quoted}'], "
            f"legs: [{{channel: phone, uses: [shop, psp]}}]}}]",
            metadata=titled,
        ),
        encoding="utf-8",
    )
    loaded = load([folder])
    assert loaded.diagnostics == ()
    open_page(driver, tmp_path, render_score(score(loaded, ScoreRequest()), loaded.catalog))
    assert complaints(driver) == []
    assert driver.execute_script("return window.hit") is None
    assert driver.execute_script("return document.querySelectorAll('script, img').length") == 0
    assert EVIL in driver.find_element(By.TAG_NAME, "body").text
