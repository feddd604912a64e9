"""The settings that count in a run, each with where it comes from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicescape.app.settings import FoundSettings
from servicescape.model.settings import Settings
from servicescape.source.files import display_name

DEFAULT = "default"
COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """One key with its value."""

    key: str
    """With its table, as in `rules.fail-on`."""
    value: Any
    """As JSON has it; None for a key without a value."""
    origin: str
    """`default`, `command line`, or the settings file as the user would type it."""


def effective_settings(found: FoundSettings, given: Mapping[str, object], cwd: Path) -> list[EffectiveSetting]:
    """All settings in the order of their documentation; `given` are keys of `rules` from the command line."""
    file = name_of_file(found, cwd) or DEFAULT
    written = {key for key, _ in _flat(found.settings.model_dump(mode="json", by_alias=True, exclude_unset=True))}
    rows = []
    for key, value in _flat(found.settings.model_dump(mode="json", by_alias=True)):
        name = key.removeprefix("rules.")
        if key.startswith("rules.") and name in given:
            new = given[name]
            if isinstance(new, Mapping):
                new = {**value, **new}
            rows.append(EffectiveSetting(key, list(new) if isinstance(new, tuple) else new or None, COMMAND_LINE))
        else:
            rows.append(EffectiveSetting(key, value, file if key in written else DEFAULT))
    return rows


def name_of_file(found: FoundSettings, cwd: Path) -> str | None:
    """The settings file as the user would type it; None where there is none."""
    return display_name(found.file, cwd, as_relative=True) if found.file is not None else None


def settings_text(rows: list[EffectiveSetting]) -> str:
    """As TOML that could be written into `servicescape.toml`, with the origins as comments."""
    lines: list[str] = []
    table = ""
    width = max(len(_toml_line(row)) for row in rows)
    for row in rows:
        head, _, _ = row.key.rpartition(".")
        if head != table:
            lines += ["", f"[{head}]"]
            table = head
        lines.append(f"{_toml_line(row):<{min(width, 48)}}  # {row.origin}")
    return "\n".join(lines) + "\n"


def settings_object(file: str | None, rows: list[EffectiveSetting]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "version": 1,
        "file": file,
        "settings": [{"key": row.key, "value": row.value, "origin": row.origin} for row in rows],
    }


def _flat(values: Mapping[str, Any], model: Any = Settings, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Key and value of each setting; tables of the settings are taken apart, tables of the user are values."""
    fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    for key, value in values.items():
        inner = fields[key]
        if hasattr(inner, "model_fields"):
            yield from _flat(value, inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _toml_line(row: EffectiveSetting) -> str:
    key = row.key.rpartition(".")[2]
    return f"# {key} = " if row.value is None else f"{key} = {_toml(row.value)}"


def _toml(value: Any) -> str:
    """A value in one line of TOML; texts and numbers look as in JSON."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
