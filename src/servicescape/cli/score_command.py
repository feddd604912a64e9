"""`servicescape score`: how well everything is looked after, and what would help first."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from servicescape.cli.main import EXIT_FINDINGS, EXIT_NOTHING

if TYPE_CHECKING:
    from servicescape.analysis.lenses.results import Scorecard
    from servicescape.catalog.catalog import Catalog

FORMS = ("text", "md", "json", "html")


@click.command("score")
@click.argument("ref", required=False)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--by", type=click.Choice(["journey", "team", "platform"]), help="Only cards of this kind.")
@click.option(
    "--fail-under",
    type=click.Choice(["bronze", "silver", "gold"]),
    help="Exit with 1 when a card that is shown is below this level.",
)
@click.option(
    "--predictions/--no-predictions",
    default=None,
    help="Predict however long it takes, or not at all; by default where it takes seconds.",
)
@click.option("--explain", metavar="FIGURE", help="Say what a figure means; also: levels, improvements.")
@click.option("--format", "form", type=click.Choice(FORMS), help="How to print; by default what -o ends in, or text.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def command(
    ref: str | None,
    paths: tuple[str, ...],
    by: Any,
    fail_under: str | None,
    predictions: bool | None,
    explain: str | None,
    form: str | None,
    output: Path | None,
) -> int:
    """Score journeys, teams and platforms, and say what to improve first.

    Every card has a level (bronze, silver, gold), what lacks for the next one, and figures with the names behind them;
    that of a journey also the three cheapest improvements, each predicted. Nothing is averaged.

    REF names one journey, team or platform, whose card is shown in full. A REF that is a folder or file is taken for
    the catalog's place.

    \b
    Examples:
      servicescape score
      servicescape score --by team
      servicescape score buy-broadband
      servicescape score --explain calm
      servicescape score --fail-under bronze -o scorecard.html
    """
    if explain is not None:
        return _explain(explain)
    if ref is not None and (Path(ref).exists() or ref.startswith((".", "/"))):
        paths, ref = (ref, *paths), None
    form = form or _form_of(output)

    from servicescape.app.score import ScoreRequest, score
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.clock import today

    opened = open_catalog(paths)
    loaded = opened.loaded
    found = score(loaded, ScoreRequest(by=by, ref=ref, predictions=predictions), today=today())
    if not found.cards:
        what = f"no {by}" if by else "no journey, team or platform with anything to look at"
        click.echo(f"nothing to score: the catalog has {what}", err=True)
        raise click.exceptions.Exit(EXIT_NOTHING)
    text = _text(found, loaded.catalog, form, output, single=ref is not None)
    text = text if text.endswith("\n") else f"{text}\n"
    if output is not None:
        from servicescape.app.files import write_file

        write_file(output, text)
    else:
        click.echo(text, nl=False)
    return _judged(found, fail_under) or opened.exit_code


def _text(found: "Scorecard", catalog: "Catalog", form: str, output: Path | None, *, single: bool) -> str:
    if form == "json":
        from servicescape.render.score.json_form import render_score as as_json

        return as_json(found, catalog)
    if form == "md":
        from servicescape.render.score.markdown import render_score as as_markdown

        return as_markdown(found, catalog, details=single)
    if form == "html":
        from servicescape.render.score.html import render_score as as_html

        return as_html(found, catalog)
    from servicescape.cli.output import PIPE_WIDTH, console_facts
    from servicescape.render.score.text import render_card, render_overview

    facts = console_facts()
    width = PIPE_WIDTH if output is not None else facts.width
    render = render_card if single else render_overview
    return render(found, catalog, width=width, colour=output is None and facts.colour)


def _judged(found: "Scorecard", fail_under: str | None) -> int:
    if fail_under is None:
        return 0
    from servicescape.analysis.lenses.results import LEVELS

    below = [card.ref for card in found.cards if LEVELS.index(card.level) < LEVELS.index(fail_under)]
    if not below:
        return 0
    names = ", ".join(below[:5]) + (f" and {len(below) - 5:,} more" if len(below) > 5 else "")
    one = len(below) == 1
    click.echo(f"below {fail_under}: {len(below):,} of {len(found.cards):,} card{'s' * (not one)}, {names}", err=True)
    return EXIT_FINDINGS


def _explain(topic: str) -> int:
    from servicescape.analysis.lenses.topics import TOPICS
    from servicescape.cli.output import console_facts
    from servicescape.diagnostics.suggest import nearest
    from servicescape.render.score.explain import render_topic

    wanted = topic.strip().lower().replace(" ", "-")
    if wanted not in TOPICS:
        close = nearest(wanted, TOPICS)
        hint = f"did you mean `{close}`?" if close else f"figures are {', '.join(TOPICS)}"
        raise click.UsageError(f"no figure is called `{topic}`; {hint}")
    facts = console_facts()
    click.echo(render_topic(wanted, width=facts.width, colour=facts.colour))
    return 0


def _form_of(output: Path | None) -> str:
    if output is None:
        return "text"
    ending = output.suffix.lstrip(".").lower()
    form = {"markdown": "md", "htm": "html", "txt": "text"}.get(ending, ending)
    if form not in FORMS:
        raise click.UsageError(f"cannot tell the format from `{output.name}`: add --format {'|'.join(FORMS)}")
    return form
