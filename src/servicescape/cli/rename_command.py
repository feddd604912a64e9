"""`servicescape rename`: another name for an entity, everywhere."""

import click

from servicescape.cli.main import EXIT_CLEAN


@click.command("rename")
@click.argument("reference", metavar="REF")
@click.argument("name", metavar="NEW")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@click.option("--keep-alias", is_flag=True, help="Keep the old name in metadata.aliases.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.")
def command(reference: str, name: str, paths: tuple[str, ...], dry_run: bool, keep_alias: bool, quiet: bool) -> int:
    """Rename an entity and every reference to it.

    REF is an entity's name, with its kind before it where the name alone is not
    enough; NEW is its new name. Comments and layout stay as they are. Nothing is
    written if the new name is taken, or if a file that mentions the old one
    cannot be read.

    \b
    Examples:
      servicescape rename payment-hub payments
      servicescape rename team:care customer-care --dry-run
      servicescape rename basket cart --keep-alias
    """
    from servicescape.app.rename import rename
    from servicescape.app.rewrite import diff_of, rewrite
    from servicescape.report.summary import counted
    from servicescape.source.cache import open_cache

    renamed = rename(reference, name, paths, keep_alias=keep_alias, cache=open_cache())
    if dry_run:
        click.echo(diff_of(renamed.changes), nl=False)
        return EXIT_CLEAN
    rewrite(renamed.changes)
    if not quiet:
        places = f"{counted(renamed.references, 'reference')} in {counted(len(renamed.changes), 'file')}"
        click.echo(f"`{renamed.before}` is now `{renamed.after}`; {places} rewritten")
    return EXIT_CLEAN
