"""`stpose export`: weights to give away."""

from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options


def export(
    weights: Annotated[str, typer.Argument(help="A file of weights, or an experiment (st, st/1).")],
    out: Annotated[Path, typer.Option(help="The .safetensors file to write.")],
    results: options.Results = Path("results"),
) -> None:
    """Write WEIGHTS in half precision, with how pictures are prepared inside the file.

    Example: stpose export best/2 --out best.safetensors
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import find_weights
    from stpose.network.half_precision import export_weights

    export_weights(find_weights(weights, results), out)
    typer.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
