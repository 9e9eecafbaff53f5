"""Weights that come with the package: in half precision, with a card, checked when read."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from stpose.errors import ArtefactError
from stpose.network.alexnet import RGB_MEAN, RGB_STD
from stpose.network.weights import read_weights_header

# The names under which they are asked for, and the recipe each of them stands for. A name that has
# no file in the package yet stands for nothing.
SHIPPED = {
    "paper": "the paper's two tasks, temporal ordering and spatial placement",
    "best": "what learned best from the same footage",
}


def shipped_names() -> tuple[str, ...]:
    """Return the names of the weights that come with the package."""
    return tuple(name for name in SHIPPED if _file(f"{name}.safetensors").is_file())


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
    path = _file(f"{name}.safetensors")
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


def model_card(name: str) -> dict[str, Any]:
    """Return the card of weights that come with the package.

    Raises:
        ArtefactError: It is missing or damaged.
    """
    path = _file(f"{name}.json")
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path}: no card of the weights {name!r} ({error})"
        raise ArtefactError(message) from error
    return content


def _file(name: str) -> Path:
    return Path(str(files("stpose.models") / name))
