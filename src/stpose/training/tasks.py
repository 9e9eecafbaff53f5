"""The network with the heads of its tasks, and what they answer to a batch (paper 3.4)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from stpose.network.alexnet import PoseNetwork
from stpose.network.heads import OrderingHead, PlacementHead
from stpose.network.weights import draw_weights
from stpose.settings.experiment import ExperimentSettings
from stpose.training.sampler import Batch

# In the order in which the metrics list them.
TASKS = ("ordering", "placement", "repetition")
MEASURES = 5  # sums over samples of: loss, right answers, samples, firsts, groups


class JointModel(nn.Module):
    """One network shared by all tasks, and a head for each task that has a weight.

    Attributes:
        network: The convolutions.
        heads: "ordering" (which repetitions share) and "placement", as far as they are used.
    """

    def __init__(self, network: PoseNetwork, settings: ExperimentSettings) -> None:
        """Put heads with random weights on a network."""
        super().__init__()
        self.network = network
        self.heads = nn.ModuleDict()
        shape = (network.feature_size, settings.head_width, settings.dropout)
        if settings.ordering_weight:
            self.heads["ordering"] = OrderingHead(*shape)
        if settings.placement_weight:
            self.heads["placement"] = PlacementHead(*shape)
        for number, head in enumerate(self.heads.values(), start=1):
            draw_weights(head, settings.seed + number)

    def forward(self, images: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the logits of pairs and of placements.

        All pictures go through the convolutions together, so that both streams of a pair and both
        tasks are normalised by the same statistics; an anchor goes through once for all its pairs.

        Args:
            images: (N, 3, S, S) in 0 to 1, in the order of the batch.
            batch: What they are.

        Returns:
            (pairs, 1 + K, 2) and (placements, 1 + K, 2), float32.
        """
        features = self.network(images)
        pair_logits = features.new_empty((0, 1, 2))
        placement_logits = pair_logits
        boxes = features[len(features) - _members(batch) * batch.placements :]
        if batch.pairs:
            anchors = features[: batch.pairs].repeat_interleave(_members(batch), dim=0)
            candidates = features[batch.pairs : len(features) - len(boxes)]
            pair_logits = self.heads["ordering"](anchors, candidates)
            pair_logits = pair_logits.view(batch.pairs, -1, 2)
        if batch.placements:
            placement_logits = self.heads["placement"](boxes).view(batch.placements, -1, 2)
        return pair_logits.float(), placement_logits.float()


def _members(batch: Batch) -> int:
    groups = batch.pairs + batch.placements
    return (len(batch.crops) - batch.pairs) // groups


@dataclass(frozen=True)
class Answers:
    """How a batch went.

    Attributes:
        loss: Joint loss, to be minimised.
        sums: (tasks, measures) float64 sums, on the device of the logits.
    """

    loss: Tensor
    sums: Tensor


def judge(
    pair_logits: Tensor, placement_logits: Tensor, repetitions: int, settings: ExperimentSettings
) -> Answers:
    """Compare logits with the truth: the first of each group is right, the others are wrong.

    Args:
        pair_logits: (pairs, 1 + K, 2) logits of wrong and right.
        placement_logits: (placements, 1 + K, 2).
        repetitions: How many of the groups of pairs, the first ones, are repetitions.
        settings: Weights of the tasks.
    """
    pair_loss, pair_sums = _cross_entropy(pair_logits)
    box_loss, box_sums = _cross_entropy(placement_logits)
    loss = pair_logits.new_zeros(())
    if len(pair_loss):
        loss = loss + settings.ordering_weight * pair_loss.mean()
    if len(box_loss):
        loss = loss + settings.placement_weight * box_loss.mean()
    of_task = {
        "ordering": pair_sums[repetitions:],
        "placement": box_sums,
        "repetition": pair_sums[:repetitions],
    }
    return Answers(loss, torch.stack([of_task[task].sum(dim=0) for task in TASKS]))


def _cross_entropy(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Return the losses (G, 1 + K) and, for each group, the sums that make the metrics."""
    truth = torch.zeros(logits.shape[:2], dtype=torch.long, device=logits.device)
    truth[:, 0] = 1
    loss = functional.cross_entropy(logits.flatten(0, 1), truth.flatten(), reduction="none")
    loss = loss.view(truth.shape)
    score = (logits[..., 1] - logits[..., 0]).detach()
    right = (score > 0) == (truth == 1)
    first = (score[:, :1] > score[:, 1:]).all(dim=1)
    ones = torch.ones_like(first, dtype=torch.float64)
    sums = torch.stack(
        [
            loss.detach().double().sum(dim=1),
            right.double().sum(dim=1),
            ones * logits.shape[1],
            first.double(),
            ones,
        ],
        dim=1,
    )
    return loss, sums
