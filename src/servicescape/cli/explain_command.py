"""`servicescape explain`: what a rule checks, why, and what to do."""

import json
import sys
from pathlib import Path

import click

from servicescape.cli.main import EXIT_COULD_NOT_RUN


@click.command("explain")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(codes: tuple[str, ...], form: str) -> None:
    """Say what a rule checks, why, and what to do.

    Without CODE, lists all rules. A rule can be named by its code or its name.

    \b
    Examples:
      servicescape explain REF201
      servicescape explain unknown-reference
      servicescape explain --format json
    """
    from servicescape.rules.registry import all_rules, find_rule, suggest_rule

    _use_policies()
    chosen = []
    for code in codes:
        rule = find_rule(code)
        if rule is None:
            close = suggest_rule(code)
            click.echo(f"error: there is no rule `{code}`", err=True)
            click.echo(
                f"  = help: did you mean `{close}`?" if close else "  = help: `servicescape explain` lists all rules",
                err=True,
            )
            raise click.exceptions.Exit(EXIT_COULD_NOT_RUN)
        chosen.append(rule)
    listed = chosen or list(all_rules().values())
    if form == "json":
        rules = [
            {
                "code": rule.code,
                "name": rule.name,
                "severity": str(rule.severity),
                "fixable": rule.fixable,
                "summary": rule.summary(),
                "documentation": rule.documentation(),
            }
            for rule in listed
        ]
        click.echo(json.dumps({"version": 1, "rules": rules}, indent=2, ensure_ascii=False))
        return
    if not chosen:
        for rule in listed:
            click.echo(f"{rule.code}  {rule.severity!s:<7}  {rule.name:<28}  {rule.summary()}")
        return
    from servicescape.cli.markdown_text import print_markdown

    for number, rule in enumerate(chosen):
        if number:
            click.echo()
        heading = f"# {rule.code} {rule.name}\n\n*{rule.severity!s}{', can be mended' if rule.fixable else ''}*\n\n"
        print_markdown(heading + rule.documentation(), sys.stdout)


def _use_policies() -> None:
    """Takes the policies of the settings into the list; settings that cannot be used hide no other rule."""
    from servicescape.app.policies import use_settings_policies
    from servicescape.app.settings import find_settings
    from servicescape.diagnostics.errors import ToolError

    try:
        use_settings_policies(find_settings([], Path.cwd()).settings)
    except ToolError as error:
        click.echo(f"warning: the policies of the settings are not listed: {error.message}", err=True)
