"""The command `servicescape`: finds the command asked for, runs it, and turns failures into exit codes.

Exit codes: 0 clean, 1 findings at or above `--fail-on`, 2 could not run, 3 nothing to check.
"""

import errno
import gc
import importlib
import os
import sys
from typing import Any, NoReturn

import click

import servicescape
from servicescape.cli.commands import COMMANDS
from servicescape.cli.output import write_as_utf8
from servicescape.diagnostics.errors import ToolError

EXIT_CLEAN, EXIT_FINDINGS, EXIT_COULD_NOT_RUN, EXIT_NOTHING = 0, 1, 2, 3
_EXIT_PIPE_CLOSED = 141
"""What a shell says of a program whose reader went away; 0 would call a catalog clean that may not be."""


class _LazyGroup(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order in which a reader should meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"servicescape.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists commands from their descriptions alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's own, with a did-you-mean."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from servicescape.diagnostics.suggest import nearest

            close = nearest(name, COMMANDS)
            hint = f"did you mean `{close}`?" if close else f"the commands are {', '.join(COMMANDS)}"
            raise click.UsageError(f"there is no command `{name}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Start with `servicescape build`: it reads catalog/ and writes build/.",
)
@click.version_option(servicescape.__version__, "-V", "--version", message="servicescape %(version)s")
def cli() -> None:
    """A service catalog that knows which customers feel a failure.

    Describe platforms, services, dependencies, SLOs, channels and customer journeys in YAML; servicescape checks
    them, draws them, and compiles them into alert rules and an impact matrix.
    """


def run(args: list[str]) -> NoReturn:
    """Runs a command line and exits."""
    # The process ends with the command: looking for circles of garbage in a catalog of 10,000 entities, again and
    # again, takes longer than the command. `--watch` switches it on for itself.
    gc.disable()
    write_as_utf8()
    try:
        result: Any = cli.main(args=args, prog_name="servicescape", standalone_mode=False)
    except click.exceptions.Exit as stop:
        _leave(stop.exit_code)
    except click.ClickException as error:
        error.show()
        _leave(EXIT_COULD_NOT_RUN)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        _leave(130)
    except ToolError as error:
        click.echo(f"error: {error.message}", err=True)
        if error.hint:
            click.echo(f"  = help: {error.hint}", err=True)
        _leave(EXIT_COULD_NOT_RUN)
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone (`| head`); that is its right. click makes a SystemExit of it.
        os._exit(_EXIT_PIPE_CLOSED)
    except OSError as error:
        if not _is_of_stream(error):
            _report_our_fault(error)
        _leave(EXIT_COULD_NOT_RUN)
    except Exception as error:  # noqa: BLE001 - the one place where our own faults end
        _report_our_fault(error)
        _leave(EXIT_COULD_NOT_RUN)
    _leave(result if isinstance(result, int) else EXIT_CLEAN)


def _leave(code: int) -> NoReturn:
    """Ends the process at once: taking apart a catalog of 10,000 entities takes longer than writing about it."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        os._exit(code)
    except OSError as error:
        _is_of_stream(error)
        os._exit(EXIT_COULD_NOT_RUN)
    os._exit(code)


def _is_of_stream(error: OSError) -> bool:
    """Whether standard output cannot take what we write (a full disk), which is then said."""
    if error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT):
        return False
    click.echo(f"error: cannot write the output: {error.strerror}", err=True)
    click.echo("  = help: make room there, or write somewhere else", err=True)
    return True


def _report_our_fault(error: Exception) -> None:
    import traceback

    click.echo(f"error: servicescape itself has failed: {type(error).__name__}: {error}", err=True)
    click.echo(
        "  = help: this is our fault and not yours; please report it with the lines below and, if you can, the file",
        err=True,
    )
    click.echo("".join(traceback.format_exception(error)), err=True)
