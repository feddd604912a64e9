"""`servicescape schema`: JSON Schemas for editors and other tools."""

from pathlib import Path

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS


@click.command("schema")
@click.argument("kind", required=False)
@click.option("--live", is_flag=True, help="Limit references to the names that exist in the catalog.")
@click.option("--draft-07", is_flag=True, help="For editors that do not know draft 2020-12.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write all schemas into this folder.")
@click.option("--check", is_flag=True, help="With -o: write nothing, exit with 1 when a file there differs.")
@click.option("--catalog", "paths", multiple=True, type=click.Path(), help="Catalog for --live, if not the default.")
def command(
    kind: str | None, live: bool, draft_07: bool, output: Path | None, check: bool, paths: tuple[str, ...]
) -> int:
    """Write JSON Schemas for editors.

    Without KIND, the schema of a whole file, in which the document's kind decides.

    \b
    Examples:
      servicescape schema > catalog.schema.json
      servicescape schema Service
      servicescape schema --live --draft-07 > catalog.draft-07.json
      servicescape schema -o schemas --check
    """
    from servicescape.app.schemas import one_schema, schema_files
    from servicescape.diagnostics import nearest
    from servicescape.model.kinds import KINDS
    from servicescape.model.schema import WHOLE_FILE

    if output is not None:
        if kind is not None or live or draft_07:
            raise click.UsageError("-o writes all schemas as they are; leave KIND, --live and --draft-07 out")
        return _write_all(output, schema_files(), check)
    if check:
        raise click.UsageError("--check needs -o with the folder to look at")
    name = WHOLE_FILE
    if kind is not None:
        known = {each.lower(): each for each in KINDS}
        if kind.lower() not in known:
            close = nearest(kind, KINDS)
            raise click.UsageError(
                f"there is no kind `{kind}`; " + (f"did you mean `{close}`?" if close else f"known: {', '.join(KINDS)}")
            )
        name = known[kind.lower()]
    catalog = None
    exit_code = EXIT_CLEAN
    if live:
        from servicescape.cli.catalog_input import open_catalog

        opened = open_catalog(paths)
        catalog, exit_code = opened.loaded.catalog, opened.exit_code
    click.echo(one_schema(name, draft_07=draft_07, catalog=catalog), nl=False)
    return exit_code


def _write_all(folder: Path, files: dict[str, str], check: bool) -> int:
    from servicescape.app.files import write_file

    differing = [name for name, text in files.items() if not _is_same(folder / name, text)]
    if check:
        for name in differing:
            click.echo(f"{folder / name} is not up to date")
        if differing:
            click.echo(f"  = help: run `servicescape schema -o {folder}`", err=True)
        return EXIT_FINDINGS if differing else EXIT_CLEAN
    for name in differing:
        write_file(folder / name, files[name])
    click.echo(f"{len(differing)} of {len(files)} schemas written to {folder}", err=True)
    return EXIT_CLEAN


def _is_same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode("utf-8")
