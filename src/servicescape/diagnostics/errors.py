"""Why a run cannot go on. What is wrong in a catalog is a Diagnostic instead, collected and never raised."""


class ToolError(Exception):
    """The run cannot go on because of its settings, its arguments or the file system: exit code 2.

    `message` says what is wrong, `hint` what to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
