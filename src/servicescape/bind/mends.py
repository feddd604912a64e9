"""Mends of what stands at a path of an entity, for the findings of all layers above."""

from servicescape.bind.located import Path, Places
from servicescape.bind.places import PlacesAsWritten, before_leaving_out
from servicescape.diagnostics import Edit, Fix
from servicescape.diagnostics.suggest import fold
from servicescape.syntax import mends
from servicescape.syntax.document import Document


def are_spelt_alike(one: str, other: str) -> bool:
    """Whether two words differ in nothing but case and separators, so that one can only mean the other."""
    return fold(one) == fold(other)


def value_fix(places: Places, path: Path, text: str, *, safe: bool) -> Fix | None:
    """Writes another text at a path."""
    document, path = _written(places, path)
    return _fix(f"write `{text}`", mends.replace_value(document, path, text) if document else None, safe)


def key_fix(places: Places, path: Path, key: str, *, safe: bool) -> Fix | None:
    """Writes another key at a path."""
    document, path = _written(places, path)
    return _fix(f"write `{key}`", mends.replace_key(document, path, key) if document else None, safe)


def removal_fix(places: Places, path: Path, *, safe: bool, equal_one_stays: bool = False) -> Fix | None:
    """Takes out the item, or the key with its value, at a path; see `mends.remove_entry`."""
    document, path = _written(places, path)
    edit = mends.remove_entry(document, path, equal_one_stays=equal_one_stays) if document else None
    return _fix("remove it", edit, safe)


def quotes_fix(document: Document, path: Path) -> Fix | None:
    """Puts a value that is read as something else into quotes."""
    written = mends.written_value(document, path)
    if written is None or not written or not written.isprintable() or set(written) & set("\"'\\"):
        return None
    return _fix("put it in quotes", mends.replace_written(document, path, written, f'"{written}"'), safe=True)


def no_quotes_fix(document: Document, path: Path, text: str) -> Fix | None:
    """Takes the quotes off a value."""
    return _fix("remove the quotes", mends.replace_written(document, path, text, text), safe=True)


def bare_value_fix(places: Places, path: Path, text: str, *, safe: bool = True) -> Fix | None:
    """Writes another text, without quotes, in place of a value in one line."""
    document, path = _written(places, path)
    written = mends.written_value(document, path) if document else None
    if document is None or written is None or "\n" in written:
        return None
    bare = written[1:-1] if written[:1] in ("'", '"') else written
    return _fix(f"write `{text}`", mends.replace_written(document, path, bare, text), safe)


def _fix(title: str, edit: Edit | None, safe: bool) -> Fix | None:
    return Fix(title, (edit,), safe) if edit is not None else None


def _written(places: Places, path: Path) -> tuple[Document | None, Path]:
    """The document behind some places, and the path there."""
    if isinstance(places, PlacesAsWritten):
        path = before_leaving_out(path, places.left_out)
        places = places.document
    return (places if isinstance(places, Document) else None), path
