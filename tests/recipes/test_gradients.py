"""The gradients recipe: whose outlines are alike."""

import numpy as np
import pytest
import torch

from stpose.crop_collection import CropCollection
from stpose.errors import InputError
from stpose.recipes.footage import read_footage
from stpose.recipes.gradient_histograms import gradient_histograms
from stpose.recipes.gradients import gradients
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings


def recipe_of(world, **chosen):
    collection = CropCollection(world.crops)
    footage = read_footage(
        collection.index, collection.size_px, world.curriculum, None, world.crops
    )
    own = {"weight": 1, "cells": 6, "temperature": 0.2}
    values = {"batch_size": 16, "crop_mode": "square", "gradients": own, **chosen}
    return gradients(footage, ExperimentSettings(**values)), collection


def test_histograms_are_of_the_people_as_they_are_flipped(world):
    recipe, collection = recipe_of(world, mirror=0.5, rotation=20, shift=0.2)
    drawn = recipe.draw(np.random.default_rng(0), 2)
    assert 0 < drawn.mirror.sum() < 16
    found = recipe.histograms_of(drawn)
    people = collection.index.box[drawn.crops]
    pictures = collection.sample(
        drawn.crops, people, 60, drawn.mirror, np.zeros(16), "cpu", "square"
    )
    torch.testing.assert_close(found, gradient_histograms(pictures), atol=5e-3, rtol=5e-3)


def test_losses_are_those_of_a_loop(world):
    recipe, _ = recipe_of(world)
    drawn = recipe.draw(np.random.default_rng(1), 2)
    features = torch.randn((16, 12), generator=torch.Generator().manual_seed(0))
    judged = recipe.judge(recipe.head(12), features, drawn)

    def shares(vectors, row):
        unit = vectors - vectors.mean(axis=0)
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        similar = np.array([unit[row] @ unit[k] for k in range(len(unit)) if k != row]) / 0.2
        return np.exp(similar) / np.exp(similar).sum()

    outlines = recipe.histograms_of(drawn).flatten(1).double().numpy()
    network = features.double().numpy()
    losses = [-(shares(outlines, row) * np.log(shares(network, row))).sum() for row in range(16)]
    assert judged.loss.item() == pytest.approx(np.mean(losses), rel=1e-4)
    sums = dict(zip(MEASURES, judged.sums["gradients"].tolist(), strict=True))
    assert sums["samples"] == 16
    assert sums["loss"] == pytest.approx(np.sum(losses), rel=1e-4)
    assert sums["trivial_loss"] == pytest.approx(16 * np.log(15))
    assert sums["judged"] == sums["groups"] == 0


def test_the_loss_is_least_for_the_histograms_themselves(world):
    recipe, _ = recipe_of(world)
    drawn = recipe.draw(np.random.default_rng(2), 2)
    outlines = recipe.histograms_of(drawn).flatten(1)
    best = recipe.judge(recipe.head(1), outlines.clone(), drawn).loss
    noise = torch.randn(outlines.shape, generator=torch.Generator().manual_seed(0))
    assert best < recipe.judge(recipe.head(1), outlines + 0.1 * noise, drawn).loss
    assert best < recipe.judge(recipe.head(1), noise, drawn).loss


def test_the_gradient_reaches_pool5(world):
    recipe, _ = recipe_of(world)
    drawn = recipe.draw(np.random.default_rng(3), 2)
    features = torch.randn((16, 12), requires_grad=True)
    recipe.judge(recipe.head(12), features, drawn).loss.backward()
    assert torch.isfinite(features.grad).all()
    assert features.grad.abs().max() > 0


def test_too_few_people_are_counted(make_world, tmp_path):
    few = make_world(tmp_path, videos=1, frames=8, blocks=1)
    with pytest.raises(
        InputError, match=r"8 frames with a person, at least 16 are needed for gradients"
    ):
        recipe_of(few)
