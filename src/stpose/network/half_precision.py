"""Weights made small enough to give away."""

from dataclasses import replace
from pathlib import Path

import torch

from stpose.artefacts.tensors import read_tensors, write_tensors
from stpose.network.shipped import preprocessing
from stpose.network.weights import read_network, read_weights_header


def export_weights(path: Path, out_path: Path) -> None:
    """Write weights in half precision, with what pictures must go through inside the file.

    Only the weights that training moves are halved: running means and variances of batch
    normalisation may lie outside the range of half precision.

    Args:
        path: Weights of the training stage.
        out_path: Where to; the ending is .safetensors.

    Raises:
        ArtefactError: The weights are missing or damaged.
    """
    header = read_weights_header(path)
    trained = dict(read_network(path).named_parameters())
    tensors = {
        name: tensor.to(torch.float16) if name in trained else tensor
        for name, tensor in read_tensors(path).items()
    }
    inside = preprocessing(header.attributes["network"]["input_px"], header.attributes["crop_mode"])
    described = replace(header, attributes={**header.attributes, "preprocessing": inside})
    write_tensors(out_path, tensors, described)
