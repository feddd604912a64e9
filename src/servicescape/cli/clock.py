"""Which day it is: the one thing that a run may not take from its input alone."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime

from servicescape.diagnostics.errors import ToolError


def today(environ: Mapping[str, str] | None = None) -> date:
    """The day of `SOURCE_DATE_EPOCH` (seconds since 1970, UTC) where it is set, else that of the clock.

    Raises ToolError where the variable is no number of seconds.
    """
    seconds = (os.environ if environ is None else environ).get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return datetime.now().astimezone().date()
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise ToolError(
            f"SOURCE_DATE_EPOCH is {seconds!r}, which is no day", "set it to seconds since 1970, or unset it"
        ) from error
