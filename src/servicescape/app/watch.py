"""Validates a catalog again and again, as it is edited: whatever has not changed is kept in memory between the runs.

A system's notices of changes (by `watchfiles`, where it is installed) only wake us up. Whether anything has changed is
decided by comparing what the file system says of every input before a run with what it says after; so nothing that is
edited during a run is lost, and a notice that never comes (network folders, links) is made up for within seconds.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from servicescape.app.inputs import EXTENSION_SCHEMAS, digest_of_extension_schemas
from servicescape.app.recall import Outcome
from servicescape.app.validate import Request, outcome_of, run_checks
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.source.cache import Cache, Stamp
from servicescape.source.files import find_files

_NOTICED_AFTER_MS = 10
"""Editors write a file in several steps; a result waits until nothing happens for this long."""
_SEEN_AFTER_MS = 2000
"""How often we look ourselves, where the system gives notice."""
_LEAST_PAUSE_SECONDS = 0.25
_PAUSE_FOR_WORK = 5
"""Without notices at most a part in so many of the time is spent on looking."""

Wait = Callable[[], None]
"""Returns when something may have changed."""


def watch(request: Request, cache: Cache | None = None, wait: Wait | None = None) -> Iterator[Outcome | ToolError]:
    """The outcome of a run at once, and then of a further one after each change; never ends.

    A run that cannot go on gives its error, and the next change another chance. `wait` replaces the waiting.
    """
    from servicescape.app.load import Memory

    memory = Memory()
    waiting = _Waiting()
    while True:
        result: Outcome | ToolError
        scope = _Scope.guess(request)
        before: object = None
        try:
            scope = _Scope.of(request)
            before = scope.look(request)
            result = outcome_of(*run_checks(request, cache, memory))
        except ToolError as error:
            before = before or scope.look(request)
            result = error
        if memory.files is not None:
            memory.files.leave_cache()
        yield result
        # While nobody waits: the circles that the run has left. What stays is not looked at again.
        gc.collect()
        gc.freeze()
        (wait or partial(waiting.wait, scope, request, before))()


@record()
class _Scope:
    """Where the inputs of a run are."""

    roots: tuple[Path, ...]
    exclude: tuple[str, ...]
    folder: Path

    @classmethod
    def of(cls, request: Request) -> "_Scope":
        """The scope by the settings. Raises ToolError where they cannot be read."""
        from servicescape.app.load import roots_of
        from servicescape.app.settings import find_settings

        named = [Path(path) for path in request.paths]
        found = find_settings(named, request.cwd)
        return cls(tuple(roots_of(named, found, request.cwd)), found.settings.exclude, found.folder)

    @classmethod
    def guess(cls, request: Request) -> "_Scope":
        """The scope where the settings cannot be read."""
        return cls(tuple(Path(path) for path in request.paths), (), request.cwd)

    def look(self, request: Request) -> object:
        """What the file system says of all inputs; equal as long as none has changed."""
        stamps: list[tuple[str, Stamp | None]] = []
        try:
            files, problems = find_files(self.roots, exclude=self.exclude, cwd=request.cwd, folder=self.folder)
        except ToolError as error:
            return error.message, request.question.settings_digest()
        for path, name in files:
            try:
                stamps.append((name, Stamp.of(path.stat())))
            except OSError:
                stamps.append((name, None))
        extensions = digest_of_extension_schemas(self.folder / EXTENSION_SCHEMAS)
        return stamps, len(problems), extensions, request.question.settings_digest()

    def places(self, cwd: Path) -> list[Path]:
        """Folders whose changes concern us, none within another. Of a file its folder: editors replace files."""
        roots = [cwd / root for root in self.roots]
        wanted = {root if root.is_dir() else root.parent for root in roots} | {self.folder / EXTENSION_SCHEMAS}
        found = sorted({Path(os.path.realpath(place)) for place in wanted if place.is_dir()})
        return [place for place in found if not any(other in place.parents for other in found)]


class _Waiting:
    """Waits for changes. The system's notices are collected all the time, also while a run is under way."""

    def __init__(self) -> None:
        self._places: list[Path] = []
        self._notices: Iterator[object] | None = None

    def wait(self, scope: _Scope, request: Request, before: object) -> None:
        """Returns when an input differs from what it was `before`; at once if it does already."""
        places = scope.places(request.cwd)
        if places != self._places:
            self._places = places
            self._notices = _notices(places) if places else None
        while True:
            started = time.monotonic()
            if scope.look(request) != before:
                return
            if self._notices is None:
                time.sleep(max(_LEAST_PAUSE_SECONDS, _PAUSE_FOR_WORK * (time.monotonic() - started)))
            elif next(self._notices, None) is None:  # Cannot watch (too many folders, say).
                self._notices = None


def _notices(places: list[Path]) -> Iterator[object] | None:
    """Comes back from `next` when the system notices a change, or now and then; None where there is nobody to ask."""
    try:
        import watchfiles
    except ImportError:
        return None

    def listen() -> Iterator[object]:
        try:
            yield from watchfiles.watch(
                *places,
                debounce=20 * _NOTICED_AFTER_MS,
                step=_NOTICED_AFTER_MS,
                rust_timeout=_SEEN_AFTER_MS,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            )
        except (OSError, RuntimeError):
            return

    return listen()
