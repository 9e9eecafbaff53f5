"""The commands of `stpose evaluate`."""

import typer

from stpose.cli.evaluate.deeppose import deeppose
from stpose.cli.evaluate.jhmdb_posture import jhmdb_posture
from stpose.cli.evaluate.lsp import lsp
from stpose.cli.evaluate.mpii import mpii, mpii_split
from stpose.cli.evaluate.olympic_sports import olympic_sports
from stpose.cli.evaluate.quva_counting import quva_counting

app = typer.Typer(no_args_is_help=True, help="Measure an embedding on one benchmark.")
app.command("olympic-sports")(olympic_sports)
app.command("lsp")(lsp)
app.command("mpii")(mpii)
app.command("mpii-split")(mpii_split)
app.command("deeppose")(deeppose)
app.command("quva-counting")(quva_counting)
app.command("jhmdb-posture")(jhmdb_posture)
