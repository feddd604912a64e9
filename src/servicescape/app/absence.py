"""Findings that may only be there because a part of the catalog could not be read, and are held back until it is.

A misspelt kind makes nobody need what the entity needs, and leaves its team without anything to own. To say so would
send the author looking for faults that go with the first one.
"""

import re
from collections.abc import Callable, Iterable

from servicescape.app.load import Loaded
from servicescape.diagnostics import Diagnostic
from servicescape.model.names import name_of
from servicescape.model.references import references_of
from servicescape.rules.registry import all_rules

_QUOTED = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def may_be_consequence(loaded: Loaded, faults: Iterable[Diagnostic]) -> Callable[[Diagnostic], bool]:
    """Tells findings that may go when these faults of reading are mended.

    Those about something that is missing, where the name of the entity concerned, of something that it names, or of
    what is missing there, stands in a file with a fault, or is what a misspelt reference most likely means.
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
    known = {name_of(ref) for ref in loaded.catalog.entities}

    def judge(finding: Diagnostic) -> bool:
        if finding.entity is None or not rules[finding.code].speaks_of_absence:
            return False
        if name_of(finding.entity) in words or any(name in words for name in _QUOTED.findall(finding.message)):
            return True
        about = loaded.catalog.entities.get(finding.entity)
        if about is not None and any(
            name in words and name not in known for name in (name_of(use.text) for use in references_of(about.entity))
        ):
            return True
        # Advice also quotes keys and values, which stand in every file.
        return any(name in words and name in known for name in _QUOTED.findall(finding.help))

    return judge
