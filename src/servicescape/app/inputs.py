"""What besides the catalog's files decides what a run finds, told without heavy imports."""

from collections.abc import Iterable, Sequence
from pathlib import Path

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
    """A hash over every file in which `find_settings` may look: while it stays, the same settings are found."""
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
            if name == SETTINGS_FILES[0]:  # Nobody looks further up.
                return
