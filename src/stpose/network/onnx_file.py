"""The network as an ONNX file that others can run."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import torch

from stpose.artefacts.files import replace_atomically
from stpose.errors import InputError
from stpose.network.weights import read_network

LARGEST_DIFFERENCE = 1e-3
_NEEDED = ("onnx", "onnxscript")


@dataclass(frozen=True)
class ExportedNetwork:
    """What was written.

    Attributes:
        input_px: Side of the pictures it takes.
        dimensions: Length of the vectors it gives.
        difference: Largest difference to PyTorch's values, as part of the largest of them.
    """

    input_px: int
    dimensions: int
    difference: float


def export_onnx(weights: Path, out: Path) -> ExportedNetwork:
    """Write a network as ONNX and check it: OpenCV runs the file beside PyTorch.

    Args:
        weights: A `weights.safetensors` of the training stage.
        out: The file to write; it takes pictures (batch, 3, S, S), RGB in 0 to 1.

    Raises:
        InputError: A package is missing, or the two disagree by more than a thousandth.
        ArtefactError: The weights are missing or damaged.
    """
    if out.suffix != ".onnx":
        message = f"{out}: ends in {out.suffix!r}, expected .onnx"
        raise InputError(message)
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        message = f"export needs {' and '.join(missing)}, the extra onnx of this package"
        raise InputError(message)
    network = read_network(Path(weights))
    side = network.settings.input_px
    pictures = torch.rand((2, 3, side, side), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        wanted = network(pictures).numpy()
    with replace_atomically(out) as temporary:
        torch.onnx.export(
            network,
            (pictures,),
            str(temporary),
            input_names=["pictures"],
            output_names=["pool5"],
            dynamic_shapes={"images": {0: torch.export.Dim("batch", min=1)}},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        ran = cv2.dnn.readNetFromONNX(str(temporary))
        ran.setInput(pictures.numpy())
        found = np.asarray(ran.forward())
        difference = float(np.abs(found - wanted).max() / np.abs(wanted).max())
        if not difference <= LARGEST_DIFFERENCE:
            message = f"{out}: its values differ from PyTorch's by {difference:.1e} of the largest"
            raise InputError(message)
    return ExportedNetwork(side, network.feature_size, difference)
