"""From picture files of people to vectors in a file."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.files import replace_atomically
from stpose.crops import cut_square
from stpose.errors import InputError
from stpose.geometry import square_around
from stpose.network.devices import choose_device
from stpose.network.features import load_network, pool5_features
from stpose.network.weights import read_weights_header


def embed_pictures(
    paths: Sequence[Path], weights_path: Path, out_path: Path, batch: int, device: str
) -> tuple[int, int]:
    """Write pool5 of pictures, each of which shows one person from edge to edge.

    Args:
        paths: Picture files.
        weights_path: Weights of a network.
        out_path: The .npz file to write: `path` (N,) text, `vector` (N, D) float32.
        batch: How many pictures go through the network at once.
        device: "auto", "cpu" or "cuda".

    Returns:
        N and D.

    Raises:
        InputError: There are no pictures, or one cannot be read; it is named.
        ArtefactError: The weights are missing or damaged.
    """
    if not paths:
        message = "pictures: none found, expected picture files or folders that hold some"
        raise InputError(message)
    missing = [path for path in paths if not path.is_file()]
    if missing:
        message = f"{missing[0]}: no such file, expected a picture"
        raise InputError(message)
    network = load_network(weights_path)
    crop_mode = read_weights_header(weights_path).attributes["crop_mode"]
    chosen = choose_device(device)
    parts = []
    for start in tqdm(range(0, len(paths), batch), unit="batch", disable=None):
        pictures = [
            _picture(path, network.settings.input_px, crop_mode)
            for path in paths[start : start + batch]
        ]
        parts.append(pool5_features(network, np.stack(pictures), batch, chosen))
    vectors = np.concatenate(parts)
    names = np.array([str(path) for path in paths])
    with replace_atomically(out_path) as temporary, temporary.open("wb") as file:
        np.savez(file, path=names, vector=vectors)
    return len(vectors), vectors.shape[1]


def _picture(path: Path, side_px: int, crop_mode: str) -> NDArray[np.uint8]:
    """Return a picture as a square of RGB: stretched, or its shorter side filled by its border."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        message = f"{path}: cannot be read as a picture"
        raise InputError(message)
    height, width = image.shape[:2]
    if crop_mode == "square":
        square = square_around([0, 0, width, height])
        cut = cut_square(np.asarray(image, np.uint8), square, side_px)
    else:
        cut = np.asarray(cv2.resize(image, (side_px, side_px), interpolation=cv2.INTER_AREA))
    return np.ascontiguousarray(cut[..., ::-1], np.uint8)
