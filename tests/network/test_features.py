"""pool5 of pictures."""

import numpy as np
import pytest
import torch

from stpose.artefacts.provenance import derive
from stpose.network.features import load_network, pool5_features, random_network
from stpose.network.weights import save_weights
from stpose.settings.network import NetworkSettings

SMALL = NetworkSettings(width=0.125, input_px=67, convolution_batch_norm=True)


def pictures(count, side=67):
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def test_batches_do_not_matter():
    network = random_network(SMALL, seed=0)
    crops = pictures(7)
    whole = pool5_features(network, crops, 7, "cpu")
    assert whole.shape == (7, network.feature_size)
    assert whole.dtype == np.float32
    np.testing.assert_allclose(pool5_features(network, crops, 3, "cpu"), whole, atol=1e-5)


def test_pixels_are_rgb_from_0_to_1():
    network = random_network(SMALL, seed=0)
    crops = pictures(2)
    images = torch.tensor(crops.transpose(0, 3, 1, 2) / 255.0, dtype=torch.float32)
    with torch.inference_mode():
        expected = network(images).numpy()
    np.testing.assert_allclose(pool5_features(network, crops, 2, "cpu"), expected, atol=1e-5)


def test_mode_is_left_as_found():
    network = random_network(SMALL, seed=0).train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    pool5_features(network, pictures(2), 2, "cpu")
    assert network.training
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name]), name


def test_no_pictures_give_no_rows():
    network = random_network(SMALL, seed=0)
    assert pool5_features(network, pictures(0), 4, "cpu").shape == (0, network.feature_size)


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match=r"\(2, 60, 60, 3\), expected uint8 \(N, 67, 67, 3\)"):
        pool5_features(random_network(SMALL, seed=0), pictures(2, 60), 2, "cpu")


def test_load_network_gives_the_same_features(tmp_path):
    network = random_network(SMALL, seed=5)
    path = tmp_path / "weights.safetensors"
    save_weights(path, network, derive("training", SMALL), {})
    crops = pictures(3)
    np.testing.assert_array_equal(
        pool5_features(load_network(path), crops, 3, "cpu"),
        pool5_features(network, crops, 3, "cpu"),
    )
