"""`stpose make-jhmdb-posture`."""

from pathlib import Path
from typing import Annotated

import typer


def make_jhmdb_posture(
    data: Annotated[
        Path, typer.Option(help="Folder of J-HMDB: videos/, joints.npz and sources.json.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to make.")],
    seed: Annotated[int, typer.Option(help="What exemplars are drawn with.", min=0)] = 0,
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw exemplars with their positives and negatives here (.png, .jpg)."),
    ] = None,
) -> None:
    """Make a posture benchmark of J-HMDB's joints, in the files published for Olympic Sports.

    Example: stpose make-jhmdb-posture --data jhmdb --out jhmdb_posture --picture sheet.png
    """
    # Imported here because the libraries behind it take seconds to load.
    from stpose.benchmarks.jhmdb_posture.construction import make_posture_set
    from stpose.benchmarks.jhmdb_posture.rule import Rule
    from stpose.benchmarks.olympic_sports.protocol import load_categories
    from stpose.benchmarks.olympic_sports.sheet import write_posture_sheet

    counts = make_posture_set(data, out, Rule(seed=seed))
    if picture is not None:
        write_posture_sheet(picture, out, load_categories(out))
    typer.echo(
        f"{out}: {counts.exemplars} exemplars of {counts.exemplar_sources} sources, each with "
        f"{counts.labels} positives and {counts.labels} negatives; {counts.candidates} candidates "
        f"of {counts.clips} clips of {counts.sources} sources"
    )
