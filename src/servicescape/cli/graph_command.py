"""`servicescape graph`: draws a diagram."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from servicescape.app.graph import GraphRequest
    from servicescape.catalog.catalog import Catalog

FORMS = ("svg", "png", "dot", "mermaid", "json")
_ENDINGS = {"gv": "dot", "mmd": "mermaid"}
_PICTURES = ("svg", "png")
_POSTER = 120
"""Components in one picture from which on nobody reads it on a screen."""


@click.command("graph")
@click.argument("view", required=False)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file (with --all: folder).")
@click.option("--format", "form", type=click.Choice(FORMS), help="By default what -o ends in, or svg.")
@click.option("--all", "everything", is_flag=True, help="Draw every view and every journey into the folder -o.")
@click.option("--journey", metavar="NAME", help="One journey: steps, ways of doing them, what they use.")
@click.option("--dependencies-of", metavar="REF", help="This component and what it needs.")
@click.option("--dependents-of", metavar="REF", help="This component and what needs it.")
@click.option("--depth", type=click.IntRange(min=0), help="How many steps to follow; all by default.")
@click.option("--include", multiple=True, metavar="KEY=VALUE", help="Show these; repeat for more, comma for both.")
@click.option("--exclude", multiple=True, metavar="KEY=VALUE", help="Leave these out.")
@click.option("--group-by", type=click.Choice(["domain", "owner", "platform", "none"]), help="What frames stand for.")
@click.option(
    "--colour-by",
    type=click.Choice(["tier", "lifecycle", "owner", "slo", "state", "availability"]),
    help="What colour means.",
)
@click.option("--direction", type=click.Choice(["LR", "TB", "RL", "BT"]), help="From dependents to dependencies.")
@click.option("--scenario", metavar="NAME", help="Colour by what becomes of each component in this scenario.")
@click.option("--theme", type=click.Choice(["light", "dark", "auto"]), help="auto: SVG follows the reader's system.")
@click.option("--engine", type=click.Choice(["embedded", "system"]), help="system: the `dot` of your Graphviz.")
def command(
    view: str | None,
    paths: tuple[str, ...],
    output: Path | None,
    form: str | None,
    everything: bool,
    theme: str | None,
    engine: str | None,
    **choices: Any,
) -> int:
    """Draw a diagram.

    VIEW is the name of a View in the catalog; without one, and without options that select, all components are drawn
    by business area. A VIEW that is a folder or file is taken for the catalog's place.

    Selectors are domain=, owner=, journey=, name=, kind=, tier= and label.KEY=.

    Without -o the result goes to standard output. A picture (SVG, PNG) is written to a file named after what it shows
    instead, such as graph.svg, where standard output is a terminal.

    \b
    Examples:
      servicescape graph -o landscape.svg
      servicescape graph night-rota -o night-rota.png
      servicescape graph --journey buy-broadband -o buy.svg
      servicescape graph --dependents-of identity --depth 2 --format mermaid
      servicescape graph --include domain=commerce,tier=1 --colour-by slo
      servicescape graph --all -o pictures
    """
    from servicescape.app.graph import GraphRequest, NothingSelectedError, draw
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.main import EXIT_NOTHING

    if view is not None and Path(view).exists():
        paths, view = (view, *paths), None
    chosen: Any = form or _form_of(None if everything else output)
    opened = open_catalog(paths)
    settings = opened.loaded.settings.graph
    look: Any = {"theme": theme or settings.theme, "engine": engine or settings.engine}
    if everything:
        if view is not None or any(choices.values()):
            raise click.UsageError("--all draws every view and journey as it is; leave what selects or colours out")
        _draw_everything(opened.loaded.catalog, GraphRequest(form=chosen, **look), output or Path("diagrams"))
        return opened.exit_code
    request = GraphRequest(view=view, form=chosen, **look, **choices)
    try:
        picture = draw(opened.loaded.catalog, request)
    except NothingSelectedError as error:
        click.echo(f"nothing to draw: {error.message}", err=True)
        click.echo(f"  = help: {error.hint}", err=True)
        raise click.exceptions.Exit(EXIT_NOTHING) from error
    _emit(picture, request, output)
    shown = len(opened.loaded.catalog.components)
    if shown > _POSTER and chosen in _PICTURES and not (view or any(choices.values())):
        click.echo(f"hint: {shown} components make a poster; `--include domain=NAME` shows a part", err=True)
    return opened.exit_code


def _draw_everything(catalog: "Catalog", request: "GraphRequest", folder: Path) -> None:
    from servicescape.app.files import write_file
    from servicescape.app.graph import draw_all_journeys, draw_all_views, file_name

    if folder.is_file():
        raise click.UsageError(f"--all writes a folder, and `{folder}` is a file")
    views = draw_all_views(catalog, request)
    journeys = draw_all_journeys(catalog, request)
    ending = "mmd" if request.form == "mermaid" else request.form
    for kind, pictures in (("views", views.pictures), ("journeys", journeys)):
        for name, picture in pictures.items():
            write_file(folder / kind / f"{file_name(name)}.{ending}", picture)
    for name in views.empty:
        click.echo(f"warning: view `{name}` shows nothing and was not drawn", err=True)
    count = len(views.pictures) + len(journeys)
    click.echo(f"{count} diagram{'s' * (count != 1)} written to {folder}", err=True)


def _emit(picture: bytes | str, request: "GraphRequest", output: Path | None) -> None:
    from servicescape.app.files import write_file
    from servicescape.cli.output import is_terminal

    if output is None and request.form in _PICTURES and is_terminal(sys.stdout):
        name = request.view or request.journey or request.dependencies_of or request.dependents_of or "graph"
        output = Path(f"{name.replace(':', '-').replace('/', '-')}.{request.form}")
    if output is not None:
        write_file(output, picture)
        click.echo(f"written to {output}", err=True)
    elif isinstance(picture, str):
        sys.stdout.write(picture)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(picture)
        sys.stdout.buffer.flush()


def _form_of(output: Path | None) -> str:
    if output is None:
        return "svg"
    ending = output.suffix.lstrip(".").lower()
    form = _ENDINGS.get(ending, ending)
    if form not in FORMS:
        raise click.UsageError(f"cannot tell the format from `{output.name}`: add --format {'|'.join(FORMS)}")
    return form
