"""Findings that may only be there because a part of the catalog could not be read, and are held back until it is.

A misspelt kind makes nobody need what the entity needs, and leaves its team without anything to own. To say so would
send the author looking for faults that go with the first one.
"""

import re
from collections.abc import Callable, Iterable

from servicescape.app.load import Loaded
from servicescape.diagnostics import Diagnostic
from servicescape.rules.registry import all_rules

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def may_be_consequence(loaded: Loaded, faults: Iterable[Diagnostic]) -> Callable[[Diagnostic], bool]:
    """Tells findings that may go when these faults of reading are mended.

    Those about something that is missing, where the name of the entity concerned stands in a file with a fault, or is
    what a misspelt reference most likely means.
    """
    faults = list(faults)
    if not faults:
        return lambda finding: False
    words: set[str] = set()
    for file in {fault.file for fault in faults}:
        words.update(_WORD.findall(loaded.text_of(file) or ""))
    for fault in faults:
        words.update(_WORD.findall(fault.help))
    rules = all_rules()

    def judge(finding: Diagnostic) -> bool:
        if finding.entity is None or not rules[finding.code].speaks_of_absence:
            return False
        return finding.entity.rpartition(":")[2].rpartition("/")[2] in words

    return judge
