"""`stpose export`: weights to give away, and the network as an ONNX file."""

from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options
from stpose.errors import InputError


def export(
    weights: Annotated[str, typer.Option(help="A file of weights, or an experiment.")],
    out: Annotated[
        Path | None, typer.Option(help="Write the weights in half precision here (.safetensors).")
    ] = None,
    onnx: Annotated[Path | None, typer.Option(help="Write the network here (.onnx).")] = None,
    results: options.Results = Path("results"),
) -> None:
    """Write weights in half precision, with how pictures are prepared inside the file, or as ONNX.

    The ONNX file takes pictures (batch, 3, S, S), RGB in 0 to 1, and gives pool5, not scaled.
    OpenCV runs it to compare it with PyTorch. It needs the extra `onnx` of this package.

    Example: stpose export --weights st/2 --out st.safetensors --onnx st.onnx
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.embedding_choice import find_weights
    from stpose.network.half_precision import export_weights
    from stpose.network.onnx_file import export_onnx

    if out is None and onnx is None:
        message = "nothing to write, expected --out FILE.safetensors or --onnx FILE.onnx"
        raise InputError(message)
    found = find_weights(weights, results)
    if out is not None:
        export_weights(found, out)
        typer.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
    if onnx is not None:
        made = export_onnx(found, onnx)
        typer.echo(
            f"{onnx}: input (batch, 3, {made.input_px}, {made.input_px}), output (batch, "
            f"{made.dimensions}), largest difference to PyTorch {made.difference:.1e} of the "
            "largest value"
        )
