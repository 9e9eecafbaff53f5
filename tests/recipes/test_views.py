"""The views recipe: two cuts of each crop, and what is no negative."""

import numpy as np
import pytest
import torch

from stpose.crop_index import read_crop_index
from stpose.errors import InputError
from stpose.recipes.footage import read_footage
from stpose.recipes.recipe import MEASURES
from stpose.recipes.views import near_frames, views
from stpose.settings.experiment import ExperimentSettings


def recipe_of(world, **chosen):
    index, _, size_px = read_crop_index(world.crops)
    footage = read_footage(index, size_px, world.curriculum, None)
    values = {"batch_size": 24, "rotation": 10, "views": {"weight": 1}, **chosen}
    return views(footage, ExperimentSettings(**values))


def test_two_cuts_of_each_crop_differ_in_all_but_the_flip(world):
    recipe = recipe_of(world, mirror=0.5)
    for seed in range(5):
        drawn = recipe.draw(np.random.default_rng(seed), 2)
        assert len(drawn.crops) == 24
        assert (drawn.crops[:12] == drawn.crops[12:]).all()
        assert (drawn.mirror[:12] == drawn.mirror[12:]).all()
        assert 0 < drawn.mirror.sum() < 24
        assert (drawn.boxes[:12] != drawn.boxes[12:]).all()
        assert (drawn.rotation[:12] != drawn.rotation[12:]).all()
        people = recipe.footage.index.box[drawn.crops]
        extent = people[:, 2:] - people[:, :2]
        factor = (drawn.boxes[:, 2:] - drawn.boxes[:, :2]) / extent
        assert ((factor > 1 / 1.5 - 1e-6) & (factor < 1.5 + 1e-6)).all()
        middle = (drawn.boxes[:, :2] + drawn.boxes[:, 2:] - people[:, :2] - people[:, 2:]) / 2
        assert (np.abs(middle / extent) <= 0.12 + 1e-6).all()


def test_frames_near_in_their_track_are_no_negatives(world):
    recipe = recipe_of(world, tau_positive=3)
    index = recipe.footage.index
    crops = np.random.default_rng(0).permutation(len(index))[:60]
    crops = np.concatenate([crops, crops[:2]])  # two are drawn twice
    found = near_frames(index, crops, recipe.settings)
    for one, first in enumerate(crops):
        for other, second in enumerate(crops):
            same = index.video[first] == index.video[second]
            same &= index.track[first] == index.track[second]
            near = same and abs(index.frame[first] - index.frame[second]) <= 3
            assert found[one, other] == (near and one != other)


def test_losses_are_those_of_a_loop(world):
    recipe = recipe_of(world)
    drawn = recipe.draw(np.random.default_rng(3), 2)
    near = drawn.truth["near"]
    assert near.any()
    torch.manual_seed(0)
    head = recipe.head(10)
    features = torch.randn((24, 10))
    judged = recipe.judge(head, features, drawn)
    vectors = head(features).detach().double().numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    losses, firsts, choices = [], 0, []
    for mine, theirs in ((vectors[:12], vectors[12:]), (vectors[12:], vectors[:12])):
        for place in range(12):
            scores = mine[place] @ theirs.T / 0.1
            others = [scores[k] for k in range(12) if k != place and not near[place, k]]
            losses.append(np.log(np.exp([scores[place], *others]).sum()) - scores[place])
            firsts += all(scores[place] > score for score in others)
            choices.append(1 + len(others))
    assert judged.loss.item() == pytest.approx(np.mean(losses), rel=1e-4)
    sums = dict(zip(MEASURES, judged.sums["views"].tolist(), strict=True))
    assert sums["samples"] == sums["judged"] == sums["groups"] == 24
    assert sums["loss"] == pytest.approx(np.sum(losses), rel=1e-4)
    assert sums["first"] == sums["right"] == firsts
    assert sums["trivial_loss"] == pytest.approx(np.log(choices).sum())
    assert sums["chance"] == pytest.approx((1 / np.array(choices)).sum())


def test_two_cuts_of_one_moment_are_told_from_all_others(world):
    recipe = recipe_of(world)
    drawn = recipe.draw(np.random.default_rng(0), 2)
    alike = torch.eye(12).repeat(2, 1)  # a vector of its own for each crop
    judged = recipe.judge(torch.nn.Identity(), alike, drawn)
    sums = dict(zip(MEASURES, judged.sums["views"].tolist(), strict=True))
    assert sums["first"] == 24
    assert judged.loss.item() < 0.01


def test_too_few_people_are_counted(make_world, tmp_path):
    few = make_world(tmp_path, videos=1, frames=8, blocks=1)
    with pytest.raises(
        InputError, match=r"8 frames with a person, at least 12 are needed for views"
    ):
        recipe_of(few)
