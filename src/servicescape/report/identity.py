"""What makes two findings the same from one run to the next: for CI systems that tell new findings from known ones."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence

from servicescape.diagnostics import Diagnostic


def fingerprints(diagnostics: Sequence[Diagnostic], path_of: Callable[[str], str]) -> list[str]:
    """A name for each finding, as 32 hexadecimal digits; no two are equal.

    Made of the rule, the file, the entity and the words, and of no line number: a line inserted above changes nothing.
    Findings that are alike in all of that are numbered in their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for diagnostic in diagnostics:
        key = (diagnostic.code, path_of(diagnostic.file), diagnostic.entity or "", diagnostic.message)
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        # File names may hold lone surrogates, for bytes that are no UTF-8.
        found.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return found
