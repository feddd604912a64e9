"""Reads a log as GitHub's runner does, and tells which workflow commands it obeys.

The rules are those of https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs: a command begins
a line (after blanks) with `::`, or stands anywhere in it in the older form `##[name]`; `%25` is read back last.
"""

import re
from dataclasses import dataclass

OBEYED = {"error", "warning", "notice", "group", "endgroup", "debug", "add-mask", "stop-commands", "set-output"}
_OLD = re.compile(r"##\[([a-z-]+)[^\]]*\]")


@dataclass(frozen=True)
class WorkflowCommand:
    name: str
    properties: dict[str, str]
    message: str


def read_commands(log: str) -> list[WorkflowCommand]:
    """All commands of a log, in order."""
    found = [_read(line) for line in log.split("\n")]
    return [command for command in found if command is not None]


def annotations(log: str) -> list[WorkflowCommand]:
    return [command for command in read_commands(log) if command.name in ("error", "warning", "notice")]


def _read(line: str) -> WorkflowCommand | None:
    line = line.strip()
    if line.startswith("::") and "::" in line[2:]:
        head, _, data = line[2:].partition("::")
        name, _, rest = head.strip().partition(" ")
        properties = {}
        for pair in rest.strip().split(","):
            key, sign, value = pair.partition("=")
            if sign:
                properties[key.strip()] = _unescape(value, ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","))
        return WorkflowCommand(name, properties, _unescape(data, ("%0D", "\r"), ("%0A", "\n")))
    old = _OLD.search(line)
    if old is not None and old[1] in OBEYED:
        return WorkflowCommand(f"old {old[1]}", {}, line[old.end() :])
    return None


def _unescape(text: str, *pairs: tuple[str, str]) -> str:
    for escaped, char in pairs:
        text = text.replace(escaped, char)
    return text.replace("%25", "%")
