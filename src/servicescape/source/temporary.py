"""Files that are written beside their place and then renamed, so that nobody ever reads half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(folder: Path, prefix: str) -> Iterator[Path]:
    """An empty file that this user alone may read, to write and to rename.

    It goes again where the block fails or is interrupted.
    """
    import tempfile

    handle, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise
