"""Where the network is computed."""

import torch

from stpose.errors import InputError


def choose_device(name: str) -> str:
    """Return the device that a setting means.

    Args:
        name: "auto", "cpu" or "cuda"; auto is a GPU if there is one.

    Raises:
        InputError: A GPU is asked for and there is none.
    """
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        message = "device: found 'cuda', but PyTorch finds no GPU here; use auto or cpu"
        raise InputError(message)
    return name
