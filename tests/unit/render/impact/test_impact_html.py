import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from servicescape.render.impact import html
from servicescape.render.impact.assembly import embedded_json, web_address
from tests.support.impact_fixtures import big_matrix, blast_radius, catalog, matrix, nothing_hit

EVIL = "</script><script>alert(1)</script><!-- \"><img src=x onerror=alert(1)> $title ${x} {{x}} '"
PLACES = ("journey:report-fault", "external:object-storage", "channel:contact-centre", "domain:sales", "team:field")
VOID = {"meta", "input", "link", "br", "img"}


class Page(HTMLParser):
    """Collects elements, and finds those that are not closed as they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self._open: list[str] = []
        self._script: str | None = None
        self.words = ""
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("script", "style"):
            self._script = dict(attrs).get("type") or tag

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def pages() -> dict[str, str]:
    cat = catalog(dict.fromkeys(PLACES, EVIL))
    return {
        "matrix": html.render_matrix(matrix(cat), cat, blast_radii={"external:object-storage": blast_radius(cat)}),
        "blast": html.render_blast_radius(blast_radius(cat), cat),
        "none": html.render_blast_radius(nothing_hit(), cat),
        "big": html.render_matrix(big_matrix(450, 12), cat),
        "empty": html.render_matrix(big_matrix(0, 0), cat),
    }


@pytest.mark.parametrize("name", ["matrix", "blast", "none", "big", "empty"])
def test_page_is_well_formed_and_needs_nothing_from_outside(name: str) -> None:
    text = pages()[name]
    page = Page(text)
    assert not [a for _, a in page.elements for key in a if key in ("src", "style", "srcset") or key.startswith("on")]
    assert not page.all("link")
    assert not page.all("img")
    assert "@import" not in text
    assert "url(" not in text
    for anchor in page.all("a"):
        assert re.match(r"https://|#", anchor["href"] or "")


@pytest.mark.parametrize("name", ["matrix", "blast"])
def test_policy_names_the_hashes_of_style_and_script(name: str) -> None:
    page = Page(pages()[name])
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy") or ""

    def hashed(code: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"

    assert policy.startswith("default-src 'none'; ")
    assert f"style-src {hashed(page.scripts['style'])}" in policy
    wanted = f"script-src {hashed(page.scripts['script'])}" if name == "matrix" else "script-src 'none'"
    assert wanted in policy
    assert "unsafe" not in policy


def test_the_authors_text_stays_text() -> None:
    page = Page(pages()["matrix"])
    assert len(page.all("script")) == 2
    assert not [a for tag, a in page.elements if tag == "script" and "alert" in str(a)]
    data: dict[str, Any] = json.loads(page.scripts["application/json"])
    assert EVIL in [row[1] for row in data["rows"]]
    assert EVIL in page.words


def test_embedded_json_cannot_leave_its_element() -> None:
    value = {"a": "</script><!--<script>&\u2028\u2029\ud800"}
    text = embedded_json(value)
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(text)
    assert json.loads(text)["a"] == "</script><!--<script>&\u2028\u2029\ufffd"


def test_only_web_addresses_become_links() -> None:
    assert web_address("https://runbooks.example/a?b=c") == "https://runbooks.example/a?b=c"
    for refused in (
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//x",
        "docs/a.md",
        'https://x"onclick="',
        " https://x",
    ):
        assert web_address(refused) is None


def test_first_rows_stand_in_the_page_itself() -> None:
    page = Page(html.render_matrix(big_matrix(450, 9), catalog()))
    assert len([a for a in page.all("th") if a.get("scope") == "row"]) == 200 + 1  # and the margin below
    assert "200 of 450 components shown, worst first" in page.words


def test_table_tells_its_structure() -> None:
    page = Page(pages()["matrix"])
    scopes = [a.get("scope") for a in page.all("th")]
    assert None not in scopes
    assert scopes.count("col") == 3 + 4 + 4
    assert page.all("caption")
    assert page.all("html")[0]["lang"] == "en"


def test_pages_are_the_same_every_time() -> None:
    assert pages() == pages()


def test_a_large_page_stays_small() -> None:
    assert len(html.render_matrix(big_matrix(10_000, 9), catalog())) < 3_000_000
