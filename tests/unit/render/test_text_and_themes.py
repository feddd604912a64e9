"""Names made fit for pictures, and colours that everybody can tell apart."""

import pytest

from servicescape.render.text import clean, safe_url, shorten, wide_count, width, wrap
from servicescape.render.themes import DARK, LIGHT, Theme, Tone


def test_long_titles_are_wrapped_to_three_lines_and_end_in_an_ellipsis() -> None:
    lines = wrap("Very " * 40)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width(line) <= 28 for line in lines)


def test_a_word_longer_than_a_line_is_cut_behind_a_dash_where_it_has_one() -> None:
    assert wrap("customer-communication-preferences-gateway") == ["customer-communication-", "preferences-gateway"]
    assert wrap("x" * 200) == ["x" * 28, "x" * 28, "x" * 27 + "…"]


def test_wide_characters_take_two_columns() -> None:
    assert width("支払い") == 6
    assert wide_count("支払い ok") == 3
    assert all(width(line) <= 28 for line in wrap("決済" * 40))


def test_what_xml_cannot_hold_is_gone() -> None:
    assert clean("a\x00b\nc\td\x1b[0m\ud800\ufffe") == "a b c d [0m"


def test_marks_that_turn_the_direction_of_text_are_gone_and_letters_stay() -> None:
    assert clean("\u202egpj.exe שלום") == "gpj.exe שלום"


def test_shorten_keeps_one_line() -> None:
    assert shorten("one two three four", 9) == "one two…"


@pytest.mark.parametrize("url", ["https://a.example/x?y=1&z=2#q", "http://a.example", "mailto:crew@example.com"])
def test_harmless_addresses_stay(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", 'https://a" onload="x', "file:///etc", "//a", None],
)
def test_other_addresses_do_not(url: str | None) -> None:
    assert safe_url(url) is None


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_every_ground(theme: Theme) -> None:
    grounds = [theme.paper, theme.group_fill, *(tone.fill for tone in theme.tones.values())]
    weak = [(text, ground) for ground in grounds for text in (theme.ink, theme.muted) if _contrast(text, ground) < 4.5]
    weak += [(tone.on_badge, tone.badge) for tone in theme.tones.values() if _contrast(tone.on_badge, tone.badge) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_lines_stand_out_from_paper_and_frames(theme: Theme) -> None:
    lines = [theme.edge, theme.faint, *(tone.line for tone in theme.tones.values())]
    assert [line for line in lines if min(_contrast(line, theme.paper), _contrast(line, theme.group_fill)) < 3] == []


def test_both_themes_have_the_same_tones() -> None:
    assert list(LIGHT.tones) == list(DARK.tones)


def test_following_the_reader_gives_every_text_a_ground_to_stand_out_from() -> None:
    """Rules go by the light colour, so one light colour must not stand for two dark ones that do not fit."""
    from servicescape.render.svg import _roles

    dark: dict[str, str] = {}
    for (_, light), (_, turned) in zip(_roles(LIGHT), _roles(DARK), strict=True):
        dark.setdefault(light, turned)

    def readable(tone: Tone) -> bool:
        on_badge = _contrast(dark[tone.on_badge], dark[tone.badge]) >= 4.5
        return on_badge and _contrast(dark[LIGHT.ink], dark[tone.fill]) >= 4.5

    assert [name for name, tone in LIGHT.tones.items() if not readable(tone)] == []
