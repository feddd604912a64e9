"""Colours as data: what each tone looks like on light and on dark paper.

Orders (tiers, objectives) are told by one hue from strong to pale; kinds by hues that stay apart in the common forms of
colour blindness (after M. Okabe and K. Ito, and P. Tol). A badge or a word always says the same as the colour. A test
holds every text against its ground at 4.5 to 1 (WCAG 2.2, 1.4.3) and every line at 3 to 1 (1.4.11).
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Literal

from servicescape.diagnostics import nearest
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.model.settings import ThemeSettings

ThemeName = Literal["light", "dark", "auto"]
OWNER_TONES = 8
"""Teams that get a colour of their own; further ones share the plain one."""


@record()
class Tone:
    """Ground and line of a box, and its badge."""

    fill: str
    line: str
    badge: str
    on_badge: str


@record()
class Theme:
    """All colours of a picture, as six-digit hex."""

    paper: str
    ink: str
    muted: str
    """Small text."""
    group_fill: str
    group_line: str
    edge: str
    faint: str
    """Edges that are always there and seldom the point: what runs on which platform."""
    rule: str
    """Lines between the rows of a box."""
    tones: dict[str, Tone]


_WHITE, _INK = "#ffffff", "#1b2733"
# As good as ink, but told apart from it: on dark paper it does not turn into snow.
_DEEP = "#1b2734"
_NIGHT, _SNOW = "#10161d", "#f2f5f8"


def _light(fill: str, line: str, badge: str | None = None, on_badge: str = _WHITE) -> Tone:
    return Tone(fill, line, badge or line, on_badge)


def _dark(fill: str, line: str, badge: str | None = None, on_badge: str = _NIGHT) -> Tone:
    return Tone(fill, line, badge or line, on_badge)


LIGHT = Theme(
    paper=_WHITE,
    ink=_INK,
    muted="#4b5967",
    group_fill="#f4f6f8",
    group_line="#d3dae1",
    edge="#4f5e6d",
    faint="#7e8b97",
    rule="#d9dfe5",
    tones={
        "plain": _light(_WHITE, "#6f7d8b", "#e6eaee", "#33414e"),
        "tier-1": _light("#cfe1f4", "#0b3d75"),
        "tier-2": _light("#e2eefa", "#2b6cb0"),
        "tier-3": _light("#f0f6fd", "#5b8fc7", "#cadef3", _DEEP),
        "tier-4": _light("#fcfdff", "#6c859d", "#e9eff6", _DEEP),
        "state-ok": _light(_WHITE, "#6f7d8b", "#e6eaee", "#33414e"),
        "state-degraded": _light("#fdf0cf", "#8f5a00"),
        "state-down": _light("#fbdfd5", "#a8320f"),
        "lifecycle-planned": _light("#efeafb", "#6246a8"),
        "lifecycle-experimental": _light("#dff0fb", "#0068a8"),
        "lifecycle-production": _light("#e3f3ef", "#0f7668"),
        "lifecycle-deprecated": _light("#fdf0cf", "#8f5a00"),
        "lifecycle-retired": _light("#e9ecef", "#55626f"),
        "slo-availability": _light("#e3f3ef", "#0f7668"),
        "slo-other": _light("#fdf0cf", "#8f5a00"),
        "slo-contract": _light("#e2eefa", "#2b6cb0"),
        "slo-wish": _light("#fbdfd5", "#a8320f"),
        "slo-none": _light(_WHITE, "#6f7d8b", "#e6eaee", "#33414e"),
        "availability-4": _light("#c6e7df", "#0a5c51"),
        "availability-3": _light("#def2ed", "#1c8172"),
        "availability-2": _light("#fdf0cf", "#8f5a00"),
        "availability-1": _light("#fbdfd5", "#a8320f"),
        "availability-none": _light(_WHITE, "#6f7d8b", "#e6eaee", "#33414e"),
        "owner-1": _light("#dfeefa", "#0068a8"),
        "owner-2": _light("#fdeed2", "#935c00"),
        "owner-3": _light("#dcf2ea", "#007a59"),
        "owner-4": _light("#f9e4ef", "#a3396f"),
        "owner-5": _light("#fbe2d9", "#b03d00"),
        "owner-6": _light("#ebe6f8", "#5d45a3"),
        "owner-7": _light("#eef1d5", "#5f6b00"),
        "owner-8": _light("#daf1f4", "#12707d"),
    },
)

DARK = Theme(
    paper=_NIGHT,
    ink=_SNOW,
    muted="#b4c0cb",
    group_fill="#18212a",
    group_line="#33414f",
    edge="#9fadba",
    faint="#75838f",
    rule="#3a4856",
    tones={
        "plain": _dark("#1f2933", "#8494a3", "#3b4855", _SNOW),
        "tier-1": _dark("#184a80", "#a9d1fa"),
        "tier-2": _dark("#17395f", "#7db2e8"),
        "tier-3": _dark("#182d45", "#5d92c8"),
        "tier-4": _dark("#1b2631", "#7390ab"),
        "state-ok": _dark("#1f2933", "#8494a3", "#3b4855", _SNOW),
        "state-degraded": _dark("#473510", "#f0b94a"),
        "state-down": _dark("#5a2415", "#ff9d7a"),
        "lifecycle-planned": _dark("#342a55", "#b9a5f2"),
        "lifecycle-experimental": _dark("#12374f", "#6cbdf0"),
        "lifecycle-production": _dark("#103a34", "#5cc7b2"),
        "lifecycle-deprecated": _dark("#473510", "#f0b94a"),
        "lifecycle-retired": _dark("#2a333c", "#94a2af"),
        "slo-availability": _dark("#103a34", "#5cc7b2"),
        "slo-other": _dark("#473510", "#f0b94a"),
        "slo-contract": _dark("#12374f", "#6cbdf0"),
        "slo-wish": _dark("#5a2415", "#ff9d7a"),
        "slo-none": _dark("#1f2933", "#8494a3", "#3b4855", _SNOW),
        "availability-4": _dark("#0f4a41", "#7fe0cd"),
        "availability-3": _dark("#10352f", "#4fb3a0"),
        "availability-2": _dark("#473510", "#f0b94a"),
        "availability-1": _dark("#5a2415", "#ff9d7a"),
        "availability-none": _dark("#1f2933", "#8494a3", "#3b4855", _SNOW),
        "owner-1": _dark("#12374f", "#6cbdf0"),
        "owner-2": _dark("#473510", "#f0b94a"),
        "owner-3": _dark("#103a34", "#5cc7b2"),
        "owner-4": _dark("#4b2239", "#f09ac4"),
        "owner-5": _dark("#5a2415", "#ff9d7a"),
        "owner-6": _dark("#342a55", "#b9a5f2"),
        "owner-7": _dark("#363a10", "#c9d256"),
        "owner-8": _dark("#0f3d44", "#67ccd9"),
    },
)

THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK, "auto": LIGHT}
"""`auto` is light, and follows the reader's system where the format can."""

