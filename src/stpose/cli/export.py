"""`stpose export`: the network as an ONNX file, checked against what it was made from."""

from pathlib import Path
from typing import Annotated

import typer


def export(
    weights: Annotated[
        str, typer.Option(help="A file of weights, or an experiment of the results (st, st/1).")
    ],
    onnx: Annotated[Path, typer.Option(help="Write the network here (.onnx).")],
    results: Annotated[Path, typer.Option(help="Where experiments are looked for.")] = Path(
        "results"
    ),
) -> None:
    """Write the network as ONNX, run that file in OpenCV, and compare it with PyTorch.

    It takes pictures (batch, 3, S, S), RGB in 0 to 1, and gives pool5, not scaled. Needs the extra
    `onnx` of this package.

    Example: stpose export --weights results/training/st/2/weights.safetensors --onnx pose.onnx
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import find_weights
    from stpose.network.export import export_onnx

    made = export_onnx(find_weights(weights, results), onnx)
    typer.echo(
        f"{onnx}: input (batch, 3, {made.input_px}, {made.input_px}), output (batch, "
        f"{made.dimensions}), largest difference to PyTorch {made.difference:.1e} of the "
        "largest value"
    )
