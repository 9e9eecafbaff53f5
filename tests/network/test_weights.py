"""Weights on disk."""

import re

import pytest
import torch

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.tensors import read_tensors, write_tensors
from stpose.errors import ArtefactError
from stpose.network.alexnet import PoseNetwork
from stpose.network.heads import PlacementHead
from stpose.network.weights import draw_weights, read_network, save_weights
from stpose.settings.network import NetworkSettings

SMALL = NetworkSettings(width=0.125, input_px=67, convolution_batch_norm=True)


def saved(path):
    network = PoseNetwork(SMALL)
    draw_weights(network, seed=1)
    network(torch.rand(4, 3, 67, 67))  # moves the running means of batch normalisation
    save_weights(path, network, derive("training", SMALL), {"crop_mode": "warp"})
    return network


def test_what_is_saved_comes_back(tmp_path):
    network = saved(tmp_path / "weights.safetensors")
    again = read_network(tmp_path / "weights.safetensors")
    assert again.settings == SMALL
    assert not again.training
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, again.state_dict()[name]), name


def test_a_file_from_before_there_were_centres_has_none(tmp_path):
    network = saved(tmp_path / "now.safetensors")
    tensors = read_tensors(tmp_path / "now.safetensors")
    del tensors["centre"]
    write_tensors(tmp_path / "then.safetensors", tensors, read_header(tmp_path / "now.safetensors"))
    again = read_network(tmp_path / "then.safetensors")
    assert not again.centre.any()
    assert torch.equal(again.convolutions[0].weight, network.convolutions[0].weight)


def test_header_is_that_of_an_artefact(tmp_path):
    saved(tmp_path / "weights.safetensors")
    header = read_header(tmp_path / "weights.safetensors")
    assert header.kind == "weights"
    assert header.attributes["crop_mode"] == "warp"
    assert header.attributes["network"] == SMALL.model_dump(mode="json")


def test_truncated_file_is_named(tmp_path):
    path = tmp_path / "weights.safetensors"
    saved(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ArtefactError, match=re.escape(str(path))):
        read_network(path)


def test_seed_decides_the_weights():
    heads = [PlacementHead(10, 0.1, 0.0) for _ in range(3)]
    for head, seed in zip(heads, (1, 1, 2), strict=True):
        draw_weights(head, seed)
    first, same, other = (head.layers[0].weight for head in heads)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
