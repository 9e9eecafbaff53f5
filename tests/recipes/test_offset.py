"""The offset recipe: what is asked for is where the person is seen."""

import numpy as np
import pytest
import torch

from stpose.crop_collection import CropCollection
from stpose.crop_cutting import box_transforms, cut_boxes
from stpose.errors import InputError
from stpose.recipes.footage import read_footage
from stpose.recipes.offset import offset, offsets
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings


def recipe_of(world, **chosen):
    collection = CropCollection(world.crops)
    footage = read_footage(collection.index, collection.size_px, world.curriculum, None)
    values = {"batch_size": 16, "rotation": 20, "offset": {"weight": 1}, **chosen}
    return offset(footage, ExperimentSettings(**values))


@pytest.mark.parametrize("mode", ["warp", "square"])
def test_offsets_say_where_the_middle_is_seen(mode):
    """A white dot in the middle of the person lies in the picture where the offset says."""
    size, generator = 96, np.random.default_rng(0)
    for _ in range(20):
        corner, extent = generator.uniform(25, 35, 2), generator.uniform(25, 40, 2)
        person = np.array([[*corner, *(corner + extent)]])
        moved = person + np.tile(generator.uniform(-6, 6, 2), 2)
        if mode == "square":
            side = extent.max()
            middle = (moved[:, :2] + moved[:, 2:]) / 2
            moved = np.concatenate([middle - side / 2, middle + side / 2], axis=1)
        crop = torch.zeros((1, 1, size, size), dtype=torch.uint8)
        x, y = ((person[0, :2] + person[0, 2:]) / 2).astype(int)
        crop[0, 0, y, x] = 255
        mirror, rotation = generator.random(1) < 0.5, generator.uniform(-40, 40, 1)
        picture = cut_boxes(crop, box_transforms(moved, size, mirror, rotation), 200)[0, 0]
        rows, columns = np.nonzero(picture.numpy() > picture.max().item() / 2)
        seen = np.array([columns.mean(), rows.mean()]) / 200 - 0.5
        dot = np.array([[x + 0.5, y + 0.5, x + 0.5, y + 0.5]])
        whole = np.concatenate([dot[:, :2] - extent / 2, dot[:, 2:] + extent / 2], axis=1)
        found = offsets(moved, whole, mirror, rotation)[0]
        np.testing.assert_allclose(found[:2], seen, atol=0.02)
        wanted = np.log(extent[1] / (moved[0, 3] - moved[0, 1]))
        assert found[2] == pytest.approx(wanted, rel=1e-4, abs=1e-6)


def test_losses_are_those_of_a_loop(world):
    recipe = recipe_of(world)
    drawn = recipe.draw(np.random.default_rng(0), 1)
    truth = drawn.truth["offset"].astype(np.float64)
    head = recipe.head(10)
    features = torch.randn((16, 10), generator=torch.Generator().manual_seed(0))
    judged = recipe.judge(head, features, drawn)

    def slow(found):
        error = np.abs(found - truth)
        return np.mean([e - 0.05 if e > 0.1 else e * e / 0.2 for e in error.ravel()])

    assert judged.loss.item() == pytest.approx(slow(head(features).detach().numpy()), rel=1e-4)
    sums = dict(zip(MEASURES, judged.sums["offset"].tolist(), strict=True))
    assert sums["samples"] == 16
    assert sums["trivial_loss"] == pytest.approx(16 * slow(truth.mean(axis=0)), rel=1e-4)


def test_boxes_move_as_far_as_they_are_told(world):
    recipe = recipe_of(
        world, mirror=0, rotation=0, offset={"weight": 1, "shift": 0.2, "scale": 0.5}
    )
    found = np.concatenate(
        [recipe.draw(np.random.default_rng(seed), 1).truth["offset"] for seed in range(40)]
    )
    # The box may have grown to half as large again, or shrunk to two thirds.
    assert np.abs(found[:, :2]).max() <= 0.2 * 1.5
    assert np.abs(found[:, :2]).max() > 0.2
    assert -np.log(1.5) - 1e-6 <= found[:, 2].min() < -0.35
    assert 0.35 < found[:, 2].max() <= np.log(1.5) + 1e-6


def test_too_few_people_are_counted(make_world, tmp_path):
    few = make_world(tmp_path, videos=1, frames=12, blocks=1)
    with pytest.raises(InputError, match=r"12 frames with a person, at least 16"):
        recipe_of(few)
