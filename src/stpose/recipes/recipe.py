"""What a recipe is: pictures that it draws, a head on pool5, and a loss.

A recipe is a question to the network that footage answers by itself. Training draws pictures for
all recipes in use, sends them through the shared convolutions together, and adds up the losses
with the experiment's weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from stpose.crop_index import Rows
from stpose.recipes.groups import Floats

# What is summed over the samples of a task. `judged` counts those that an answer can be right or
# wrong about, and `groups` those of which one is to be ranked first.
MEASURES = ("samples", "loss", "trivial_loss", "judged", "right", "chance", "groups", "first")


@dataclass(frozen=True)
class Drawn:
    """The pictures of one recipe in one iteration.

    Attributes:
        crops: (N,) numbers of crops.
        boxes: (N, 4) what to cut out (crop px).
        mirror: (N,) flips.
        rotation: (N,) turns (degrees).
        truth: Arrays that the loss compares with, by names of the recipe's own.
    """

    crops: Rows
    boxes: Floats
    mirror: NDArray[np.bool_]
    rotation: Floats
    truth: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class GroupScores:
    """How sure the network is of each member of groups, of which the first is right.

    Attributes:
        values: (G, 1 + K) scores, higher is surer.
        crops: (G,) a crop of each group, by which its track and video are known.
    """

    values: Tensor
    crops: Rows


@dataclass(frozen=True)
class Judged:
    """How a recipe's pictures went.

    Attributes:
        loss: Mean loss, to be minimised, float32.
        sums: For each task of the recipe the sums (measures,), float64, in the order of `MEASURES`.
        scores: The scores of tasks that answer yes or no, from which their AUC is taken.
    """

    loss: Tensor
    sums: Mapping[str, Tensor]
    scores: Mapping[str, GroupScores] = field(default_factory=dict)


class Recipe(Protocol):
    """A question and how to ask it."""

    @property
    def name(self) -> str:
        """The name under which settings give it a weight."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """What it adds to the metrics, a row each."""

    @property
    def counts(self) -> Mapping[str, Any]:
        """What there is to draw from, for the model card."""

    def head(self, feature_size: int) -> nn.Module:
        """Return the layers on pool5, of `feature_size` numbers a picture."""

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw the pictures of an iteration from the first `block` curriculum blocks."""

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare what the head makes of pool5 (N, D) of the drawn pictures with the truth."""


def measures(like: Tensor, **sums: Tensor | float) -> Tensor:
    """Return sums in the order of `MEASURES`, on the device of `like`; what is not given is 0."""
    unknown = set(sums) - set(MEASURES)
    if unknown:
        message = f"no such measures: {sorted(unknown)}"
        raise ValueError(message)
    row = torch.zeros(len(MEASURES), dtype=torch.float64, device=like.device)
    for place, name in enumerate(MEASURES):
        if name in sums:
            row[place] = sums[name]
    return row
