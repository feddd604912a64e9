"""Finds and reads the settings: the nearest file wins, and nothing is merged."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from servicescape.diagnostics import nearest
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.model.settings import Settings

FILE_NAME = "servicescape.toml"


@record()
class FoundSettings:
    """Settings and the folder that their paths are relative to."""

    settings: Settings
    folder: Path
    file: Path | None
    """None: there is no settings file, and all is default."""


def find_settings(paths: Sequence[Path], cwd: Path) -> FoundSettings:
    """The settings for a catalog: looked for beside it, then upwards; from the working directory without paths.

    Raises ToolError where a settings file cannot be read or holds what it must not.
    """
    start = (cwd / paths[0]) if paths else cwd
    if not start.is_dir():
        start = start.parent
    start = start.resolve() if start.exists() else cwd
    for folder in (start, *start.parents):
        own = folder / FILE_NAME
        if own.is_file():
            return FoundSettings(_read(own, ()), folder, own)
        project = folder / "pyproject.toml"
        if project.is_file() and _is_meant(_load(project)):
            return FoundSettings(_read(project, ("tool", "servicescape")), folder, project)
    return FoundSettings(Settings.model_construct(), cwd, None)


def _is_meant(project: dict[str, Any]) -> bool:
    tools = project.get("tool")
    return isinstance(tools, dict) and "servicescape" in tools


def _load(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ToolError(f"{file.name} is not valid TOML: {error}", f"mend {file}") from error
    except OSError as error:
        raise ToolError(f"{file} cannot be read: {error.strerror}", "give this user the right to read it") from error


def _read(file: Path, table: tuple[str, ...]) -> Settings:
    data = _load(file)
    for key in table:
        data = data[key]
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        # A key that is missing may only be misspelt.
        faults = error.errors()
        fault = next((each for each in faults if each["type"] == "extra_forbidden"), faults[0])
        key = ".".join(str(step) for step in (*table, *fault["loc"]))
        if fault["type"] == "extra_forbidden":
            known = _keys_at(fault["loc"][:-1])
            close = nearest(str(fault["loc"][-1]), known)
            hint = f"did you mean `{close}`?" if close else f"the keys here are {', '.join(sorted(known))}"
            raise ToolError(f"{file.name}: unknown setting `{key}`", hint) from error
        if fault["type"] == "literal_error" and fault["loc"][-1] == "[key]":
            known = set(re.findall("'([^']+)'", fault["ctx"]["expected"]))
            close = nearest(str(fault["loc"][-2]), known)
            hint = f"did you mean `{close}`?" if close else f"the keys here are {', '.join(sorted(known))}"
            raise ToolError(f"{file.name}: unknown setting `{key.removesuffix('.[key]')}`", hint) from error
        raise ToolError(f"{file.name}: `{key}` {_what_it_needs(fault)}", f"mend {file}") from error


def _what_it_needs(fault: Any) -> str:
    words = _NEEDS.get(fault["type"])
    if fault["type"] == "literal_error":
        words = f"one of {fault['ctx']['expected']}"
    return f"needs {words}" if words else f"is wrong: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


_NEEDS = {
    "missing": "a value",
    "string_type": "text in quotes",
    "tuple_type": 'a list in brackets, such as `["catalog"]`',
    "int_type": "a whole number",
    "dict_type": "a table",
    "model_type": "a table",
    "greater_than_equal": "a number above zero",
}


def _keys_at(loc: tuple[int | str, ...]) -> set[str]:
    model: Any = Settings
    for step in loc:
        if isinstance(step, int):  # One of a list of tables.
            continue
        if get_origin(model) is dict:  # One of several tables with names of the user's own.
            model = get_args(model)[1]
            continue
        field = next((field for field in model.model_fields.values() if field.alias == step), None)
        model = field.annotation if field is not None else None
        if get_origin(model) is tuple:
            model = get_args(model)[0]
        if not hasattr(model, "model_fields") and get_origin(model) is not dict:
            return set()
    if not hasattr(model, "model_fields"):
        return set()
    return {field.alias or name for name, field in model.model_fields.items()}
