"""Pictures that are laid out here, drawn by an engine: the same words and shapes at the same places."""

import re
import struct
import subprocess
import xml.etree.ElementTree as ET
import zlib

import pytest

from servicescape.render.canvas import LARGE, SMALL, Canvas
from servicescape.render.diagram import Diagram, Node
from servicescape.render.dot import to_dot
from servicescape.render.engine import EngineName, draw
from servicescape.render.letters import without_letters
from servicescape.render.pdf import FONTS, to_pdf
from servicescape.render.sheet import Sheet, redraw
from servicescape.render.svg import finish
from servicescape.render.themes import DARK, LIGHT
from servicescape.render.views import Look, landscape
from tests.support.diagram_catalogs import shop_catalog

SVG = "{http://www.w3.org/2000/svg}"
WORDS = (
    'say "hi"',
    "Zürich, Genève; København",
    "five of 7",
    "R&D &amp; <b>",
    "Grüße → 60 % … €",
    "x" * 200,
    "12 -4 T 5 5 0 9 3 -abc",
    "-",
    "'",
)


def sheet(words: tuple[str, ...] = WORDS, high: float = 200) -> Sheet:
    canvas = Canvas(LIGHT)
    canvas.box(10, 10, 380, 180, fill="#eeeeee", line="#112233", thick=2)
    canvas.box(300, 100, 50, 20, fill="#ffffff", line="#445566", dashed=True, round_=0)
    with canvas.group("a link", url="https://example.com/?q=x"):
        canvas.box(20, 150, 80, 30, fill="#ddeeff")
        canvas.text(25, 170, "leads on", SMALL)
    canvas.path([(20, 20), (20, 60), (90, 60)], "#ff0000", thick=1.5, dashes="4 3", arrow=True)
    for number, text in enumerate(words):
        anchor = ("start", "middle", "end")[number % 3]
        canvas.text(200, 30 + 12 * number, text, LARGE if number % 2 else SMALL, bold=number % 2 == 0, anchor=anchor)
    return Sheet(canvas, 400, high, "A sheet", "Shapes and words.")


def texts(svg: bytes) -> list[tuple[str, str, str]]:
    """Words in their order, from where they run, and their weight."""
    root = ET.fromstring(svg)
    found = root.iter(f"{SVG}text")
    return [(one.text or "", one.get("text-anchor", "start"), one.get("font-weight", "")) for one in found]


def places(svg: bytes, scale: float = 1) -> list[tuple[float, float]]:
    """Where words begin, from the upper left corner."""
    root = ET.fromstring(svg)
    # Engines move everything down by the height of the picture.
    down = float(root.get("viewBox", "0 0 0 0").split()[3]) if scale != 1 else 0
    found = root.iter(f"{SVG}text")
    return [(float(one.get("x", 0)) / scale, (float(one.get("y", 0)) + down) / scale) for one in found]


@pytest.mark.parametrize("engine", ["embedded", "system"])
def test_an_engine_puts_every_word_where_the_svg_has_it(engine: EngineName) -> None:
    svg, drawn = sheet().to_svg(), draw(sheet().to_dot(), "svg", engine)
    assert texts(drawn) == texts(svg)
    for ours, theirs in zip(places(svg), places(drawn, 0.75), strict=True):
        assert theirs == pytest.approx(ours, abs=1.8)


@pytest.mark.parametrize("engine", ["embedded", "system"])
def test_a_backslash_is_drawn_between_its_neighbours(engine: EngineName) -> None:
    drawn = draw(sheet(("C:\\temp\\N", 'a\\"b\\', "\\")).to_dot(), "svg", engine)
    assert [text for text, _, _ in texts(drawn)] == ["leads on", "C:", "temp", "N", "a", '"b']
    plain = draw(sheet(("", "", "")).to_dot(), "svg", engine)
    assert drawn.count(b"<polyline") - plain.count(b"<polyline") == 5


@pytest.mark.parametrize("size", [(400, 200), (1520, 2934), (1519, 2933.5), (333, 77)])
def test_png_is_twice_as_large_as_the_svg(size: tuple[float, float]) -> None:
    png = draw(Sheet(Canvas(DARK), *size, "Empty", "Nothing.").to_dot(), "png")
    wide, high = struct.unpack(">II", png[16:24])
    assert abs(wide - 2 * size[0]) <= 2
    assert abs(high - 2 * size[1]) <= 2


