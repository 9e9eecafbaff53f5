"""From pictures to pool5: the vectors by which poses are compared."""

from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from stpose.gpu_memory import in_parts_that_fit
from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights, read_network
from stpose.settings.network import NetworkSettings

ADVICE = "not even one picture fits; set device to cpu, or end what else runs on the GPU"


def load_network(path: Path, device: str = "cpu") -> PoseNetwork:
    """Read a trained network, ready for inference.

    Args:
        path: A `weights.safetensors` of the training stage.
        device: "cpu", "cuda" or another name that PyTorch knows.

    Raises:
        ArtefactError: The file is missing, damaged, or no such file.
    """
    return read_network(Path(path)).to(device)


def random_network(settings: NetworkSettings, seed: int) -> PoseNetwork:
    """Build a network with random weights, ready for inference: what learning is measured by."""
    network = PoseNetwork(settings)
    draw_weights(network, seed)
    return network.eval()


def pool5_features(
    network: PoseNetwork, crops: NDArray[np.uint8], batch: int, device: str
) -> NDArray[np.float32]:
    """Return pool5 of pictures.

    Args:
        network: A network; it is moved to `device` and its mode is left as it is found.
        crops: (N, S, S, 3) RGB, S = `network.settings.input_px`.
        batch: How many pictures go through at once.
        device: Where to compute.

    Returns:
        (N, D), D = `network.feature_size`, not normalised.

    Raises:
        ValueError: The pictures have another size or type.
        InputError: A single picture does not fit in the memory of the GPU. A batch that does not
            is computed in halves.
    """
    side = network.settings.input_px
    if crops.dtype != np.uint8 or crops.shape[1:] != (side, side, 3):
        message = f"crops {crops.dtype} {crops.shape}, expected uint8 (N, {side}, {side}, 3)"
        raise ValueError(message)
    was_training = network.training
    network.to(device).eval()
    features = np.empty((len(crops), network.feature_size), np.float32)

    def compute(rows: NDArray[np.uint8], part: slice) -> NDArray[np.float32]:
        pixels = torch.from_numpy(np.ascontiguousarray(rows[part]))
        images = pixels.to(device).permute(0, 3, 1, 2).float() / 255
        return np.asarray(network(images).float().cpu())

    with torch.inference_mode():
        for start in range(0, len(crops), batch):
            some, into = crops[start : start + batch], features[start : start + batch]
            parts = in_parts_that_fit(partial(compute, some), len(some), ADVICE)
            for part, found in parts:
                into[part] = found
    network.train(was_training)
    return features
