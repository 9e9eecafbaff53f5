"""The network with the heads of its recipes, and their joint loss (paper 3.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights
from stpose.recipes.recipe import GroupScores, Recipe
from stpose.recipes.registry import RECIPES
from stpose.settings.experiment import ExperimentSettings
from stpose.training.processes import ALONE, Processes
from stpose.training.sampler import Batch
from stpose.training.shared_batch import whole_batch

_ORDER = tuple(RECIPES)


@dataclass(frozen=True)
class Answers:
    """How a batch went.

    Attributes:
        loss: Joint loss, to be minimised.
        sums: (tasks, measures) float64 sums, in the order of `task_names`.
        scores: By task, of those that answer yes or no.
    """

    loss: Tensor
    sums: Tensor
    scores: Mapping[str, GroupScores]


def task_names(recipes: Sequence[Recipe]) -> tuple[str, ...]:
    """Return the tasks of recipes, in the order in which the metrics list them."""
    return tuple(task for recipe in recipes for task in recipe.tasks)


class JointModel(nn.Module):
    """One network shared by all recipes, and a head for each.

    Attributes:
        network: The convolutions.
        heads: By name of the recipe.
    """

    def __init__(
        self,
        network: PoseNetwork,
        recipes: Sequence[Recipe],
        settings: ExperimentSettings,
        processes: Processes = ALONE,
    ) -> None:
        """Put heads with random weights on a network.

        Args:
            network: The convolutions.
            recipes: Those in use.
            settings: Those of the round.
            processes: Among which the pictures of a batch are shared out.
        """
        super().__init__()
        self.network = network
        self.recipes = tuple(recipes)
        self.settings = settings
        self.processes = processes
        self.heads = nn.ModuleDict()
        for recipe in recipes:
            self.heads[recipe.name] = recipe.head(network.feature_size)
            # A head starts from the same weights whichever others there are.
            draw_weights(self.heads[recipe.name], settings.seed + 1 + _ORDER.index(recipe.name))

    def forward(self, images: Tensor, batch: Batch) -> Answers:
        """Judge a batch.

        All pictures go through the convolutions together, so that both streams of a pair and all
        recipes are normalised by the same statistics.

        Args:
            images: (N, 3, S, S) in 0 to 1, in the order of the batch; this process's share.
            batch: What all pictures of the batch are.
        """
        maps = self.network(images)
        if self.processes.count > 1:
            maps = whole_batch(maps, self.processes, len(batch.crops))
        features = maps.split([len(part.crops) for part in batch.parts])
        loss = images.new_zeros(())
        sums: list[Tensor] = []
        scores: dict[str, GroupScores] = {}
        weights = self.settings.recipe_weights
        for recipe, part, own in zip(self.recipes, batch.parts, features, strict=True):
            judged = recipe.judge(self.heads[recipe.name], own, part)
            loss = loss + weights[recipe.name] * judged.loss
            sums += [judged.sums[task] for task in recipe.tasks]
            scores |= judged.scores
        return Answers(loss, torch.stack(sums), scores)
