"""`stpose embed`: the vectors of pictures of people."""

from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options

ENDINGS = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def embed(
    pictures: Annotated[
        list[Path], typer.Argument(help="Pictures, each cut to one person; or folders of them.")
    ],
    out: Annotated[Path, typer.Option(help="The .npz file to write: paths and vectors.")],
    weights: Annotated[
        str, typer.Option(help="best or paper (of the package), a file, or an experiment.")
    ] = "best",
    results: options.Results = Path("results"),
    batch: options.Batch = 64,
    device: options.Device = "auto",
) -> None:
    """Write pool5 of PICTURES, one vector a picture; near vectors are near in pose.

    Example: stpose embed people/ --weights best --out vectors.npz
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import find_weights
    from stpose.network.picture_files import embed_pictures

    found = embed_pictures(_files(pictures), find_weights(weights, results), out, batch, device)
    typer.echo(f"{found[0]} vectors of {found[1]} numbers in {out}")


def _files(pictures: list[Path]) -> list[Path]:
    files: list[Path] = []
    for path in pictures:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in ENDINGS)
            files += inside
        else:
            files.append(path)
    return files
