"""The `stpose` command."""

import sys
from typing import Annotated

import typer

from stpose.cli.check_data.command import check_data
from stpose.cli.count import count
from stpose.cli.embed import embed
from stpose.cli.evaluate.app import app as evaluate
from stpose.cli.export import export
from stpose.cli.flow import flow
from stpose.cli.inspect import inspect
from stpose.cli.jhmdb_posture import make_jhmdb_posture
from stpose.cli.search import search
from stpose.cli.verify import verify
from stpose.errors import ArtefactError, InputError
from stpose.version import VERSION

app = typer.Typer(
    name="stpose",
    help="Pose embeddings learned from nothing but videos. The pipeline itself is run with"
    " snakemake; these commands look at what it made.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(evaluate, name="evaluate")
app.command()(check_data)
app.command()(count)
app.command()(embed)
app.command()(export)
app.command()(flow)
app.command()(inspect)
app.command()(make_jhmdb_posture)
app.command()(search)
app.command()(verify)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stpose {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the options that go before any command."""


def main() -> None:
    """Run the command line; errors that a user can mend end with their message and status 2."""
    try:
        app()
    except (InputError, ArtefactError) as error:
        typer.echo(f"stpose: {error}", err=True)
        sys.exit(2)
