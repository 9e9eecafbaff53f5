"""`stpose search`: the nearest poses in the videos of a run."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stpose.cli import counting
from stpose.cli.pictures import check_picture_path, write_picture


def search(
    query: Annotated[
        str, typer.Argument(help="A picture, or VIDEO@SECONDS: a video of the run or a file.")
    ],
    results: Annotated[Path, typer.Option(help="Results folder of a run.")] = Path("results"),
    count: Annotated[int, typer.Option("-k", "--count", help="Poses to find.", min=1)] = 10,
    experiment: Annotated[
        str | None,
        typer.Option(help="Whose vectors: st (last round) or st/1; else those of the report."),
    ] = None,
    detector: Annotated[
        str,
        typer.Option(help="What finds the person in a picture: none (all of it), hog, ..."),
    ] = "hog",
    weights: counting.Weights = None,
    network: counting.Network = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Draw what was found here (.png or .jpg).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
) -> None:
    """Find the poses nearest to QUERY in all videos of a run, each second of a video once.

    In a picture the surest person counts, and where none is found the whole picture. A pose of the
    run's own videos is looked for in the others.

    Example: stpose search holiday.jpg --results results -k 10 --sheet found.png
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.cli.search_query import read_query
    from stpose.inspect.found import found_picture
    from stpose.search.query import find_round
    from stpose.search.query import search as find

    check_picture_path(sheet)
    embeddings = find_round(results, experiment)
    asked = read_query(query, results, embeddings, detector, weights, network)
    found = find(results, embeddings, asked.pose, count)
    if sheet is not None:
        write_picture(sheet, found_picture(results, asked.image, found))
    if as_json:
        typer.echo(json.dumps({"query": query, "found": [asdict(pose) for pose in found]}))
        return
    table = Table("distance", "video", "time", "frame", "track")
    for pose in found:
        time = "" if pose.seconds is None else f"{pose.seconds:.2f} s"
        table.add_row(f"{pose.distance:.3f}", pose.path, time, str(pose.frame), str(pose.track))
    Console().print(table)
