"""Writes the help texts that are printed without importing click: `python -m tests.support.stored_help`."""

from pathlib import Path

import click

import servicescape.cli
from servicescape.cli.commands import COMMANDS
from servicescape.cli.main import cli

FOLDER = Path(servicescape.cli.__file__).parent / "help"
WIDTH = 80


def help_texts() -> dict[str, str]:
    """File name → help as click lays it out on a terminal of 80 columns."""
    root = click.Context(cli, info_name="servicescape", terminal_width=WIDTH - 2, **cli.context_settings)
    texts = {"servicescape.txt": root.get_help()}
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        context = click.Context(
            command, info_name=name, parent=root, terminal_width=WIDTH - 2, **command.context_settings
        )
        texts[f"{name}.txt"] = command.get_help(context)
    return {name: f"{text}\n" for name, text in texts.items()}


def main() -> None:
    """Writes all texts, and removes those of commands that are gone."""
    FOLDER.mkdir(exist_ok=True)
    texts = help_texts()
    for path in FOLDER.glob("*.txt"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
