"""Vectors of picture files."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.errors import InputError
from stpose.network.features import pool5_features, random_network
from stpose.network.picture_files import embed_pictures
from stpose.network.weights import save_weights
from stpose.settings.network import NetworkSettings

SMALL = NetworkSettings(input_px=67, width=0.125)


@pytest.fixture
def pictures(tmp_path):
    generator = np.random.default_rng(0)
    found = []
    for number, shape in enumerate([(67, 67), (134, 134), (90, 40)]):
        image = generator.integers(0, 256, (*shape, 3), dtype=np.uint8)
        found.append(tmp_path / f"{number} é.png")
        found[-1].write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return found


def weights(folder, crop_mode):
    path = folder / f"{crop_mode}.safetensors"
    save_weights(path, random_network(SMALL, 0), derive("t", "{}"), {"crop_mode": crop_mode})
    return path


@pytest.mark.parametrize("crop_mode", ["warp", "square"])
def test_vectors_are_those_of_the_pictures(pictures, tmp_path, crop_mode):
    out = tmp_path / "vectors.npz"
    assert embed_pictures(pictures, weights(tmp_path, crop_mode), out, 2, "cpu") == (
        3,
        random_network(SMALL, 0).feature_size,
    )
    with np.load(out) as found:
        assert found["path"].tolist() == [str(path) for path in pictures]
        vectors = found["vector"]
    first = cv2.imdecode(np.fromfile(pictures[0], np.uint8), cv2.IMREAD_COLOR)[None, :, :, ::-1]
    wanted = pool5_features(random_network(SMALL, 0), np.ascontiguousarray(first), 1, "cpu")
    np.testing.assert_allclose(vectors[:1], wanted, atol=1e-4)


def test_how_a_tall_picture_becomes_square_is_up_to_the_weights(pictures, tmp_path):
    vectors = []
    for mode in ("warp", "square"):
        embed_pictures(pictures, weights(tmp_path, mode), tmp_path / mode, 8, "cpu")
        with np.load(tmp_path / mode) as found:
            vectors.append(found["vector"])
    assert np.abs(vectors[0][2] - vectors[1][2]).max() > 0.01
    np.testing.assert_allclose(vectors[0][:1], vectors[1][:1], atol=1e-4)


def test_unusable_pictures_are_named(pictures, tmp_path):
    network, out = weights(tmp_path, "warp"), tmp_path / "vectors.npz"
    with pytest.raises(InputError, match="none found"):
        embed_pictures([], network, out, 8, "cpu")
    with pytest.raises(InputError, match=r"gone\.png: no such file"):
        embed_pictures([*pictures, tmp_path / "gone.png"], network, out, 8, "cpu")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"bad\.png: cannot be read"):
        embed_pictures([tmp_path / "bad.png"], network, out, 8, "cpu")
    assert not out.exists()
