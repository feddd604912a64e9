"""Sequences that are drawn here: all is said, nothing is cut, nothing stands on something else."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from servicescape.render.metrics import text_width
from servicescape.render.sequence import CUSTOMER, Message, Note, Part, Participant, Sequence, Way, sequence_of
from servicescape.render.sequence_svg import lay_out
from servicescape.render.themes import DARK
from tests.support.diagram_catalogs import shop_catalog
from tests.support.snapshots import assert_snapshot

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"


def sequence(title: str, participants: int = 6) -> Sequence:
    """Messages between neighbours and from one end to the other, in both directions, with notes at either end."""
    names = [CUSTOMER, *(f"service:s{number}" for number in range(participants - 1))]
    everybody = (Participant(CUSTOMER, "customer", title), *(Participant(name, "service", title) for name in names[1:]))
    last = names[-1]
    items = (
        Note(CUSTOMER, "hand-over", title),
        Message(CUSTOMER, names[1], title),
        Message(CUSTOMER, last, title),
        Message(last, names[1], title),
        Message(last, last, title),
        Note(last, "again", title),
    )
    part = Part(title, title, (Way(title, items), Way("otherwise", items)), (Note(CUSTOMER, "end", title),))
    return Sequence(title, everybody, (part, part), (title,))


def boxes_of_text(svg: bytes) -> list[tuple[float, float, float, float, str]]:
    found = []
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        x, y, size = (float(text.get(key) or 0) for key in ("x", "y", "font-size"))
        wide = text_width(text.text or "", size, bold=text.get("font-weight") == "bold")
        found.append((x, y - size * 0.75, wide, size * 0.95, text.text or ""))
    return found


@pytest.mark.parametrize("participants", [2, 6, 20])
@pytest.mark.parametrize(
    "title", ["Pay", "A title that goes on and on for longer than anybody would like it to", "W" * 80]
)
def test_words_stay_in_the_picture_and_apart(title: str, participants: int) -> None:
    svg = lay_out(sequence(title, participants)).to_svg()
    root = ET.fromstring(svg)
    wide, high = float(root.get("width") or 0), float(root.get("height") or 0)
    found = boxes_of_text(svg)
    for x, y, width, height, text in found:
        assert x >= 0, text
        assert x + width <= wide, text
        assert 0 <= y <= high - height, text
    for number, (x, y, width, height, text) in enumerate(found):
        for other_x, other_y, other_width, other_height, other in found[number + 1 :]:
            apart = (
                x + width <= other_x
                or other_x + other_width <= x
                or y + height <= other_y
                or other_y + other_height <= y
            )
            assert apart, (text, other)


def test_every_message_note_and_condition_is_said() -> None:
    found = sequence_of(shop_catalog(), "journey:buy")
    svg = lay_out(found).to_svg().decode()
    words = " ".join(text for *_, text in boxes_of_text(svg.encode()))
    for part in found.parts:
        assert part.title in words
        for way in part.ways:
            assert way.condition in words
            for item in way.items:
                assert item.text in words, item
        for note in part.otherwise:
            assert note.text in words
    assert svg.count("<polygon") == sum(
        isinstance(item, Message) for part in found.parts for way in part.ways for item in way.items
    )


def test_a_small_sequence() -> None:
    found = sequence_of(shop_catalog(), "journey:buy")
    sheet = lay_out(found)
    assert_snapshot(GOLDEN / "sequence.svg", sheet.to_svg().decode())
    assert lay_out(found, DARK).to_svg() != sheet.to_svg()
    assert sheet.description == "1 Choose → 2 Pay. Messages between 5 participants"


def test_a_journey_that_nobody_serves_still_has_its_customer() -> None:
    svg = lay_out(Sequence("Nothing", (Participant(CUSTOMER, "customer", "Customer"),), ())).to_svg()
    assert b"Customer" in svg
    empty = Sequence("", (Participant(CUSTOMER, "customer", ""),), (Part("", "", (), ()),))
    assert lay_out(replace(empty, notes=("",))).to_svg()
