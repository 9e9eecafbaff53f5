"""`stpose embed`: vectors of pictures, folders of pictures, and videos."""

from pathlib import Path
from typing import Annotated

import typer

from stpose.cli import counting
from stpose.errors import InputError

_NAMED = 10  # files without anybody that are named; the table tells of the rest


def embed(
    inputs: Annotated[list[Path], typer.Argument(help="Pictures, folders of them, or videos.")],
    out: Annotated[Path, typer.Option(help="Write the vectors here: .parquet or .h5.")],
    weights: Annotated[str, typer.Option(help="A file of weights, or an experiment.")],
    results: Annotated[Path, typer.Option(help="Where experiments are looked for.")] = Path(
        "results"
    ),
    detector: Annotated[
        str, typer.Option(help="What finds people: none (whole pictures), hog, onnx, ...")
    ] = "none",
    detector_weights: counting.Weights = None,
    network: counting.Network = None,
    batch: Annotated[int, typer.Option(help="Pictures at once.", min=1)] = 64,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Write a vector for every picture of INPUTS, or for every person found in them.

    Example: stpose embed photos/ --weights st --detector hog --out vectors.parquet
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import find_weights
    from stpose.cli.detecting import chosen_detector
    from stpose.cli.embedding import find_inputs, write_vectors
    from stpose.pose_embedder import PoseEmbedder

    if out.suffix not in (".parquet", ".h5"):
        message = f"{out}: ends in {out.suffix!r}, expected .parquet or .h5"
        raise InputError(message)
    files = find_inputs(inputs)
    path = find_weights(weights, results)
    embedder = PoseEmbedder.load(path, device)
    looking = chosen_detector(detector, detector_weights, network)
    rows, empty = write_vectors(files, embedder, looking, path, out, batch)
    if empty:
        named = ", ".join(map(str, empty[:_NAMED])) + ", ..." * (len(empty) > _NAMED)
        typer.echo(f"nobody found in {len(empty)} of {len(files)} files: {named}", err=True)
    typer.echo(f"{rows} vectors of {embedder.dimensions} numbers: {out}")
