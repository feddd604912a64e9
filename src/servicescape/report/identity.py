"""What makes two findings the same from one run to the next: for CI systems that tell new findings from known ones.

The baseline (`app.baseline`) has fingerprints of its own, for a reason: it counts findings that are alike and must not
be spent on a new one elsewhere in the file, so the text that a finding points at belongs to it. Reports know no texts
when they are made from what was remembered, and each name in them must be unlike all others. Neither holds a line.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence

from servicescape.diagnostics import Diagnostic

_NAME_OR_FIGURE = re.compile(r"(`[^`]*`)|\d[\d,.]*")


def fingerprints(diagnostics: Sequence[Diagnostic], path_of: Callable[[str], str]) -> list[str]:
    """A name for each finding, as 32 hexadecimal digits; no two are equal.

    Made of the rule, the file, the entity and the words, and of no line number: a line inserted above changes nothing.
    Figures among the words do not count either, but for those in names: `6 parts need it` is still the same with 7.
    Findings that are alike in all of that are numbered in their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for diagnostic in diagnostics:
        key = (diagnostic.code, path_of(diagnostic.file), diagnostic.entity or "", _without_figures(diagnostic.message))
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        # File names may hold lone surrogates, for bytes that are no UTF-8.
        found.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return found


def _without_figures(message: str) -> str:
    return _NAME_OR_FIGURE.sub(lambda match: match[1] or "#", message)
