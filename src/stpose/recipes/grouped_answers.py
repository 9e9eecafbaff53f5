"""Yes or no, asked of groups of which the first member is right and the others are wrong."""

import math

import torch
import torch.nn.functional as functional
from torch import Tensor

from stpose.recipes.recipe import measures


def grouped_losses(logits: Tensor) -> Tensor:
    """Return the cross-entropies (G, 1 + K) of logits (G, 1 + K, 2) of no and yes."""
    truth = torch.zeros(logits.shape[:2], dtype=torch.long, device=logits.device)
    truth[:, 0] = 1
    loss = functional.cross_entropy(logits.flatten(0, 1), truth.flatten(), reduction="none")
    return loss.view(truth.shape)


def grouped_scores(logits: Tensor) -> Tensor:
    """Return how much surer of yes than of no (G, 1 + K) logits (G, 1 + K, 2) are."""
    return (logits[..., 1] - logits[..., 0]).detach()


def grouped_sums(logits: Tensor, losses: Tensor) -> Tensor:
    """Return what the metrics are made of (measures,).

    Args:
        logits: (G, 1 + K, 2) logits of no and yes.
        losses: (G, 1 + K) of `grouped_losses`.
    """
    groups, members, _ = logits.shape
    score = grouped_scores(logits)
    truth = torch.zeros_like(score, dtype=torch.bool)
    truth[:, 0] = True
    samples, positive = groups * members, 1 / members
    entropy = -positive * math.log(positive) - (1 - positive) * math.log1p(-positive)
    return measures(
        losses,
        samples=samples,
        loss=losses.detach().double().sum(),
        trivial_loss=samples * entropy,
        judged=samples,
        right=((score > 0) == truth).sum(),
        chance=samples * max(positive, 1 - positive),
        groups=groups,
        first=(score[:, :1] > score[:, 1:]).all(dim=1).sum(),
    )
