"""The impact pages in a real Chromium: what a reader with a mouse, a keyboard, a printer or dark glasses meets."""

import base64
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from servicescape.render.impact import html
from tests.support.chromium import complaints, open_page, prefer, resize
from tests.support.impact_fixtures import big_matrix, blast_radius, by_team, catalog, matrix

EVIL = '</script><script>window.hit=1</script><img src=x onerror="window.hit=1"><!--'
STORAGE = "external:object-storage"


def small(titles: dict[str, str] | None = None) -> str:
    cat = catalog(titles)
    return html.render_matrix(matrix(cat), cat, blast_radii={STORAGE: blast_radius(cat)})


def names(driver: Chrome) -> list[str]:
    found: list[str] = driver.execute_script(
        "return [...document.querySelectorAll('#matrix tbody th')].map(cell => cell.textContent)"
    )
    return found


def table_text(driver: Chrome) -> list[str]:
    lines: list[str] = driver.execute_script(
        "return [...document.querySelectorAll('#matrix tr')].map(tr => [...tr.cells].map(c => c.textContent).join('|'))"
    )
    return lines


def focused(driver: Chrome) -> str:
    return str(driver.execute_script("return document.activeElement.textContent"))


def button(driver: Chrome, row: int, column: int) -> None:
    driver.execute_script(
        "document.getElementById('matrix').tBodies[0].rows[arguments[0]].cells[arguments[1]]"
        ".querySelector('button').click()",
        row,
        column,
    )


def status(driver: Chrome) -> str:
    return driver.find_element(By.ID, "shown").text


@pytest.mark.parametrize("which", ["small", "large", "wide", "teams"])
def test_script_draws_the_rows_that_stand_in_the_page(driver: Chrome, tmp_path: Path, which: str) -> None:
    shown = {"small": matrix(), "large": big_matrix(450, 9), "wide": big_matrix(50, 400), "teams": by_team()}[which]
    page = html.render_matrix(shown, catalog())
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    open_page(driver, tmp_path, page)
    written = table_text(driver)
    assert not driver.find_element(By.ID, "filters").is_displayed()
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    open_page(driver, tmp_path, page)
    assert driver.find_element(By.ID, "filters").is_displayed()
    assert table_text(driver) == written
    assert complaints(driver) == []


def test_policy_lets_nothing_else_run(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small({STORAGE: EVIL, "journey:pay-bill": EVIL, "channel:live-chat": EVIL}))
    assert EVIL in names(driver)
    button(driver, 2, 0)
    assert EVIL in driver.find_element(By.ID, "detail-title").text
    assert driver.execute_script("return window.hit") is None
    assert complaints(driver) == []
    driver.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s)"
    )
    assert driver.execute_script("return window.hit") is None
    assert "Content Security Policy" in " ".join(complaints(driver))


def test_sorting_tells_its_direction_and_comes_back(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small())
    worst_first = names(driver)
    head = driver.find_element(By.CSS_SELECTOR, 'th[data-sort="name"]')
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert names(driver) == sorted(worst_first, key=str.casefold)
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert names(driver) == sorted(worst_first, key=str.casefold, reverse=True)
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "none"
    assert names(driver) == worst_first
    journey = driver.find_element(By.XPATH, "//th[@data-sort][normalize-space()='Buy broadband']")
    journey.find_element(By.TAG_NAME, "button").click()
    assert names(driver)[:4] == ["Identity", "Payment provider", "CDN", "Offers"]  # at once before later


