"""The pictures of the collection."""

import re

import cv2
import numpy as np
import pytest
import torch

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CROPS
from stpose.artefacts.stores import create_store
from stpose.crop_collection import CropCollection
from stpose.errors import ArtefactError

SIZE = 16


def write_crops(path, video, keys, valid=(0, 0, SIZE, SIZE), broken=False):
    generator = np.random.default_rng(len(video))
    pictures = []
    with create_store(path, CROPS, derive("crops", "{}")) as store:
        store.attributes.update(video_id=video, size_px=SIZE)
        for track, frame in keys:
            picture = generator.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
            pictures.append(picture)
            encoded = b"no picture" if broken else cv2.imencode(".png", picture)[1].tobytes()
            box = [4, 2, 10, 14]
            region = [0, 0, SIZE, SIZE]
            store.append(
                frame=frame, track=track, box=box, region=region, valid=valid, image=encoded
            )
    return pictures


@pytest.fixture
def videos(tmp_path):
    first = write_crops(tmp_path / "a.h5", "a", [(2, 1), (1, 4), (1, 2)], valid=(5, 0, 16, 16))
    second = write_crops(tmp_path / "b.h5", "bb", [(1, 0), (1, 1)])
    in_order = [first[2], first[1], first[0], second[0], second[1]]
    rgb = np.stack(in_order)[..., ::-1].transpose(0, 3, 1, 2)
    return [tmp_path / "b.h5", tmp_path / "a.h5"], rgb


@pytest.mark.parametrize("budget", [0, 10**6])
def test_pictures_are_found_by_number(videos, budget):
    paths, rgb = videos
    collection = CropCollection(paths, budget)
    assert collection.is_held == (budget > 0)
    numbers = np.array([4, 0, 0, 2, 1, 3, 4])
    np.testing.assert_array_equal(collection.fetch(numbers).numpy(), rgb[numbers])


def test_mapped_pictures_are_the_same(videos, tmp_path):
    paths, rgb = videos
    collection = CropCollection(paths, 1, mapped_folder=tmp_path / "mapped")
    assert collection.is_held
    np.testing.assert_array_equal(collection.fetch(np.array([4, 0, 3])).numpy(), rgb[[4, 0, 3]])


def test_a_budget_that_is_too_small_by_a_byte(videos):
    paths, rgb = videos
    assert not CropCollection(paths, rgb.size - 1).is_held
    assert CropCollection(paths, rgb.size).is_held


def test_sample_cuts_the_boxes_asked_for(videos):
    paths, rgb = videos
    collection = CropCollection(paths)
    boxes = np.array([[4, 2, 12, 10], [0, 8, 8, 16]])
    mirror, rotation = np.array([False, True]), np.zeros(2)
    cut = collection.sample(np.array([3, 1]), boxes, 8, mirror, rotation, "cpu")
    np.testing.assert_allclose(cut[0].numpy(), rgb[3][:, 2:10, 4:12] / 255, atol=1e-5)
    np.testing.assert_allclose(cut[1].numpy(), rgb[1][:, 8:16, 7::-1] / 255, atol=1e-5)


def test_modes(videos):
    paths, rgb = videos
    collection = CropCollection(paths)
    number, upright = np.array([0]), np.zeros(1)
    box = np.array([[4, 2, 8, 10]])
    square = collection.sample(number, box, 8, upright > 0, upright, "cpu", "square")
    np.testing.assert_allclose(square[0].numpy(), rgb[0][:, 2:10, 2:10] / 255, atol=1e-5)
    warped = collection.sample(number, box, 4, upright > 0, upright, "cpu", "warp")
    halved = rgb[0][:, 2:10, 4:8].reshape(3, 4, 2, 4).mean(axis=2)
    np.testing.assert_allclose(warped[0].numpy(), halved / 255, atol=1e-5)


def test_real_pixels_are_those_within_valid(videos):
    paths, _ = videos
    collection = CropCollection(paths)
    boxes = np.array([[2, 2, 10, 10], [2, 2, 10, 10], [12, 8, 20, 16]])
    mirror = np.array([False, True, False])
    real = collection.real_pixels(np.array([0, 0, 3]), boxes, 8, mirror, np.zeros(3), "cpu")
    assert real.shape == (3, 1, 8, 8)
    assert real.dtype == torch.bool
    row = np.arange(8)
    np.testing.assert_array_equal(real[0, 0].numpy(), np.tile(row >= 3, (8, 1)))
    np.testing.assert_array_equal(real[1, 0].numpy(), np.tile(row < 5, (8, 1)))
    np.testing.assert_array_equal(real[2, 0].numpy(), np.tile(row < 4, (8, 1)))


def test_a_picture_that_cannot_be_decoded_is_named(tmp_path):
    path = tmp_path / "a.h5"
    write_crops(path, "a", [(1, 0)], broken=True)
    with pytest.raises(ArtefactError, match=re.escape(f"{path}: crop 0 cannot be decoded")):
        CropCollection([path]).fetch(np.array([0]))
