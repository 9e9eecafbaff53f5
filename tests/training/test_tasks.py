"""Losses, answers and the shared convolutions."""

import numpy as np
import pytest
import torch

from stpose.errors import InputError
from stpose.network.alexnet import PoseNetwork
from stpose.settings.experiment import ExperimentSettings
from stpose.training.metrics import Moment, metric_rows
from stpose.training.sampler import Batch
from stpose.training.tasks import JointModel, judge

SETTINGS = ExperimentSettings(
    network={"input_px": 67, "width": 0.125},
    head_width=0.05,
    dropout=0,
    placement_weight=0.1,
    ordering_weight=2,
    negatives=2,
    batch_size=6,
)
MOMENT = Moment(100, 3, 50.0, 12.5, 1e-3)


def logits(groups, seed):
    return torch.randn((groups, 3, 2), generator=torch.Generator().manual_seed(seed))


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


def test_losses_and_metrics_are_those_of_a_loop():
    pairs, boxes = logits(5, seed=1), logits(4, seed=2)
    answers = judge(pairs, boxes, repetitions=2, settings=SETTINGS)
    parts = {"ordering": pairs[2:], "placement": boxes, "repetition": pairs[:2]}
    slow = {task: slow_measures(part) for task, part in parts.items()}
    joint = 2 * np.mean(slow_measures(pairs)[0]) + 0.1 * np.mean(slow["placement"][0])
    assert answers.loss.item() == pytest.approx(joint, rel=1e-5)
    rows = metric_rows(answers.sums, MOMENT)
    assert [row["task"] for row in rows] == ["ordering", "placement", "repetition"]
    for row in rows:
        losses, right, firsts = slow[row["task"]]
        assert row["loss"] == pytest.approx(np.mean(losses), rel=1e-5)
        assert row["accuracy"] == pytest.approx(right / len(losses))
        assert row["rank1"] == pytest.approx(firsts / (len(losses) / 3))
        assert row["chance"] == pytest.approx(2 / 3)


def test_equal_scores_are_no_success():
    answers = judge(torch.zeros(4, 3, 2), torch.zeros(0, 3, 2), 0, SETTINGS)
    (row,) = metric_rows(answers.sums, MOMENT)
    assert row["rank1"] == 0
    assert row["accuracy"] == pytest.approx(2 / 3)


def test_a_loss_that_is_no_number_stops_the_training():
    answers = judge(torch.full((2, 3, 2), torch.nan), torch.zeros(0, 3, 2), 0, SETTINGS)
    with pytest.raises(InputError, match="ordering loss is nan at iteration 100"):
        metric_rows(answers.sums, MOMENT)


def batch_of(pairs, placements, members=3):
    count = pairs + (pairs + placements) * members
    nothing = np.zeros(count)
    boxes, colours = np.zeros((count, 4)), np.ones((count, 3))
    crops = np.zeros(count, np.int64)
    return Batch(1, pairs, 0, placements, crops, boxes, nothing > 0, nothing, colours)


@pytest.mark.parametrize(("pairs", "placements"), [(4, 4), (4, 0), (0, 4)])
def test_each_pair_and_box_goes_to_its_head(pairs, placements):
    chosen = {"ordering_weight": float(pairs > 0), "placement_weight": float(placements > 0)}
    settings = SETTINGS.model_copy(update=chosen)
    model = JointModel(PoseNetwork(settings.network), settings).eval()
    assert set(model.heads) == {
        name for name, size in (("ordering", pairs), ("placement", placements)) if size
    }
    batch = batch_of(pairs, placements)
    images = torch.rand((len(batch.crops), 3, 67, 67), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        pair_logits, box_logits = model(images, batch)
        assert pair_logits.shape[0] == pairs
        assert box_logits.shape[0] == placements
        for group in range(pairs):
            for member in range(3):
                anchor = model.network(images[group : group + 1])
                place = pairs + group * 3 + member
                candidate = model.network(images[place : place + 1])
                slow = model.heads["ordering"](anchor, candidate)[0]
                torch.testing.assert_close(pair_logits[group, member], slow, atol=1e-4, rtol=1e-4)
        for number in range(placements * 3):
            place = len(images) - placements * 3 + number
            slow = model.heads["placement"](model.network(images[place : place + 1]))[0]
            fast = box_logits.view(-1, 2)[number]
            torch.testing.assert_close(fast, slow, atol=1e-4, rtol=1e-4)


def test_both_streams_see_the_same_statistics():
    """Twice the same picture gives twice the same pool5, though batch normalisation is training."""
    network = SETTINGS.network.model_copy(update={"convolution_batch_norm": True})
    settings = SETTINGS.model_copy(update={"network": network, "placement_weight": 0.0})
    model = JointModel(PoseNetwork(network), settings).train()
    streams = []
    model.heads["ordering"].register_forward_pre_hook(lambda _, inputs: streams.extend(inputs))
    images = torch.rand((2, 3, 67, 67), generator=torch.Generator().manual_seed(0))
    # Two anchors, and each of them again as each of its three candidates.
    model(torch.cat([images, images.repeat_interleave(3, dim=0)]), batch_of(2, 0))
    torch.testing.assert_close(streams[0], streams[1])