_TEXT, _LINE = 4.5, 3.0
"""Least contrast of text (WCAG 2.2, 1.4.3, level AA) and of lines (1.4.11)."""
_MOST_NAMED = 6


def theme_named(name: str, own: Mapping[str, ThemeSettings]) -> Theme:
    """A theme by its name: one that comes along, or one of the settings' own.

    Raises ToolError for unknown names, and for colours of which some could not be read, with their contrasts.
    """
    if name in own:
        return _own_theme(name, own[name])
    if name in THEMES:
        return THEMES[name]
    close = nearest(name, (*THEMES, *own))
    known = ", ".join((*THEMES, *own))
    raise ToolError(f"there is no theme `{name}`", f"did you mean `{close}`?" if close else f"the themes are {known}")


def contrast(one: str, other: str) -> float:
    """Contrast of two six-digit hex colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def unreadable(theme: Theme) -> list[str]:
    """Pairs of colours that stand on each other and are too alike, worst first, with their contrasts."""
    grounds = {"paper": theme.paper, "group-fill": theme.group_fill}
    fills = {f"tones.{name}.fill": tone.fill for name, tone in theme.tones.items()}
    texts = {"ink": theme.ink, "muted": theme.muted}
    pairs = [(text, ground, _TEXT) for text in texts.items() for ground in (grounds | fills).items()]
    for name, tone in theme.tones.items():
        pairs.append(((f"tones.{name}.on-badge", tone.on_badge), (f"tones.{name}.badge", tone.badge), _TEXT))
    lines = {"edge": theme.edge, "faint": theme.faint}
    lines |= {f"tones.{name}.line": tone.line for name, tone in theme.tones.items()}
    pairs += [(line, ground, _LINE) for line in lines.items() for ground in grounds.items()]
    found = []
    for (upper, colour), (lower, ground), least in pairs:
        ratio = contrast(colour, ground)
        if ratio < least:
            # Cut, not rounded: 4.499 would read as enough.
            shown = int(ratio * 100) / 100
            found.append((ratio / least, f"{upper} {colour} on {lower} {ground}: {shown:.2f} to 1, {least:g} needed"))
    return [text for _, text in sorted(found)]


def _own_theme(name: str, own: ThemeSettings) -> Theme:
    base = THEMES[own.base]
    tones = dict(base.tones)
    for key, colours in own.tones.items():
        if key not in tones:
            close = nearest(key, tones)
            hint = f"did you mean `{close}`?" if close else f"the tones are {', '.join(tones)}"
            raise ToolError(f"[graph.themes.{name}.tones]: there is no tone `{key}`", hint)
        tones[key] = replace(tones[key], **{each: value for each, value in colours if value is not None})
    plain = {each.name: getattr(own, each.name, None) for each in fields(Theme) if each.name != "tones"}
    theme = replace(base, tones=tones, **{key: value for key, value in plain.items() if value is not None})
    weak = unreadable(theme)
    if weak:
        more = f"; and {len(weak) - _MOST_NAMED} more pairs" if len(weak) > _MOST_NAMED else ""
        raise ToolError(
            f"[graph.themes.{name}] cannot be read by everybody: {'; '.join(weak[:_MOST_NAMED])}{more}",
            "make the ground paler or the text and lines darker (on dark paper the other way round)",
        )
    return theme


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
