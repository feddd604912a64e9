"""`servicescape predict`: how often journeys work, and what to mend first."""

from collections.abc import Iterable
from pathlib import Path

import click

FORMS = ("text", "md", "json")


@click.command("predict")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--journey", "journeys", multiple=True, metavar="NAME", help="Only this journey, with its details.")
@click.option(
    "--order", type=click.IntRange(1, 4), default=2, show_default=True, help="Most causes in a minimal cut set."
)
@click.option(
    "--measured",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Measured availabilities, YAML or JSON: a mapping of components to percent or ratio.",
)
@click.option("--explain", is_flag=True, help="Say where each number comes from.")
@click.option("--format", "form", type=click.Choice(FORMS), help="How to print; by default what -o ends in, or text.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def command(
    paths: tuple[str, ...],
    journeys: tuple[str, ...],
    order: int,
    measured: Path | None,
    explain: bool,
    form: str | None,
    output: Path | None,
) -> int:
    """Predict how often journeys work, and what to mend first.

    From the availability of every component (measured, promised by its SLO or contract, or assumed for its tier) the
    exact chances that a journey is ok, degraded, falls back or is blocked. Parts that several steps share count once.

    \b
    Examples:
      servicescape predict
      servicescape predict --journey buy-broadband --explain
      servicescape predict --measured last-quarter.yaml -o prediction.json
    """
    from servicescape.app.predict import predict
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.progress import Progress

    form = form or _form_of(output)
    opened = open_catalog(paths)
    loaded = opened.loaded
    with Progress("journeys") as progress:
        prediction = predict(
            loaded.catalog,
            loaded.settings,
            journeys=journeys,
            order=order,
            measured=measured,
            # A table of all journeys shows none, and they take most of the time.
            details=form == "json" or explain or bool(journeys),
            progress=progress,
        )
    if form == "json":
        from servicescape.render.prediction.json_form import render_prediction as as_json

        pieces: Iterable[str] = as_json(prediction)
    elif form == "md":
        from servicescape.render.prediction.markdown import render_prediction as as_markdown

        pieces = [as_markdown(prediction, loaded.catalog, details=bool(journeys), explain=explain)]
    else:
        from servicescape.cli.output import PIPE_WIDTH, console_facts
        from servicescape.render.prediction.text import render_prediction as as_text

        facts = console_facts()
        text = as_text(
            prediction,
            loaded.catalog,
            width=PIPE_WIDTH if output is not None else facts.width,
            colour=output is None and facts.colour,
            details=bool(journeys),
            explain=explain,
        )
        pieces = [text if text.endswith("\n") else f"{text}\n"]
    if output is not None:
        from servicescape.app.files import write_file

        write_file(output, pieces)
    else:
        for piece in pieces:
            click.echo(piece, nl=False)
    return opened.exit_code


def _form_of(output: Path | None) -> str:
    if output is None:
        return "text"
    form = {"markdown": "md", "txt": "text"}.get(output.suffix.lstrip(".").lower(), output.suffix.lstrip(".").lower())
    if form not in FORMS:
        raise click.UsageError(f"cannot tell the format from `{output.name}`: add --format {'|'.join(FORMS)}")
    return form
