"""Diagrams in a real browser: text stays in its box, and labels do not cover one another."""

from pathlib import Path

import pytest
from selenium import webdriver

from servicescape.render.dot import to_dot
from servicescape.render.engine import EngineName, draw
from servicescape.render.svg import finish
from servicescape.render.themes import LIGHT
from tests.support.diagram_catalogs import shop_catalog
from tests.unit.render.test_pictures import diagram_of, hostile_diagram

_OUTSIDE = """
const out = [];
for (const node of document.querySelectorAll('g.node')) {
  const shape = node.querySelector('path, polygon');
  if (!shape || node.classList.contains('label')) continue;
  let [left, right] = [Infinity, -Infinity];
  for (const each of node.querySelectorAll('path, polygon')) {
    const box = each.getBBox();
    left = Math.min(left, box.x); right = Math.max(right, box.x + box.width);
  }
  for (const text of node.querySelectorAll('text')) {
    const box = text.getBBox();
    if (box.x < left - 1 || box.x + box.width > right + 1)
      out.push([text.textContent, box.x - left, box.x + box.width - right]);
  }
}
return out;
"""
_COVERED = """
const boxes = [...document.querySelectorAll('text')].filter(text => text.textContent.trim()).map(
  text => [text.textContent, text.getBBox()]);
const out = [];
for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
  const [a, b] = [boxes[i][1], boxes[j][1]];
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (wide > 1 && high > 4) out.push([boxes[i][0], boxes[j][0]]);
}
return out;
"""


def open_svg(driver: webdriver.Chrome, path: Path, svg: bytes) -> None:
    path.write_bytes(svg)
    driver.get(path.as_uri())


@pytest.mark.parametrize("name", ["embedded", "system"])
@pytest.mark.parametrize("which", ["shop", "hostile"])
def test_text_stays_in_its_box_and_apart(
    driver: webdriver.Chrome, tmp_path: Path, which: str, name: EngineName
) -> None:
    diagram = diagram_of(shop_catalog()) if which == "shop" else hostile_diagram()
    open_svg(driver, tmp_path / "picture.svg", finish(draw(to_dot(diagram), "svg", name), diagram, LIGHT))
    assert driver.execute_script(_OUTSIDE) == []
    assert driver.execute_script(_COVERED) == []


def test_nothing_runs_and_custom_properties_change_colours(driver: webdriver.Chrome, tmp_path: Path) -> None:
    diagram = hostile_diagram()
    open_svg(driver, tmp_path / "picture.svg", finish(draw(to_dot(diagram), "svg"), diagram, LIGHT))
    assert driver.execute_script("return document.scripts ? document.scripts.length : 0") == 0
    fill = "return getComputedStyle(document.querySelector('text')).fill"
    assert driver.execute_script(fill) == "rgb(27, 39, 51)"
    driver.execute_script("document.documentElement.style.setProperty('--servicescape-ink', 'rgb(200, 0, 0)')")
    assert driver.execute_script(fill) == "rgb(200, 0, 0)"
