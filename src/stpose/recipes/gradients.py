"""Gradients: crops whose outlines are alike are to have vectors that are alike.

Histograms of gradients need no learning and are a good measure of posture; the network is to order
a batch as they do, from pictures that were moved, turned and recoloured, so that it cannot copy
them pixel by pixel. It is a student of how they relate pictures, not of their values
(relational distillation; Park et al. 2019, Fang et al. 2021).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from stpose.crop_collection import CropCollection
from stpose.crop_index import Rows
from stpose.recipes.footage import Blocks, Footage, counts_by_block, open_places
from stpose.recipes.gradient_histograms import CELL_PX, gradient_histograms, mirrored
from stpose.recipes.pictures import draw_people
from stpose.recipes.recipe import Drawn, Judged, measures
from stpose.settings.experiment import ExperimentSettings

_AT_ONCE = 256


@dataclass(frozen=True)
class Gradients:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        crops: (A,) numbers of crops, easiest first.
        block: (A,) curriculum block of each, rising.
        histograms: (A, 9, C, C) of the person in each, as they are, float16.
    """

    footage: Footage
    settings: ExperimentSettings
    crops: Rows
    block: Blocks
    histograms: Tensor
    name: str = "gradients"
    tasks: tuple[str, ...] = ("gradients",)

    @property
    def counts(self) -> Mapping[str, Any]:
        """Crops there are to draw from."""
        return {"gradients_crops_by_block": counts_by_block(self.block, self.footage.blocks)}

    def head(self, feature_size: int) -> nn.Module:
        """Return nothing to learn: pool5 itself has to hold what is asked for."""
        del feature_size
        return nn.Identity()

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw single pictures."""
        wanted = self.settings.batch_size
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        crops, alone = self.crops[places], np.arange(wanted)
        truth = {"place": places}
        return draw_people(generator, self.footage.index, crops, alone, self.settings, truth)

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare whom each picture resembles with whom its outlines resemble."""
        temperature = self.settings.gradients.temperature
        known = self.histograms_of(drawn).flatten(1).to(features.device)
        # Where the network runs in half precision, similarities must not.
        with torch.autocast(features.device.type, enabled=False):
            wanted = _resemblance(known, temperature).exp()
            found = _resemblance(head(features).float(), temperature)
            losses = -(wanted * found).sum(dim=1)
        count = len(losses)
        sums = measures(
            features,
            samples=count,
            loss=losses.detach().double().sum(),
            trivial_loss=count * math.log(count - 1),
        )
        return Judged(losses.mean(), {"gradients": sums})

    def histograms_of(self, drawn: Drawn) -> Tensor:
        """Return the histograms (N, 9, C, C) of what was drawn, mirrored where it was."""
        found = self.histograms[torch.from_numpy(drawn.truth["place"])].float()
        flip = torch.from_numpy(drawn.mirror)[:, None, None, None]
        return torch.where(flip, mirrored(found), found)


def _resemblance(vectors: Tensor, temperature: float) -> Tensor:
    """Return for each of N vectors the log shares (N, N) of the others in what it resembles."""
    unit = functional.normalize(vectors - vectors.mean(dim=0), dim=1)
    # Of itself no vector has a share; minus infinity times no share would be no number.
    similarity = (unit @ unit.T / temperature).fill_diagonal_(-1e4)
    return functional.log_softmax(similarity, dim=1)


def gradients(footage: Footage, settings: ExperimentSettings) -> Gradients:
    """Find what there is to draw from, and measure the gradients of all of it.

    Raises:
        InputError: There are fewer people than one batch needs.
        ArtefactError: A store is missing or damaged.
    """
    crops, block = footage.people(settings.batch_size, "gradients")
    histograms = _measured(CropCollection(footage.crops_paths), crops, settings)
    return Gradients(footage, settings, crops, block, histograms)


def _measured(collection: CropCollection, crops: Rows, settings: ExperimentSettings) -> Tensor:
    side = CELL_PX * settings.gradients.cells
    parts = []
    for start in range(0, len(crops), _AT_ONCE):
        some = crops[start : start + _AT_ONCE]
        boxes = collection.index.box[some]
        still = np.zeros(len(some))
        pictures = collection.sample(
            some, boxes, side, still.astype(bool), still, "cpu", settings.crop_mode
        )
        parts.append(gradient_histograms(pictures).half())
    return torch.cat(parts)