def test_pdf_has_real_text_embedded_fonts_and_links() -> None:
    pdf = to_pdf(sheet().to_dot(FONTS))
    assert pdf == to_pdf(sheet().to_dot(FONTS))
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    for text in ('say "hi"', "Zürich, Genève; København", "R&D &amp; <b>", "Grüße → 60 % … €", "leads on"):
        assert text in told
    assert b"FontFile" in pdf
    assert b"https://example.com/?q=x" in _inflated(pdf)


@pytest.mark.parametrize("engine", ["embedded", "system"])
def test_no_string_is_longer_than_an_engine_reads(engine: EngineName) -> None:
    long = sheet(tuple(f'{number} "{number}" times' for number in range(2400)), 30_000)
    assert max(map(len, re.findall(r'"(?:[^"\\]|\\.)*"', long.to_dot()))) < 16_000
    assert len(texts(draw(long.to_dot(), "svg", engine))) == 2401


def _inflated(pdf: bytes) -> bytes:
    """The objects of a PDF, opened where they are packed."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(each) for each in packed if each[:1] == b"x")


def test_an_engines_picture_is_drawn_again_with_titles_on_top() -> None:
    shop = shop_catalog()
    diagram = landscape(shop, tuple(shop.components), "A \\ shop", Look(), with_channels=True)
    svg = finish(draw(to_dot(diagram), "svg"), diagram, LIGHT)
    again = draw(redraw(svg, LIGHT.paper), "svg")
    heading = ("A \\ shop", "A ", " shop")
    ours, theirs = (
        [one for one in texts(each.replace(b"\xc2\xa0", b" ")) if one[0] not in heading] for each in (svg, again)
    )
    assert theirs == ours
    last = [text for text, _, _ in texts(again)][-len(diagram.groups) :]
    assert last == [group.title for group in diagram.groups]
    assert again.count(b"https://example.com/shop") == 1
    wide, high = map(float, re.findall(rb'(?:width|height)="([\d.]+)pt"', svg)[:2])
    png = draw(redraw(svg, LIGHT.paper), "png")
    assert struct.unpack(">II", png[16:24]) == pytest.approx((wide * 8 / 3, high * 8 / 3), abs=4)


def test_curves_stay_curves() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="90pt" viewBox="0 0 90 90">'
        b'<g transform="scale(1 1) rotate(0) translate(4 86)">'
        b'<path fill="none" stroke="#ff0000" d="M0,0C0,-40 80,-40 80,0"/>'
        b'<path fill="#00ff00" stroke="none" stroke-dasharray="5,2" d="M9,-9C9,-9 19,-9 19,-9 19,-9 19,-19 9,-9"/>'
        b"</g></svg>"
    )
    drawn = ET.fromstring(draw(redraw(svg, "#ffffff"), "svg"))
    line = next(drawn.iter(f"{SVG}polyline"))
    points = [tuple(map(float, pair.split(","))) for pair in line.get("points", "").split()]
    middle = points[len(points) // 2]
    assert len(points) > 20
    assert middle == pytest.approx((44, -(4 + 30)), abs=2)
    filled = [shape for shape in drawn.iter(f"{SVG}polygon") if shape.get("fill") == "#00ff00"]
    assert [shape.get("stroke") for shape in filled] == ["none"]


@pytest.mark.parametrize(
    ("title", "lacking"),
    [
        ("Grüße, Ελλάδα, Привет, שלום — 60 % → ≥ … €", ""),
        ("決済 🛒", "決 済 🛒"),
        ("مرحبا", "م ر ح ب ا"),
        ("✓ ⚠", "✓ ⚠"),
        ("決済決済サービス東", "決 済 サ ー ビ ス and 1 more"),
    ],
)
def test_letters_that_png_lacks_are_named(title: str, lacking: str) -> None:
    picture = Diagram(title, "LR", (Node("service:a", "service", "A", words="決"),), ())
    told = without_letters(picture)
    ending = ": the fonts that PNG is drawn with lack them; SVG has them, and PDF"
    assert told == ([f"empty boxes stand for {lacking}{ending}"] if lacking else [])
