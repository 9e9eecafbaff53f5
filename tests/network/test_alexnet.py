"""Shape of the network."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from torch import nn

from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights
from stpose.settings.network import NetworkSettings


def test_pool5_has_the_paper_size():
    assert PoseNetwork(NetworkSettings()).feature_size == 256 * 6 * 6
    assert PoseNetwork(NetworkSettings(layout="caffe")).feature_size == 256 * 6 * 6


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["torchvision", "caffe"]),
    st.integers(64, 130),
    st.sampled_from([1, 2, 3, 4]),
    st.sampled_from([0.05, 0.125]),
)
def test_feature_size_is_what_comes_out(layout, side, stride, width):
    chosen = NetworkSettings(layout=layout, input_px=side, first_stride=stride, width=width)
    network = PoseNetwork(chosen).eval()
    with torch.inference_mode():
        features = network(torch.rand(1, 3, side, side))
    assert features.shape == (1, network.feature_size)


def test_centres_are_taken_off_the_channels():
    network = PoseNetwork(NetworkSettings(width=0.125, input_px=67)).eval()
    pictures = torch.rand(2, 3, 67, 67)
    with torch.inference_mode():
        plain = network(pictures).view(2, len(network.centre), -1)
        network.centre.copy_(torch.arange(len(network.centre)))
        centred = network(pictures).view(plain.shape)
    for channel in range(len(network.centre)):
        assert torch.allclose(plain[:, channel] - channel, centred[:, channel], atol=1e-5)


def test_a_window_weights_the_columns_about_their_centres():
    shape = {"width": 0.125, "input_px": 99, "first_stride": 2}
    plain = PoseNetwork(NetworkSettings(**shape)).eval()
    windowed = PoseNetwork(NetworkSettings(**shape, window=0.3)).eval()
    plain.centre.fill_(0.25)
    windowed.load_state_dict(plain.state_dict())
    side = plain.settings.pool5_side
    maps = (2, len(plain.centre), side, side)
    with torch.inference_mode():
        pictures = torch.rand(2, 3, 99, 99)
        before, after = plain(pictures).view(maps), windowed(pictures).view(maps)
    for column in range(side):
        off = (column + 0.5) / side - 0.5
        weight = math.exp(-(off**2) / (2 * 0.3**2))
        assert torch.allclose(after[..., column], weight * before[..., column], atol=1e-6)


def test_too_small_a_picture_is_refused():
    with pytest.raises(ValidationError, match="nothing is left at pool5"):
        NetworkSettings(input_px=40)


def test_only_the_last_convolution_lets_negatives_through():
    network = PoseNetwork(NetworkSettings(width=0.125, input_px=67, negative_slope=0.2))
    slopes = [
        part.negative_slope if isinstance(part, nn.LeakyReLU) else 0.0
        for following in network.following
        for part in following
        if isinstance(part, (nn.ReLU, nn.LeakyReLU))
    ]
    assert slopes == [0.0, 0.0, 0.0, 0.0, 0.2]


def test_random_weights_keep_the_size_of_activations():
    network = PoseNetwork(NetworkSettings(input_px=99))
    draw_weights(network, seed=3)
    with torch.inference_mode():
        features = network.eval()(torch.rand(4, 3, 99, 99))
    assert 0.1 < features.std() < 10


def test_channels_stay_last_inside():
    network = PoseNetwork(NetworkSettings(width=0.125, input_px=67))
    seen = []
    network.following[2].register_forward_hook(lambda *arguments: seen.append(arguments[-1]))
    with torch.inference_mode():
        network(torch.rand(2, 3, 67, 67))
    assert seen[0].is_contiguous(memory_format=torch.channels_last)
    assert not seen[0].is_contiguous()
