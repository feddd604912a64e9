"""Entry point of the command and of `python -m servicescape`.

Help is printed from stored text, without importing click: asking for help must not take longer than reading it.
"""

import os
import sys


def main() -> None:
    """Runs the command line of this process and exits."""
    _open_closed_streams()
    args = sys.argv[1:]
    text = _stored_help(args)
    if text is not None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except UnicodeEncodeError:
            pass
        except BrokenPipeError:
            os._exit(141)
        except OSError as error:
            sys.stderr.write(f"error: cannot write the output: {error.strerror}\n")
            sys.stderr.flush()
            os._exit(2)
        else:
            os._exit(0)
    # A plugin of pydantic that happens to be installed must not change what a catalog means; looking for some in all
    # that is installed also takes longer than to compile a model.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from servicescape.cli.main import run

    run(args)


def _open_closed_streams() -> None:
    """Python has None for a stream that was closed before it began (`>&-`); what goes there goes nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123,SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123,SIM115


def _stored_help(args: list[str]) -> str | None:
    """The help text asked for, if it is stored and would look the same now; None: let click do it."""
    if not args:
        args = ["--help"]
    if len(args) > 2 or args[-1] not in ("--help", "-h") or not all(arg.isalpha() for arg in args[:-1]):
        return None
    if _is_narrow():
        return None
    name = args[0] if len(args) == 2 else "servicescape"
    path = os.path.join(os.path.dirname(__file__), "cli", "help", f"{name}.txt")  # noqa: PTH118,PTH120 - pathlib is slow
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return None


def _is_narrow() -> bool:
    """Whether the help must be laid out anew; it is never wider than it is stored."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns) < _STORED_WIDTH
    try:
        return sys.stdout.isatty() and 0 < os.get_terminal_size().columns < _STORED_WIDTH
    except OSError:
        return False


_STORED_WIDTH = 80

if __name__ == "__main__":
    main()
