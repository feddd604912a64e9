"""`servicescape graph`: draws a diagram."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from servicescape.app.graph_request import GraphRequest
    from servicescape.catalog.catalog import Catalog
    from servicescape.source.cache import Cache

FORMS = ("svg", "png", "pdf", "dot", "mermaid", "plantuml", "d2", "likec4", "structurizr", "drawio", "json")
_ENDINGS = {"gv": "dot", "mmd": "mermaid", "puml": "plantuml", "c4": "likec4", "dsl": "structurizr"}
KINDS = (
    *("landscape", "overview", "context", "journey", "blueprint", "sequence"),
    *("blast-radius", "reliability", "ownership", "slo"),
)
_GROUPINGS = ("domain", "owner", "platform", "vendor", "zone", "none")
_PICTURES = ("svg", "png", "pdf")


def _grouping(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None or value in _GROUPINGS or value.removeprefix("label.") not in ("", value):
        return value
    raise click.BadParameter(f"'{value}' is none of {', '.join(_GROUPINGS)} and label.KEY.")


@click.command("graph")
@click.argument("view", required=False)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file (with --all: folder).")
@click.option(
    "--format", "form", type=click.Choice(FORMS), metavar="FORMAT", help="By default what -o ends in, or svg."
)
@click.option("--all", "everything", is_flag=True, help="Draw every view and journey into the folder -o.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    metavar="KIND",
    help="What the picture is for; by default what the options imply.",
)
@click.option("--journey", metavar="NAME", help="One journey: steps, ways of doing them, what they use.")
@click.option("--dependencies-of", metavar="REF", help="This component and what it needs.")
@click.option("--dependents-of", metavar="REF", help="This component and what needs it.")
@click.option("--depth", type=click.IntRange(min=0), help="How many steps to follow; all by default.")
@click.option("--include", multiple=True, metavar="KEY=VALUE", help="Show these; repeat for more, comma for both.")
@click.option("--exclude", multiple=True, metavar="KEY=VALUE", help="Leave these out.")
@click.option(
    "--group-by",
    metavar="WHAT",
    callback=_grouping,
    help="What frames stand for: domain, owner, platform, vendor, zone, label.KEY or none.",
)
@click.option(
    "--colour-by",
    type=click.Choice(["tier", "lifecycle", "owner", "slo", "state", "availability"]),
    help="What colour means.",
)
@click.option("--direction", type=click.Choice(["LR", "TB", "RL", "BT"]), help="From dependents to dependencies.")
@click.option("--scenario", metavar="NAME", help="Colour by what becomes of each component in this scenario.")
@click.option("--fail", multiple=True, metavar="REF", help="Blast radius of this: a component, or team:NAME and so on.")
@click.option("--title", metavar="TEXT", help="Heading, instead of the picture's own.")
@click.option("--stamp", metavar="TEXT", help="Small print at the end, such as a date and a revision.")
@click.option(
    "--theme", metavar="NAME", help="light, dark, auto (SVG follows the reader's system), or one of your own."
)
@click.option("--engine", type=click.Choice(["embedded", "system"]), help="system: the `dot` of your Graphviz.")
def command(
    view: str | None,
    paths: tuple[str, ...],
    output: Path | None,
    form: str | None,
    everything: bool,
    theme: str | None,
    engine: str | None,
    stamp: str | None,
    **choices: Any,
) -> int:
    """Draw a diagram.

    VIEW is the name of a View in the catalog; without one, and without options that select, all components are drawn
    by business area. A VIEW that is a folder or file is taken for the catalog's place.

    Selectors are domain=, owner=, journey=, name=, kind=, tier=, label.KEY= and between=FROM..TO.

    Kinds: landscape (components), overview (groups), context (a component and what is around it), journey, blueprint
    (a journey by step and by distance from the customer), sequence (who asks whom in a journey), blast-radius (what a
    failure reaches), reliability, ownership and slo.

    Formats: svg, png, pdf (by the system's Graphviz), dot, mermaid, plantuml, d2, likec4, structurizr, drawio and json.
    Blueprints are drawn as svg, png and pdf, sequences as these, mermaid and plantuml.

    Without -o the result goes to standard output. A picture (SVG, PNG, PDF) is written to a file named after what it
    shows instead, such as graph.svg, where standard output is a terminal.

    \b
    Examples:
      servicescape graph -o landscape.svg
      servicescape graph night-rota -o night-rota.png
      servicescape graph --journey buy-broadband --kind blueprint -o buy.svg
      servicescape graph --kind blast-radius --fail identity -o identity.svg
      servicescape graph --dependents-of identity --depth 2 --format mermaid
      servicescape graph --include domain=commerce,tier=1 --colour-by slo
      servicescape graph --kind overview --stamp "$(git rev-parse HEAD)"
      servicescape graph --all -o pictures
    """
    from servicescape.app.graph import PICTURES, PICTURES_KEPT, picture_of, told_of, write
    from servicescape.app.graph_request import GraphRequest, NothingSelectedError
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.main import EXIT_NOTHING
    from servicescape.source.cache import open_cache

    if view is not None and Path(view).exists():
        paths, view = (view, *paths), None
    chosen: Any = form or _form_of(None if everything else output)
    kept = open_cache()
    opened = open_catalog(paths, kept)
    settings = opened.loaded.settings
    cache = kept.part(PICTURES, PICTURES_KEPT) if kept is not None and settings.cache else None
    look: Any = {"theme": theme or settings.graph.theme, "engine": engine or settings.graph.engine}
    look |= {"stamp": stamp or "", "settings": settings}
    if everything:
        if view is not None or any(choices.values()):
            raise click.UsageError("--all draws every view and journey as it is; leave what selects or colours out")
        _draw_everything(opened.loaded.catalog, GraphRequest(form=chosen, **look), output or Path("diagrams"), cache)
        return opened.exit_code
    request = GraphRequest(view=view, form=chosen, **look, **choices)
    try:
        prepared = picture_of(opened.loaded.catalog, request)
        picture = write(prepared, request, cache)
    except NothingSelectedError as error:
        click.echo(f"nothing to draw: {error.message}", err=True)
        click.echo(f"  = help: {error.hint}", err=True)
        raise click.exceptions.Exit(EXIT_NOTHING) from error
    _emit(picture, request, output)
    for loss in told_of(prepared, picture, request):
        click.echo(f"note: {loss}", err=True)
    if chosen in _PICTURES:
        _hint_at_parts(opened.loaded.catalog, request, prepared)
    return opened.exit_code


def _hint_at_parts(catalog: "Catalog", request: "GraphRequest", picture: object) -> None:
    """A picture that nobody can read comes with the commands for some that can be read."""
    from servicescape.render.boxes import LARGE_PICTURE
    from servicescape.render.diagram import Diagram

    nodes = picture.nodes if isinstance(picture, Diagram) else ()
    shown = sum(node.id in catalog.components for node in nodes)
    if shown <= LARGE_PICTURE:
        return
    click.echo(f"hint: {shown:,} components make a poster; for a screen:", err=True)
    if request.journey is not None:
        click.echo("  add --depth 1, or --kind blueprint", err=True)
    elif request.view is not None:
        name = request.view.replace("/", "-")
        click.echo(f"  servicescape graph {request.view} --kind overview -o {name}-overview.svg", err=True)
    elif shown < len(catalog.components):
        click.echo("  add --kind overview, or select less with --exclude or --depth", err=True)
    else:
        _hint_at_domain(catalog, LARGE_PICTURE)


def _hint_at_domain(catalog: "Catalog", most: int) -> None:
    from servicescape.app.graph_selection import largest_readable_domain

    click.echo("  servicescape graph --kind overview -o overview.svg", err=True)
    domain = largest_readable_domain(catalog, most)
    if domain is not None:
        click.echo(f"  servicescape graph --include domain={domain} -o {domain.replace('/', '-')}.svg", err=True)


def _draw_everything(catalog: "Catalog", request: "GraphRequest", folder: Path, cache: "Cache | None") -> None:
    from servicescape.app.files import write_file
    from servicescape.app.graph import Drawn, draw_all_journeys, draw_all_views, file_name
    from servicescape.app.graph_formats import BLUEPRINT_FORMATS, ENDINGS
    from servicescape.cli.progress import Progress

    if folder.is_file():
        raise click.UsageError(f"--all writes a folder, and `{folder}` is a file")
    with Progress("views") as progress:
        views = draw_all_views(catalog, request, cache, progress)
    with Progress("journeys") as progress:
        journeys = draw_all_journeys(catalog, request, cache, progress)
        blueprints = Drawn({}, {})
        if request.form in BLUEPRINT_FORMATS:
            blueprints = draw_all_journeys(catalog, request, cache, kind="blueprint")
    ending = ENDINGS.get(request.form, request.form)
    told: dict[str, list[Path]] = {}
    count = 0
    for kind, drawn in (("views", views), ("journeys", journeys), ("blueprints", blueprints)):
        for name, picture in drawn.pictures.items():
            path = folder / kind / f"{file_name(name)}.{ending}"
            write_file(path, picture)
            count += 1
            for each in drawn.told[name]:
                told.setdefault(each, []).append(path)
    for text, paths in told.items():
        click.echo(f"note: {text}: {', '.join(map(str, paths))}", err=True)
    for name in views.empty:
        click.echo(f"warning: view `{name}` shows nothing and was not drawn", err=True)
    for name, reason in views.unfit.items():
        click.echo(f"warning: view `{name}` was not drawn: {reason}", err=True)
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
