"""Puts a page together: escaping, data for scripts, and a policy that lets nothing in from outside.

A page is one file. Its Content-Security-Policy names the hashes of its own style and script, so that nothing else runs
even if some text should ever get past the escaping.
"""

import base64
import hashlib
import html
import json
import re
from functools import cache
from importlib import resources
from string import Template
from typing import Any

from servicescape.render.impact.words import plain

_LINK = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_UNSAFE_IN_SCRIPT = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def text(value: str) -> str:
    """The author's text as it may stand between tags and in a quoted attribute."""
    return html.escape(plain(value), quote=True)


def embedded_json(value: Any) -> str:
    """JSON that cannot end the script element around it, nor open a comment in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_UNSAFE_IN_SCRIPT)


def web_address(value: str | None) -> str | None:
    """The text where it is an http(s) address, None where it is anything else (a path, `javascript:`)."""
    return value if value and _LINK.fullmatch(value) else None


def page(template: str, script: str | None, **values: str) -> str:
    """The page made from `page/TEMPLATE`, with the common style and a script; values are HTML already."""
    style = _file("page.css")
    code = _file(script) if script else ""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(code)}'" if script else "script-src 'none'",
            *(("img-src data:",) if template == "blast.html" else ()),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return Template(_file(template)).substitute(values, style=style, script=code, policy=policy)


@cache
def _file(name: str) -> str:
    data = resources.files("servicescape.render.impact").joinpath("page", name).read_text(encoding="utf-8")
    return data.replace("\r\n", "\n")


def _hash(code: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")
