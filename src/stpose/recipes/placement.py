"""Spatial placement: is the box on the person? (paper 3.1, equation 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn

from stpose.network.heads import PlacementHead
from stpose.recipes.footage import Blocks, Footage, counts_by_block, open_places
from stpose.recipes.grouped_answers import grouped_losses, grouped_scores, grouped_sums
from stpose.recipes.pictures import draw_placed
from stpose.recipes.placed_boxes import PlacedBoxes, Sigma
from stpose.recipes.recipe import Drawn, GroupScores, Judged
from stpose.settings.experiment import ExperimentSettings


@dataclass(frozen=True)
class Placement:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        boxes: Groups of boxes on people and beside them.
        block: Curriculum block of each of their crops, rising.
    """

    footage: Footage
    settings: ExperimentSettings
    boxes: PlacedBoxes
    block: Blocks
    name: str = "placement"
    tasks: tuple[str, ...] = ("placement",)

    @property
    def counts(self) -> Mapping[str, Any]:
        """Crops there are to draw from."""
        return {"placement_frames_by_block": counts_by_block(self.block, self.footage.blocks)}

    def head(self, feature_size: int) -> nn.Module:
        """Return fully connected layers on pool5."""
        return PlacementHead(feature_size, self.settings.head_width, self.settings.dropout)

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw groups of one box on the person and several that miss it."""
        wanted = self.settings.anchors
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        return draw_placed(generator, self.boxes.draw(generator, places), self.settings)

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare logits with the truth: the first box of each group is right."""
        members = 1 + self.settings.negatives
        logits = head(features).float().view(-1, members, 2)
        losses = grouped_losses(logits)
        scores = GroupScores(grouped_scores(logits), drawn.crops[::members])
        sums = {"placement": grouped_sums(logits, losses)}
        return Judged(losses.mean(), sums, {"placement": scores})


def placement(footage: Footage, settings: ExperimentSettings) -> Placement:
    """Find what spatial placement can draw from.

    Raises:
        InputError: There are fewer people than one batch needs.
    """
    crops, block = footage.people(settings.anchors, "spatial placement")
    sigma = Sigma(
        (settings.sigma_positive_min, settings.sigma_positive_max),
        (settings.sigma_negative_min, settings.sigma_negative_max),
    )
    people = footage.index.box[crops].astype(np.float64)
    boxes = PlacedBoxes(crops, people, footage.size_px, sigma, settings.negatives)
    return Placement(footage, settings, boxes, block)
