"""`servicescape explain`: what a rule checks, why, and what to do."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from servicescape.cli.main import EXIT_COULD_NOT_RUN


@click.command("explain")
@click.argument("codes", nargs=-1, metavar="[CODE|INDICATOR]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def command(codes: tuple[str, ...], form: str) -> None:
    """Say what a rule checks, why, and what to do.

    Without CODE, lists all rules. A rule can be named by its code or its name. The Indicators that come with the tool
    are explained too; `servicescape` alone lists them.

    \b
    Examples:
      servicescape explain REF201
      servicescape explain unknown-reference
      servicescape explain --format json
      servicescape explain servicescape/http-availability
    """
    from servicescape.rules.registry import all_rules, find_rule, suggest_rule

    indicators = _indicators(codes)
    codes = tuple(code for code in codes if not _is_of_library(code))
    if indicators and not codes:
        _print_indicators(indicators, form)
        return
    _use_policies()
    chosen = []
    for code in codes:
        rule = find_rule(code)
        if rule is None:
            close = suggest_rule(code) or _suggest_indicator(code)
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
        found = {"indicators": _facts(indicators)} if indicators else {}
        click.echo(json.dumps({"version": 1, "rules": rules, **found}, indent=2, ensure_ascii=False))
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
    if indicators:
        click.echo()
        _print_indicators(indicators, form)


def _is_of_library(text: str) -> bool:
    return text.removeprefix("indicator:").partition("/")[0] == "servicescape"


def _indicators(texts: tuple[str, ...]) -> list[str]:
    """Names of the library's Indicators that are asked for; the namespace alone stands for all."""
    found: list[str] = []
    for text in texts:
        if not _is_of_library(text):
            continue
        from servicescape.diagnostics import nearest
        from servicescape.library import library_names

        name = text.removeprefix("indicator:").partition("/")[2]
        if name and name not in library_names():
            close = nearest(name, library_names())
            click.echo(f"error: no indicator `{name}` comes with the tool", err=True)
            hint = f"did you mean `servicescape/{close}`?" if close else "`servicescape explain servicescape` lists all"
            click.echo(f"  = help: {hint}", err=True)
            raise click.exceptions.Exit(EXIT_COULD_NOT_RUN)
        found += [name] if name else library_names()
    return list(dict.fromkeys(found))


def _suggest_indicator(text: str) -> str | None:
    from servicescape.diagnostics import nearest
    from servicescape.library import library_names

    close = text if text in library_names() else nearest(text, library_names())
    return f"servicescape/{close}" if close else None


def _facts(names: list[str]) -> list[dict[str, Any]]:
    from servicescape.library.pages import indicator_facts

    return [indicator_facts(name) for name in names]


def _print_indicators(names: list[str], form: str) -> None:
    from servicescape.cli.markdown_text import print_markdown
    from servicescape.library import library_names
    from servicescape.library.pages import indicator_lines, indicator_page

    if form == "json":
        click.echo(json.dumps({"version": 1, "rules": [], "indicators": _facts(names)}, indent=2, ensure_ascii=False))
    elif len(names) == len(library_names()):
        click.echo("\n".join(indicator_lines()))
    else:
        for number, name in enumerate(names):
            if number:
                click.echo()
            print_markdown(indicator_page(name), sys.stdout)


def _use_policies() -> None:
    """Takes the policies of the settings into the list; settings that cannot be used hide no other rule."""
    from servicescape.app.policies import use_settings_policies
    from servicescape.app.settings import find_settings
    from servicescape.diagnostics.errors import ToolError

    try:
        use_settings_policies(find_settings([], Path.cwd()).settings)
    except ToolError as error:
        click.echo(f"warning: the policies of the settings are not listed: {error.message}", err=True)
