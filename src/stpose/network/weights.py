"""Weights of the network on disk, and drawn at random."""

from pathlib import Path

import torch
from torch import nn

from stpose.artefacts.header import Header, expect, read_header
from stpose.artefacts.provenance import Provenance
from stpose.artefacts.status import Status
from stpose.artefacts.tensors import read_tensors, write_tensors
from stpose.errors import ArtefactError
from stpose.network.alexnet import PoseNetwork
from stpose.settings.network import NetworkSettings

KIND = "weights"
VERSION = 1


def save_weights(
    path: Path,
    network: PoseNetwork,
    provenance: Provenance,
    attributes: dict[str, object],
    settings: NetworkSettings | None = None,
) -> None:
    """Write a network as safetensors, with its settings in the header: whole, or not at all.

    Args:
        path: Where to; the ending is .safetensors.
        network: The network.
        provenance: What it was derived from.
        attributes: Further JSON values for the header.
        settings: Those of the network as it is to be used, if with pictures of another side than
            in training: the same weights fit.
    """
    used = network.settings if settings is None else settings
    described = {**attributes, "network": used.model_dump(mode="json")}
    header = provenance.header(KIND, VERSION, Status.ok(), described)
    write_tensors(path, network.state_dict(), header)


def read_weights_header(path: Path) -> Header:
    """Return the header of a file of weights.

    Raises:
        ArtefactError: The file is missing, damaged, or holds something else.
    """
    header = read_header(path)
    expect(header, path, KIND, VERSION)
    return header


def read_network(path: Path) -> PoseNetwork:
    """Build the network that a file of weights describes, on the CPU, ready for inference.

    Raises:
        ArtefactError: The file is missing, damaged, or its weights do not fit its settings.
    """
    header = read_weights_header(path)
    try:
        network = PoseNetwork(NetworkSettings.model_validate(header.attributes["network"]))
    except (KeyError, ValueError) as error:
        message = f"{path}: the network described in its header is none ({error})"
        raise ArtefactError(message) from error
    tensors = read_tensors(path)
    tensors.setdefault("centre", network.centre)  # what was written before there were centres
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        message = f"{path}: the weights do not fit the network described beside them ({error})"
        raise ArtefactError(message) from error
    return network.eval()


def draw_weights(module: nn.Module, seed: int) -> None:
    """Fill a module with random weights, the same ones for the same seed.

    Convolutions and linear layers get He et al.'s normal weights, which keep the size of the
    activations through layers of rectified units, and no bias; normalisations start as identity.
    """
    generator = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, (nn.Conv2d, nn.Linear)):
            # Drawn in a plain layout, so that the memory format does not change the numbers.
            fan_in = part.weight[0].numel()
            values = torch.randn(part.weight.shape, generator=generator) * (2 / fan_in) ** 0.5
            with torch.no_grad():
                part.weight.copy_(values)
                if part.bias is not None:
                    part.bias.zero_()
        elif isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
            part.reset_parameters()
