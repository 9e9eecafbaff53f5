"""The heads of the two tasks: fully connected layers on pool5 (paper 3.4)."""

import torch
from torch import Tensor, nn

FIRST_WIDTH = 2048
SECOND_WIDTH = 1024
ANSWERS = 2


class OrderingHead(nn.Module):
    """Tells of two pictures whether the second follows the first (or shows the same pose)."""

    def __init__(self, feature_size: int, width: float, dropout: float) -> None:
        """Build it.

        Args:
            feature_size: Length of pool5.
            width: Multiple of the paper's 2048 and 1024 units.
            dropout: Share of units that are silenced in training.
        """
        super().__init__()
        self.layers = _layers(2 * feature_size, width, dropout)

    def forward(self, anchors: Tensor, candidates: Tensor) -> Tensor:
        """Return the logits (N, 2) of no and yes for pool5 of both streams, each (N, D)."""
        logits: Tensor = self.layers(torch.cat([anchors, candidates], dim=1))
        return logits


class PlacementHead(nn.Module):
    """Tells of one picture whether it is placed on a person."""

    def __init__(self, feature_size: int, width: float, dropout: float) -> None:
        """Build it; see `OrderingHead`."""
        super().__init__()
        self.layers = _layers(feature_size, width, dropout)

    def forward(self, features: Tensor) -> Tensor:
        """Return the logits (N, 2) of no and yes for pool5 (N, D)."""
        logits: Tensor = self.layers(features)
        return logits


def _layers(inputs: int, width: float, dropout: float) -> nn.Sequential:
    first = max(ANSWERS, round(FIRST_WIDTH * width))
    second = max(ANSWERS, round(SECOND_WIDTH * width))
    # Without a bias in front of batch normalisation, which has a shift of its own.
    return nn.Sequential(
        nn.Linear(inputs, first, bias=False),
        nn.BatchNorm1d(first),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(first, second, bias=False),
        nn.BatchNorm1d(second),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(second, ANSWERS),
    )
