"""The shared convolutions, the heads, and the joint loss."""

import numpy as np
import pytest
import torch

from stpose.errors import InputError
from stpose.network.alexnet import PoseNetwork
from stpose.recipes.recipe import MEASURES
from stpose.settings.experiment import ExperimentSettings
from stpose.training.metrics import Moment, metric_rows, row_in_words
from stpose.training.sampler import Sampler
from stpose.training.tasks import JointModel, task_names

from .test_sampler import sampler_of

MOMENT = Moment(100, 3, 50.0, 12.5, 1e-3)
CHOSEN = {
    "network": {"input_px": 67, "width": 0.125},
    "head_width": 0.05,
    "dropout": 0,
    "negatives": 2,
    "batch_size": 6,
    "ordering_weight": 2.0,
    "placement_weight": 0.5,
}


def pictures(count):
    return torch.rand((count, 3, 67, 67), generator=torch.Generator().manual_seed(0))


def model_of(sampler: Sampler, settings: ExperimentSettings):
    return JointModel(PoseNetwork(settings.network), sampler.recipes, settings)


def test_each_part_goes_to_its_recipe_and_losses_add_up(world):
    sampler = sampler_of(world, **CHOSEN)
    model = model_of(sampler, sampler.settings).eval()
    batch = sampler.batch(0)
    images = pictures(len(batch.crops))
    with torch.inference_mode():
        answers = model(images, batch)
        features = torch.cat([model.network(images[n : n + 1]) for n in range(len(images))])
        cut = len(batch.parts[0].crops)
        alone = [
            recipe.judge(model.heads[recipe.name], own, part)
            for recipe, own, part in zip(
                sampler.recipes, (features[:cut], features[cut:]), batch.parts, strict=True
            )
        ]
    wanted = 2.0 * alone[0].loss + 0.5 * alone[1].loss
    torch.testing.assert_close(answers.loss, wanted, atol=1e-4, rtol=1e-4)
    sums = [alone[0].sums["ordering"], alone[0].sums["repetition"], alone[1].sums["placement"]]
    torch.testing.assert_close(answers.sums, torch.stack(sums), atol=1e-3, rtol=1e-4)
    assert task_names(sampler.recipes) == ("ordering", "repetition", "placement")


@pytest.mark.parametrize("task", ["ordering", "placement"])
def test_a_recipe_without_weight_has_no_head(world, task):
    sampler = sampler_of(world, **{**CHOSEN, f"{task}_weight": 0})
    model = model_of(sampler, sampler.settings)
    assert set(model.heads) == {"ordering", "placement"} - {task}


def test_a_head_starts_the_same_beside_any_others(world):
    both = sampler_of(world, **CHOSEN)
    alone = sampler_of(world, **{**CHOSEN, "ordering_weight": 0})
    one, other = (model_of(sampler, sampler.settings) for sampler in (both, alone))
    for name, weights in other.heads["placement"].state_dict().items():
        assert torch.equal(weights, one.heads["placement"].state_dict()[name])


def test_both_streams_see_the_same_statistics(world):
    """Twice the same picture gives twice the same pool5, though batch normalisation is training."""
    network = {**CHOSEN["network"], "convolution_batch_norm": True}
    sampler = sampler_of(world, **{**CHOSEN, "network": network, "placement_weight": 0})
    model = model_of(sampler, sampler.settings).train()
    streams = []
    model.heads["ordering"].register_forward_pre_hook(lambda _, inputs: streams.extend(inputs))
    anchors = pictures(2)
    # Two anchors, and each of them again as each of its three candidates.
    model(torch.cat([anchors, anchors.repeat_interleave(3, dim=0)]), sampler.batch(0))
    torch.testing.assert_close(streams[0], streams[1])


def row_of(**values):
    return [float(values.get(name, 0)) for name in MEASURES]


def test_rows_are_means_over_samples():
    sums = torch.tensor(
        [
            row_of(
                samples=8, loss=4, trivial_loss=6, judged=8, right=6, chance=5, groups=2, first=1
            ),
            row_of(),
            row_of(samples=4, loss=1, trivial_loss=2),
        ],
        dtype=torch.float64,
    )
    judged, other = metric_rows(("a", "b", "c"), sums, MOMENT)
    assert (judged["task"], other["task"]) == ("a", "c")
    assert (judged["loss"], judged["trivial_loss"]) == (0.5, 0.75)
    assert (judged["accuracy"], judged["chance"], judged["rank1"]) == (0.75, 0.625, 0.5)
    assert (other["loss"], other["trivial_loss"]) == (0.25, 0.5)
    assert (other["accuracy"], other["chance"], other["rank1"]) == (None, None, None)
    assert row_in_words(other) == "loss 0.2500 (without a picture 0.5000)"
    assert "accuracy 0.750 (chance 0.625), first of its group 0.500" in row_in_words(judged)


def test_a_loss_that_is_no_number_stops_the_training():
    sums = torch.tensor([row_of(samples=1, loss=np.nan)], dtype=torch.float64)
    with pytest.raises(InputError, match="ordering loss is nan at iteration 100"):
        metric_rows(("ordering",), sums, MOMENT)
