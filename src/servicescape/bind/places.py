"""Places in a document of which faulty parts were left out, so that the positions in its lists have moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicescape.bind.located import Path, Places
from servicescape.diagnostics import Span


@dataclass(frozen=True)
class PlacesAsWritten:
    """Finds the places of an entity's parts in the document as it was before `left_out` (implements `Places`)."""

    document: Places
    left_out: Sequence[Sequence[Path]]
    """What was left out, round by round; each path is one of the value as it was when its round began."""

    @property
    def file(self) -> str:
        """The file as the user would type it."""
        return self.document.file

    def value_span(self, path: Path) -> Span:
        """Where the value at a path of the entity stands."""
        return self.document.value_span(before_leaving_out(path, self.left_out))

    def key_span(self, path: Path) -> Span:
        """Where the key at a path of the entity stands."""
        return self.document.key_span(before_leaving_out(path, self.left_out))

    def is_whole(self, path: Path) -> bool:
        """Whether nothing at this path of the entity, or below it, was left out."""
        for number, paths in enumerate(self.left_out):
            written = before_leaving_out(path, self.left_out[number:])
            if any(other[: len(written)] == written for other in paths):
                return False
        return True


def before_leaving_out(path: Path, left_out: Sequence[Sequence[Path]]) -> Path:
    """The path that a part had before other parts were left out, round by round."""
    for paths in reversed(left_out):
        path = _before(path, paths)
    return path


def _before(path: Path, left_out: Sequence[Path]) -> Path:
    before: list[str | int] = []
    for step in path:
        if isinstance(step, int):
            gone = {other[-1] for other in left_out if len(other) == len(before) + 1 and list(other[:-1]) == before}
            for position in sorted(each for each in gone if isinstance(each, int)):
                if position <= step:
                    step += 1
        before.append(step)
    return tuple(before)
