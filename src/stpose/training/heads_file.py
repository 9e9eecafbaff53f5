"""The heads of a round on disk: the next round goes on with them."""

from pathlib import Path

import torch
from torch import nn

from stpose.artefacts.header import expect, read_header
from stpose.artefacts.provenance import Provenance
from stpose.artefacts.status import Status
from stpose.artefacts.tensors import read_tensors, write_tensors

KIND = "heads"
VERSION = 1


def save_heads(path: Path, heads: nn.ModuleDict, provenance: Provenance) -> None:
    """Write heads as safetensors: whole, or not at all."""
    header = provenance.header(KIND, VERSION, Status.ok(), {"recipes": list(heads)})
    write_tensors(path, heads.state_dict(), header)


def load_heads(path: Path, heads: nn.ModuleDict) -> tuple[str, ...]:
    """Fill the heads that a round before had too, of the same shape; others stay as they are.

    Args:
        path: A file of `save_heads`.
        heads: By name of the recipe; changed in place.

    Returns:
        The names of those that were filled.

    Raises:
        ArtefactError: The file is missing, damaged, or something else.
    """
    expect(read_header(path), path, KIND, VERSION)
    tensors = read_tensors(path)
    filled = []
    for name, head in heads.items():
        own = head.state_dict()
        theirs = {key: tensors.get(f"{name}.{key}") for key in own}
        if all(_fits(theirs[key], value) for key, value in own.items()):
            head.load_state_dict(theirs)
            filled.append(name)
    return tuple(filled)


def _fits(theirs: torch.Tensor | None, own: torch.Tensor) -> bool:
    return theirs is not None and theirs.shape == own.shape
