"""References as identifiers that every diagram language takes: stable, readable, never two alike."""

import hashlib
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z]+:(?:[a-z0-9]+(?:-[a-z0-9]+)*(?:[:/][a-z0-9]+(?:-[a-z0-9]+)*)*)?")
_LEFT_OUT = re.compile(r"[^a-z0-9]+")
FRAME = "in"


def identifier(ref: str) -> str:
    """A reference as lower-case letters, digits and underscores, beginning with its kind: `service_basket`.

    It depends on the reference alone, so a file that is written anew differs only where the catalog does. Some of the
    languages take capitals for small letters, so none are used; what cannot be told apart that way gets a digest.
    """
    kind, _, name = ref.partition(":")
    if _PLAIN.fullmatch(ref):
        return f"{kind}_{name.replace(':', '__').replace('/', '__').replace('-', '_')}"
    digest = hashlib.sha256(ref.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    readable = _LEFT_OUT.sub("_", ref.lower()).strip("_")[:48]
    return f"x_{readable}_{digest}" if readable else f"x_{digest}"


def frame_identifier(ref: str) -> str:
    """The same for the frame that stands for an entity, which may have a box of its own besides."""
    return f"{FRAME}_{identifier(ref)}"


def identifiers(refs: Iterable[str]) -> dict[str, str]:
    """Reference → identifier."""
    return {ref: identifier(ref) for ref in refs}