def test_filters_narrow_the_rows_and_say_how_many_are_left(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small())
    assert status(driver) == "10 components, all shown, worst first"
    driver.find_element(By.NAME, "text").send_keys("store")
    # the owner's name counts as well: Storefront's parts are found by it
    assert names(driver) == ["Offers", "Document store", "Order documents"]
    driver.find_element(By.NAME, "text").send_keys(" zzz")
    assert "Nothing fits these filters." in table_text(driver)[2]
    driver.find_element(By.CSS_SELECTOR, '#filters [type="reset"]').click()
    driver.execute_async_script("setTimeout(arguments[0], 50)")
    assert len(names(driver)) == 10
    Select(driver.find_element(By.NAME, "owner")).select_by_visible_text("Network crew")
    wait = WebDriverWait(driver, 10)
    assert wait.until(lambda _: names(driver) == ["Identity", "CDN", "Document store"])
    Select(driver.find_element(By.NAME, "tier")).select_by_visible_text("2")
    assert wait.until(lambda _: len(names(driver)) == 2)
    assert names(driver) == ["CDN", "Document store"]
    driver.find_element(By.NAME, "hit").click()
    assert names(driver) == ["CDN"]
    assert status(driver) == "1 of 10 components shown, worst first"


def test_panel_tells_the_blast_radius_and_gives_the_focus_back(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small())
    driver.find_element(By.CSS_SELECTOR, "#matrix tbody tr:nth-child(3) td.cell button").click()
    panel = driver.find_element(By.ID, "detail")
    assert panel.find_element(By.TAG_NAME, "h2").text == "If Object storage is lost"
    assert "2 of 4 journeys are hit. 4,120 customers blocked" in panel.text
    assert "fault-photos → object-storage" in panel.text
    assert "◀ flooded at once" in panel.text
    runbook = panel.find_element(By.LINK_TEXT, "Runbook").get_attribute("href")
    assert str(runbook).startswith("https://runbooks.example/")
    assert "Report a fault" in panel.find_element(By.CSS_SELECTOR, "[aria-current]").text
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert not panel.is_displayed()
    assert "B 1h" in focused(driver)
    button(driver, 8, 0)
    assert "No journey needs it." in panel.text
    panel.find_element(By.CLASS_NAME, "close").click()
    assert not panel.is_displayed()


def test_panel_of_a_row_without_a_blast_radius_says_how_to_ask_for_it(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small())
    button(driver, 0, 0)
    panel = driver.find_element(By.ID, "detail")
    assert "servicescape impact --fail 'platform:identity' --at peak" in panel.text
    panel.find_element(By.CLASS_NAME, "close").click()


def test_keyboard_alone_reaches_everything(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small())
    keys = ActionChains(driver)
    for _ in range(7):  # skip link, five filters, the button after them
        keys.send_keys(Keys.TAB)
    keys.send_keys(Keys.TAB).perform()
    assert focused(driver) == "Component"
    outline = driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    ActionChains(driver).send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN).perform()
    assert focused(driver) == "Payment provider"
    ActionChains(driver).send_keys(Keys.END).perform()
    assert focused(driver) == "360"
    ActionChains(driver).key_down(Keys.CONTROL).send_keys(Keys.HOME).key_up(Keys.CONTROL).perform()
    assert focused(driver) == "Component"
    ActionChains(driver).send_keys(Keys.ARROW_DOWN, Keys.ENTER).perform()
    assert driver.find_element(By.ID, "detail").is_displayed()
    ActionChains(driver).send_keys(Keys.ESCAPE).perform()
    assert focused(driver) == "Identity"
    assert driver.execute_script("return document.querySelectorAll('#matrix [tabindex=\"0\"]').length") == 1


def test_screen_reader_hears_words_not_glyphs(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, small())
    tree = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    spoken = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in tree if not n.get("ignored")]
    assert ("button", "blocked after 1 h") in spoken
    assert ("button", "degraded after 15 min") in spoken
    assert ("rowheader", "Identity") in spoken
    assert ("columnheader", "Pay bill") in spoken
    assert any(role == "grid" for role, _ in spoken)
    assert not [name for role, name in spoken if role == "button" and "■" in name]


