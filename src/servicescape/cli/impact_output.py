"""Forms in which `impact` prints: texts, pages, workbooks and pictures."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
    from servicescape.app.impact import Failure
    from servicescape.catalog.catalog import Catalog
    from servicescape.model.settings import Settings

TEXTS = ("text", "md", "csv", "json", "html")
PICTURES = ("svg", "png", "dot", "mermaid")
FORMS = (*TEXTS, "xlsx", *PICTURES)
_ENDINGS = {"markdown": "md", "htm": "html", "txt": "text", "gv": "dot", "mmd": "mermaid"}
_BINARY = ("xlsx", "png")


def form_of(output: Path | None) -> str:
    """The format that a file's name asks for; text where there is no file."""
    if output is None:
        return "text"
    form = output.suffix.lstrip(".").lower()
    form = _ENDINGS.get(form, form)
    if form not in FORMS:
        raise click.UsageError(f"cannot tell the format from `{output.name}`: add --format {'|'.join(FORMS)}")
    return form


def check_form(form: str, output: Path | None, *, single: bool, explain: bool) -> None:
    """Raises UsageError for a format that does not go with what is asked for."""
    from servicescape.cli.output import is_terminal

    if form in PICTURES and not single:
        raise click.UsageError(
            f"--format {form} draws the blast radius of one failure; add --fail, or use html for the matrix"
        )
    if explain and form not in ("text", "json"):
        raise click.UsageError(f"--explain is told as text or json, not as {form}")
    if form in _BINARY and output is None and is_terminal(sys.stdout):
        raise click.UsageError(f"{form} is not for reading on a terminal; write it to a file with -o impact.{form}")


def blast_pieces(
    result: "BlastRadius",
    catalog: "Catalog",
    settings: "Settings",
    failure: "Failure",
    form: str,
    output: Path | None,
    *,
    explain: bool,
) -> Iterable[str] | bytes:
    """The blast radius in a format."""
    if form == "json":
        from servicescape.render.impact.json_form import render_blast_radius as as_json

        return (as_json(result, account=_account(catalog, failure) if explain else None),)
    if form == "md":
        from servicescape.render.impact.markdown import render_blast_radius as as_markdown

        return (as_markdown(result, catalog),)
    if form == "csv":
        from servicescape.render.impact.csv_form import render_blast_radius as as_csv

        return (as_csv(result, catalog),)
    if form == "xlsx":
        from servicescape.render.impact.xlsx_form import render_blast_radius as as_workbook

        return as_workbook(result, catalog)
    if form == "html":
        from servicescape.render.impact.html_blast import render_blast_radius as as_html

        picture = _picture(result, catalog, settings, "svg", theme="auto")
        return (as_html(result, catalog, picture=picture if isinstance(picture, bytes) else picture.encode()),)
    if form in PICTURES:
        picture = _picture(result, catalog, settings, form)
        return picture if isinstance(picture, bytes) else (picture,)
    from servicescape.render.impact.text import render_blast_radius as as_text

    width, colour = _terminal(output)
    pieces = [as_text(result, catalog, width=width, colour=colour, explained=explain)]
    if explain:
        from servicescape.render.impact.explain import explanation, render_text

        sections = explanation(_account(catalog, failure), result, catalog)
        pieces += ["\n\n", render_text(sections, width=width, colour=colour)]
    return pieces


def matrix_pieces(matrix: "ImpactMatrix", catalog: "Catalog", form: str, output: Path | None) -> Iterable[str] | bytes:
    """The matrix in a format."""
    if form == "json":
        from servicescape.render.impact.json_form import iter_matrix_json

        return iter_matrix_json(matrix)
    if form == "csv":
        from servicescape.render.impact.csv_form import iter_matrix_csv

        return iter_matrix_csv(matrix)
    if form == "md":
        from servicescape.render.impact.markdown import render_matrix as as_markdown

        return (as_markdown(matrix, catalog),)
    if form in ("html", "xlsx"):
        from servicescape.app.impact import panels

        radii = panels(catalog, matrix)
        if form == "xlsx":
            from servicescape.render.impact.xlsx_form import render_matrix as as_workbook

            return as_workbook(matrix, catalog, blast_radii=radii)
        from servicescape.render.impact.html_matrix import render_matrix as as_html

        return (as_html(matrix, catalog, blast_radii=radii),)
    from servicescape.render.impact.text_matrix import render_matrix as as_text

    width, colour = _terminal(output)
    return (as_text(matrix, catalog, width=width, colour=colour),)


def emit(pieces: Iterable[str] | bytes, output: Path | None) -> None:
    """Writes to the file, or to standard output; a text ends with a line break."""
    if output is not None:
        from servicescape.app.files import write_file

        write_file(output, pieces if isinstance(pieces, bytes) else _ended("".join(pieces)))
        return
    if isinstance(pieces, bytes):
        sys.stdout.flush()
        sys.stdout.buffer.write(pieces)
        sys.stdout.buffer.flush()
        return
    last = ""
    for piece in pieces:
        sys.stdout.write(piece)
        last = piece or last
    if not last.endswith("\n"):
        sys.stdout.write("\n")


def _account(catalog: "Catalog", failure: "Failure") -> Any:
    from servicescape.analysis.impact_account import impact_account

    return impact_account(
        catalog,
        fail=failure.fail,
        degrade=failure.degrade,
        lasts_seconds=failure.lasts_seconds,
        at=failure.at,
    )


def _picture(
    result: "BlastRadius", catalog: "Catalog", settings: "Settings", form: Any, theme: Any = None
) -> bytes | str:
    from servicescape.app.graph import write
    from servicescape.app.graph_request import GraphRequest
    from servicescape.render.impact.picture import blast_picture

    look = settings.graph
    return write(blast_picture(result, catalog), GraphRequest(form=form, theme=theme or look.theme, engine=look.engine))


def _terminal(output: Path | None) -> tuple[int, bool]:
    from servicescape.cli.output import PIPE_WIDTH, console_facts

    if output is not None:
        return PIPE_WIDTH, False
    facts = console_facts()
    return facts.width, facts.colour


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
