"""Loads hypothesis before any catalog is read.

Reading a catalog hides all objects from the garbage collector (`gc.freeze`), and plugins of hypothesis that are loaded
after that take their own objects for lost, which ends the session with an error.
"""

import hypothesis  # noqa: F401
