"""Embedders, and the contenders of a table."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.benchmarks import embedders as module
from stpose.benchmarks.embedders import Hog, Pixels, Pool5, contenders, embed
from stpose.network.features import pool5_features
from stpose.network.weights import save_weights
from stpose.settings.benchmarks import BenchmarkSettings


def crops(count, side):
    return np.random.default_rng(4).integers(0, 256, (count, side, side, 3)).astype(np.uint8)


def test_pixels_are_grey_values_of_rgb():
    red = np.zeros((1, 32, 32, 3), np.uint8)
    red[..., 0] = 255
    assert Pixels()(red).shape == (1, 1024)
    assert set(Pixels()(red).ravel().tolist()) == {76.0}  # 0.299 * 255


def test_hog_is_opencvs_descriptor_and_ignores_brightness():
    known = crops(2, 128) // 2
    vectors = Hog()(known)
    assert vectors.shape == (2, 15 * 15 * 4 * 9)
    np.testing.assert_allclose(Hog()(known + 60), vectors, atol=0.02)
    # A vertical edge lies in the bin of horizontal gradients.
    edge = np.zeros((1, 128, 128, 3), np.uint8)
    edge[:, :, 64:] = 200
    bins = Hog()(edge).reshape(-1, 9).sum(axis=0)
    assert bins[[0, 8]].sum() > 0.99 * bins.sum()


def test_every_picture_goes_to_every_embedder_at_its_size(monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 3)
    pictures, opened = crops(7, 200), []

    def open_picture(number):
        opened.append(number)
        return lambda side: cv2.resize(pictures[number], (side, side))

    found = embed([Pixels(), Pixels("small", 8), Hog()], 7, open_picture, "test")
    assert opened == list(range(7))
    for embedder in (Pixels(), Pixels("small", 8), Hog()):
        side = embedder.input_px
        expected = embedder(np.stack([cv2.resize(p, (side, side)) for p in pictures]))
        np.testing.assert_array_equal(found[embedder.name], expected)


def test_without_weights_random_ones_are_in_the_papers_network():
    found = contenders(None, BenchmarkSettings(random_seeds=1, device="cpu"))
    assert [one.name for one in found] == ["pixels", "hog", "random weights"]
    assert found[2].embedders[0].input_px == 227


def test_random_weights_are_in_the_trained_network(tmp_path, tiny_network):
    path = tmp_path / "weights.safetensors"
    save_weights(path, tiny_network, derive("training", "{}"), {})
    settings = BenchmarkSettings(random_seeds=3, seed=5, device="cpu")
    found = {one.name: one for one in contenders(path, settings)}
    assert [one.kind for one in found.values()] == ["hand-made", "hand-made", "random", "trained"]
    assert [one.is_network for one in found.values()] == [False, False, True, True]
    random, (trained,) = found["random weights"].embedders, found["trained"].embedders
    assert len({part.name for part in random}) == 3
    known = crops(2, 64)
    np.testing.assert_allclose(
        trained(known), pool5_features(tiny_network, known, 2, "cpu"), rtol=1e-5
    )
    vectors = [part(known) for part in random]
    assert {part.input_px for part in random} == {64}
    assert not np.allclose(vectors[0], vectors[1])
    again = contenders(path, settings)[2].embedders[0]
    np.testing.assert_array_equal(again(known), vectors[0])


def test_pool5_names_its_size(tiny_network):
    assert Pool5("trained", tiny_network, 4, "cpu").input_px == 64


def test_auto_takes_what_is_there():
    (part,) = contenders(None, BenchmarkSettings(random_seeds=1))[2].embedders
    assert isinstance(part, Pool5)
    assert part.device in ("cpu", "cuda")


@pytest.mark.parametrize("count", [1, 5])
def test_vectors_are_one_a_crop(tiny_network, count):
    vectors = Pool5("trained", tiny_network, 2, "cpu")(crops(count, 64))
    assert vectors.shape == (count, tiny_network.feature_size)
    assert vectors.dtype == np.float32
