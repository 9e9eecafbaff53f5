"""Weights that come with the package: in half precision, checked against their card when read."""

import hashlib
from pathlib import Path
from typing import Any

from stpose.errors import ArtefactError
from stpose.models.cards import model_card, shipped_file
from stpose.network.alexnet import RGB_MEAN, RGB_STD
from stpose.network.weights import read_weights_header


def preprocessing(input_px: int, crop_mode: str) -> dict[str, Any]:
    """Return what a picture must go through before a network, as it stands in a file of weights.

    Args:
        input_px: Side of the square picture (px).
        crop_mode: How a person's box becomes a square: "warp" or "square".
    """
    return {
        "input_px": input_px,
        "crop_mode": crop_mode,
        "colours": "RGB, 0 to 1",
        "mean": list(RGB_MEAN),
        "std": list(RGB_STD),
    }


def shipped_weights(name: str) -> Path:
    """Return the file of weights that comes with the package under a name.

    Raises:
        ArtefactError: It is missing, is not the file that its card describes, or was made for
            pictures prepared in another way than here.
    """
    path = shipped_file(name)
    if not path.is_file():
        message = f"{path}: no such file, expected the weights {name!r} of the package"
        raise ArtefactError(message)
    card = model_card(name)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != card["sha256"]:
        message = f"{path}: sha256 {found}, its card says {card['sha256']}"
        raise ArtefactError(message)
    attributes = read_weights_header(path).attributes
    wanted = preprocessing(attributes["network"]["input_px"], attributes["crop_mode"])
    if attributes.get("preprocessing") != wanted:
        message = f"{path}: made for {attributes.get('preprocessing')}, pictures here are {wanted}"
        raise ArtefactError(message)
    return path
