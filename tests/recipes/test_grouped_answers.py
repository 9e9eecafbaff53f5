"""Losses and measures of groups, against a loop."""

import numpy as np
import pytest
import torch

from stpose.recipes.grouped_answers import grouped_losses, grouped_sums
from stpose.recipes.recipe import MEASURES, measures


def slow_measures(values):
    """Losses, right answers and firsts of groups, pair by pair."""
    losses, right, firsts = [], 0, 0
    for group in values.double().numpy():
        for place, (no, yes) in enumerate(group):
            truth = place == 0
            chosen = yes if truth else no
            losses.append(np.log(np.exp(no) + np.exp(yes)) - chosen)
            right += (yes > no) == truth
        margin = group[:, 1] - group[:, 0]
        firsts += all(margin[0] > other for other in margin[1:])
    return losses, right, firsts


def named(sums):
    return dict(zip(MEASURES, sums.tolist(), strict=True))


def test_losses_and_measures_are_those_of_a_loop():
    logits = torch.randn((5, 3, 2), generator=torch.Generator().manual_seed(1))
    losses, right, firsts = slow_measures(logits)
    found = grouped_losses(logits)
    np.testing.assert_allclose(found.flatten(), losses, rtol=1e-5)
    sums = named(grouped_sums(logits, found))
    assert sums["loss"] == pytest.approx(sum(losses), rel=1e-5)
    assert (sums["samples"], sums["judged"], sums["groups"]) == (15, 15, 5)
    assert (sums["right"], sums["first"]) == (right, firsts)
    assert sums["chance"] == pytest.approx(10)


def test_the_trivial_loss_is_that_of_the_best_constant_answer():
    logits = torch.zeros(1, 4, 2)
    constant = torch.log(torch.tensor([0.75, 0.25])).expand(1, 4, 2)
    losses = grouped_losses(constant)
    wanted = losses.sum().item()
    assert named(grouped_sums(logits, losses))["trivial_loss"] == pytest.approx(wanted, rel=1e-5)


def test_equal_scores_are_no_success():
    logits = torch.zeros(4, 3, 2)
    sums = named(grouped_sums(logits, grouped_losses(logits)))
    assert (sums["first"], sums["right"]) == (0, 8)


def test_no_groups_give_no_sums():
    logits = torch.zeros(0, 3, 2)
    assert grouped_sums(logits, grouped_losses(logits)).sum() == 0


def test_a_measure_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no such measures: \\['sample'\\]"):
        measures(torch.zeros(1), sample=1.0)
