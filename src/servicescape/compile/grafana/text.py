"""What authors write, as text that Grafana shows as it stands: no variable, no markup, no address of another kind."""

import re
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_VARIABLE = re.compile(r"\$(?=[{\w])|\[(?=\[)|\{(?=\{)")
_MARKUP = re.compile(r"[&<>\"'`*_{}\[\]()#|~$\\!:@=]|(?<=www)\.", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_KEPT = re.compile(r"[^A-Za-z0-9\-._~:/?#@!*+,;=%&]")
_JOINER = "\u2060"


def plain(text: str, length: int = 400) -> str:
    """Text for titles and legends, on one line.

    Grafana looks for variables there and knows no way of quoting them; an invisible character keeps it from finding
    one.
    """
    line = _SPACE.sub(" ", text).strip()
    if len(line) > length:
        line = line[: length - 1].rstrip() + "…"
    return _VARIABLE.sub(lambda match: match[0] + _JOINER, line)


@lru_cache(maxsize=16384)
def markdown(text: str) -> str:
    """Text for a panel of Markdown, on one line: what could mean something is written as a number."""
    line = _SPACE.sub(" ", text).strip()
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", line)


def address(url: str) -> str | None:
    """An address to link to, with all encoded that Grafana or Markdown would read otherwise; None: not of the web."""
    url = url.strip()
    if not _WEB.match(url):
        return None
    return _KEPT.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)


def link(text: str, url: str) -> str:
    """A link in Markdown; where the address is none of the web, it is told instead."""
    place = address(url)
    return f"[{markdown(text)}](<{place}>)" if place else f"{markdown(text)}: {markdown(url)}"
