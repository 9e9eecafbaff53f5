"""The contrast recipe: positives, negatives, and what counts as neither."""

import numpy as np
import pytest
import torch

from stpose.crop_index import read_crop_index
from stpose.errors import InputError
from stpose.recipes.contrast import contrast
from stpose.recipes.footage import MinedPairs, read_footage
from stpose.recipes.groups import choose_some
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings


def recipe_of(world, mined=None, **chosen):
    index, _, size_px = read_crop_index(world.crops)
    footage = read_footage(index, size_px, world.curriculum, None)
    if mined is not None:
        footage = type(footage)(**{**vars(footage), "mined": mined})
    own = {"weight": 1, "negatives": 5}
    values = {"batch_size": 48, "mirror": 0.5, "contrast": own, **chosen}
    return contrast(footage, ExperimentSettings(**values))


def groups_of(drawn):
    count = len(drawn.truth["counts"])
    return drawn.crops[:count], drawn.crops[count:].reshape(count, -1)


def test_positives_are_near_and_negatives_far(world):
    recipe = recipe_of(world)
    index = recipe.footage.index
    seen = set()
    for seed in range(20):
        drawn = recipe.draw(np.random.default_rng(seed), 2)
        anchors, candidates = groups_of(drawn)
        assert candidates.shape == (8, 6)
        assert (index.video[candidates] == index.video[anchors][:, None]).all()
        distance = index.frame[candidates] - index.frame[anchors][:, None]
        seen |= set(distance[:, 0].tolist())
        far = np.abs(distance[:, 1:][drawn.truth["counts"]])
        assert ((far >= 8) & (far <= 16)).all()
        mirror = drawn.mirror[8:].reshape(8, 6)
        assert (mirror == drawn.mirror[:8, None]).all()
    assert seen == {-4, -3, -2, -1, 1, 2, 3, 4}


def test_repetitions_are_positives_and_never_negatives(world):
    # In the first track, frame t shows the pose of t + 12, which is a negative by its distance.
    anchor = np.arange(40)
    recipe = recipe_of(world, MinedPairs(anchor, anchor + 12, np.ones(40, bool)))
    index = recipe.footage.index
    repeated = 0
    for seed in range(40):
        drawn = recipe.draw(np.random.default_rng(seed), 1)
        anchors, candidates = groups_of(drawn)
        first = index.video[anchors] == 0
        distance = np.abs(index.frame[candidates] - index.frame[anchors][:, None])
        repeated += (distance[first, 0] == 12).sum()
        both = (index.frame[candidates] < 52) & (index.frame[anchors][:, None] < 52)
        assert not ((distance == 12) & both & first[:, None])[:, 1:].any()
        assert (distance[~first, 0] <= 4).all()
    assert repeated > 0


def test_losses_are_those_of_a_loop(world):
    recipe = recipe_of(world, tau_negative_min=8, tau_negative_max=9)
    drawn = recipe.draw(np.random.default_rng(1), 2)
    counts = drawn.truth["counts"]
    assert not counts.all()  # at most four frames are 8 or 9 away, five are asked for
    head = recipe.head(10)
    features = torch.randn((len(drawn.crops), 10), generator=torch.Generator().manual_seed(0))
    judged = recipe.judge(head, features, drawn)
    vectors = head(features).detach().double().numpy()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    losses, firsts, chances = [], 0, []
    for group in range(8):
        own = vectors[8 + group * 6 : 8 + group * 6 + 6]
        scores = own @ vectors[group] / 0.1
        kept = [scores[0], *scores[1:][counts[group]]]
        losses.append(-kept[0] + np.log(np.exp(kept).sum()))
        firsts += all(kept[0] > other for other in kept[1:])
        chances.append(1 / len(kept))
    assert judged.loss.item() == pytest.approx(np.mean(losses), rel=1e-4)
    sums = dict(zip(MEASURES, judged.sums["contrast"].tolist(), strict=True))
    assert sums["loss"] == pytest.approx(np.sum(losses), rel=1e-4)
    assert (sums["first"], sums["right"], sums["groups"]) == (firsts, firsts, 8)
    assert sums["chance"] == pytest.approx(np.sum(chances))
    assert sums["trivial_loss"] == pytest.approx(-np.log(chances).sum())


def test_too_few_anchors_are_counted(make_world, tmp_path):
    few = make_world(tmp_path, videos=1, frames=8, blocks=1)
    with pytest.raises(
        InputError, match=r"0 of its 8 frames .* at least 8 are needed for contrast"
    ):
        recipe_of(few)


def test_some_are_chosen_of_those_there_are():
    table = np.array([[5, -1, 7, -1], [1, 2, 3, 4], [-1, -1, -1, -1]])
    seen = [set(), set(), set()]
    for seed in range(300):
        chosen, there = choose_some(np.random.default_rng(seed), table, 3)
        assert there.sum(axis=1).tolist() == [2, 3, 0]
        for row in range(3):
            assert len(set(chosen[row][there[row]])) == there[row].sum()
            seen[row].add(tuple(chosen[row][there[row]]))
    assert seen[0] == {(5, 7), (7, 5)}
    assert len(seen[1]) == 24
    wide, there = choose_some(np.random.default_rng(0), table, 6)
    assert wide.shape == (3, 6)
    assert there.sum(axis=1).tolist() == [2, 4, 0]
