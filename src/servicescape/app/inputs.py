"""What besides the catalog's files decides what a run finds, told without heavy imports."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from servicescape.source.cache import digest_of

SETTINGS_FILES = ("servicescape.toml", "pyproject.toml")

EXTENSION_SCHEMAS = Path("schemas") / "extensions"
"""Where, beside the settings, an organisation keeps the schemas of its extensions."""


def list_extension_schemas(folder: Path) -> list[Path]:
    """The organisation's schemas of `spec.extensions` in a folder, in the order of their names."""
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def digest_of_extension_schemas(folder: Path) -> bytes | None:
    """A hash of all schemas for `spec.extensions`; None where one cannot be read."""
    texts: list[bytes | str] = []
    try:
        for file in list_extension_schemas(folder):
            texts += [file.name, file.read_bytes()]
    except OSError:
        return None
    return digest_of(*texts)


def digest_of_settings(paths: Sequence[Path], cwd: Path) -> bytes:
    """A hash over every file in which `find_settings` may look, and over those that decide with them what is found.

    While it stays, the same settings are found, and the same Alertmanager configuration.
    """
    start = (cwd / paths[0]) if paths else cwd
    if not start.is_dir():
        start = start.parent
    start = start.resolve() if start.exists() else cwd
    return digest_of(*_settings_files(start))


def _settings_files(start: Path) -> Iterable[bytes | str]:
    for folder in (start, *start.parents):
        for name in SETTINGS_FILES:
            file = folder / name
            try:
                data = file.read_bytes()
            except OSError as error:
                yield f"{type(error).__name__}"
                continue
            yield str(file)
            yield data
            yield from _alertmanager_base(folder, data)
            if name == SETTINGS_FILES[0]:  # Nobody looks further up.
                return


def _alertmanager_base(folder: Path, settings: bytes) -> Iterable[bytes | str]:
    """The configuration that a settings file names, if it does. Most name none, and are not parsed for that."""
    if b"alertmanager" not in settings:
        return
    import tomllib

    try:
        found: Any = tomllib.loads(settings.decode("utf-8-sig"))
        for key in ("compile", "alertmanager", "base"):
            # In `pyproject.toml` they stand in a table of their own.
            found = found.get(key) or found.get("tool", {}).get("servicescape", {}).get(key)
        yield (folder / found).read_bytes()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        yield f"{type(error).__name__}"