def test_ten_thousand_rows_come_in_pages(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, html.render_matrix(big_matrix(10_000, 9), catalog()))
    assert status(driver) == "1 to 200 of 10,000 components shown, worst first"
    assert len(names(driver)) == 200
    driver.find_element(By.ID, "next").click()
    assert driver.find_element(By.ID, "page").text == "Page 2 of 50"
    took = driver.execute_script(
        "const start = performance.now(); document.querySelector('th[data-sort=\"figure1\"] button').click();"
        "return performance.now() - start"
    )
    assert took < 2000
    assert status(driver) == "1 to 200 of 10,000 components shown"
    driver.find_element(By.NAME, "text").send_keys("store 59")
    assert status(driver).endswith("components shown")
    assert 0 < len(names(driver)) < 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_has_enough_contrast(driver: Chrome, tmp_path: Path, scheme: str) -> None:
    prefer(driver, scheme)
    open_page(driver, tmp_path, small())
    button(driver, 2, 3)
    poor = driver.execute_script(
        """
        const parse = (c) => c.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
          .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (e) => {
          for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0.99) return c;
          }
          return [255, 255, 255];
        };
        const poor = [];
        for (const e of document.querySelectorAll('body *:not(script):not(option):not(style)')) {
          const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
          if (!own || e.disabled) continue;
          const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
          const ratio = (a + 0.05) / (b + 0.05);
          if (ratio < 4.5) poor.push(`${e.textContent}: ${ratio.toFixed(2)}`);
        }
        return poor;
        """
    )
    assert poor == []


def test_heads_stay_in_sight_while_scrolling(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, html.render_matrix(big_matrix(120, 9), catalog()))
    resize(driver, 1440, 600)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 1440
    driver.execute_script("window.scrollTo(0, 1500)")
    top = driver.execute_script("return document.querySelector('#matrix thead').getBoundingClientRect().top")
    assert abs(top) < 1
    grounds = driver.execute_script(
        "return [...document.querySelectorAll('#matrix thead tr > *')].map(c => getComputedStyle(c).backgroundColor)"
    )
    assert set(grounds) == {"rgb(255, 255, 255)"}  # nothing shines through
    open_page(driver, tmp_path, html.render_matrix(big_matrix(120, 40), catalog()))
    driver.execute_script("document.getElementById('scroller').scrollTo(900, 900)")
    places = driver.execute_script(
        "const box = document.getElementById('scroller').getBoundingClientRect();"
        "const head = document.querySelector('#matrix thead').getBoundingClientRect();"
        "const name = document.querySelector('#matrix tbody th').getBoundingClientRect();"
        "return [head.top - box.top, name.left - box.left]"
    )
    assert [round(place) for place in places] == [0, 0]


@pytest.mark.parametrize("which", ["matrix", "blast"])
def test_page_never_scrolls_sideways_on_a_phone(driver: Chrome, tmp_path: Path, which: str) -> None:
    resize(driver, 400, 800, mobile=True)
    open_page(driver, tmp_path, small() if which == "matrix" else html.render_blast_radius(blast_radius(), catalog()))
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 400


def test_print_keeps_heads_and_colours(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, html.render_matrix(big_matrix(45, 9), catalog()))
    made = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})
    assert base64.b64decode(made["data"]).startswith(b"%PDF")
    features = {"media": "print"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
    assert not driver.find_element(By.ID, "filters").is_displayed()
    adjust = "return getComputedStyle(document.querySelector('.s3')).printColorAdjust"
    assert driver.execute_script(adjust) == "exact"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_blast_radius_page_needs_no_script(driver: Chrome, tmp_path: Path) -> None:
    open_page(driver, tmp_path, html.render_blast_radius(blast_radius(), catalog()))
    assert driver.find_element(By.TAG_NAME, "h1").text == "2 of 4 journeys are hit."
    driver.find_element(By.TAG_NAME, "summary").click()
    assert "Show the fault: falls back at once (Contact centre), blocked after 1 h." in driver.page_source
    assert complaints(driver) == []
