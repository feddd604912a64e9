"""Entry point of the command and of `python -m servicescape`.

Help is printed from stored text, without importing click: asking for help must not take longer than reading it.
"""

import os
import sys


def main() -> None:
    """Runs the command line of this process and exits."""
    args = sys.argv[1:]
    text = _stored_help(args)
    if text is not None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except (BrokenPipeError, UnicodeEncodeError):
            pass
        else:
            os._exit(0)
    from servicescape.cli.main import run

    run(args)


def _stored_help(args: list[str]) -> str | None:
    """The help text asked for, if it is stored and would look the same now; None: let click do it."""
    if not args:
        args = ["--help"]
    if len(args) > 2 or args[-1] not in ("--help", "-h") or not all(arg.isalpha() for arg in args[:-1]):
        return None
    if os.environ.get("COLUMNS") or (sys.stdout.isatty() and os.get_terminal_size().columns < _STORED_WIDTH):
        return None
    name = args[0] if len(args) == 2 else "servicescape"
    path = os.path.join(os.path.dirname(__file__), "cli", "help", f"{name}.txt")  # noqa: PTH118,PTH120 - pathlib is slow
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return None


_STORED_WIDTH = 80

if __name__ == "__main__":
    main()
