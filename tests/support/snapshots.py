"""Golden files: what is on disk is what a reviewer has read.

`UPDATE_SNAPSHOTS=1 pytest …` writes them anew; read the diff before committing it.
"""

import difflib
import os
from pathlib import Path


def assert_snapshot(path: Path, text: str) -> None:
    """Holds a text against its golden file, byte by byte; with UPDATE_SNAPSHOTS=1 writes the file instead."""
    actual = text.encode("utf-8")
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != actual:
            path.write_bytes(actual)
        return
    assert path.exists(), f"{path} does not exist; UPDATE_SNAPSHOTS=1 writes it"
    expected = path.read_bytes()
    if expected == actual:
        return
    diff = "\n".join(
        difflib.unified_diff(
            expected.decode("utf-8", "replace").splitlines(),
            text.splitlines(),
            f"{path.name} as accepted",
            f"{path.name} as written now",
            lineterm="",
        )
    )
    raise AssertionError(f"{path} differs; UPDATE_SNAPSHOTS=1 accepts the change\n{diff or 'only in line ends'}")
