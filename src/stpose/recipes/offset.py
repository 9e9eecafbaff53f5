"""Offset: how far, and how much larger, is the person in a box that was moved?

Spatial placement as a regression: instead of telling boxes on the person from others, the network
says where the person's box lies in the picture it sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor, nn

from stpose.geometry import square_around
from stpose.recipes.augmentation import draw_turns, jitter_boxes
from stpose.recipes.footage import Blocks, Footage, counts_by_block, open_places
from stpose.recipes.groups import Floats
from stpose.recipes.recipe import Drawn, Judged, measures
from stpose.settings.experiment import ExperimentSettings

_BETA = 0.1  # errors above a tenth of the picture count in proportion, smaller ones squared


@dataclass(frozen=True)
class Offset:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        crops: (A,) numbers of crops, easiest first.
        block: (A,) curriculum block of each, rising.
    """

    footage: Footage
    settings: ExperimentSettings
    crops: NDArray[np.int64]
    block: Blocks
    name: str = "offset"
    tasks: tuple[str, ...] = ("offset",)

    @property
    def counts(self) -> Mapping[str, Any]:
        """Crops there are to draw from."""
        return {"offset_crops_by_block": counts_by_block(self.block, self.footage.blocks)}

    def head(self, feature_size: int) -> nn.Module:
        """Return one linear layer: to the right, down, and larger."""
        return nn.Linear(feature_size, 3)

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw single pictures of boxes moved off their people."""
        wanted, own = self.settings.batch_size, self.settings.offset
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        crops = self.crops[places]
        people = self.footage.index.box[crops].astype(np.float64)
        boxes = jitter_boxes(generator, people, own.shift, own.scale)
        mirror, rotation = draw_turns(
            generator, wanted, self.settings.mirror, self.settings.rotation
        )
        # Two numbers more for a crop mode that squares the box: both are measured as they are seen.
        if self.settings.crop_mode == "square":
            seen, whole = square_around(boxes), square_around(people)
        else:
            seen, whole = boxes, people
        truth = offsets(seen, whole, mirror, rotation)
        return Drawn(crops, boxes, mirror, rotation, {"offset": truth})

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare with the truth; without looking, the mean is the best that can be said."""
        truth = torch.from_numpy(drawn.truth["offset"]).to(features.device)
        found = head(features).float()
        loss = functional.smooth_l1_loss(found, truth, beta=_BETA)
        trivial = functional.smooth_l1_loss(truth.mean(dim=0).expand_as(truth), truth, beta=_BETA)
        sums = measures(
            features,
            samples=len(truth),
            loss=loss.detach().double() * len(truth),
            trivial_loss=trivial.double() * len(truth),
        )
        return Judged(loss, {"offset": sums})


def offsets(
    seen: Floats, people: Floats, mirror: NDArray[np.bool_], rotation: Floats
) -> NDArray[np.float32]:
    """Return where people lie in pictures, as the pictures are seen.

    Args:
        seen: (N, 4) boxes that are cut out (crop px).
        people: (N, 4) boxes of the people (crop px).
        mirror: (N,) whether a picture is flipped.
        rotation: (N,) its turn (degrees).

    Returns:
        (N, 3): how far the person's middle lies right of and below the picture's, in sides of the
        picture, and the natural logarithm of the person's size against the picture's.
    """
    extent = seen[:, 2:] - seen[:, :2]
    move = (people[:, :2] + people[:, 2:] - seen[:, :2] - seen[:, 2:]) / 2
    angle = np.deg2rad(rotation)
    cosine, sine = np.cos(angle), np.sin(angle)
    # Turned back first, then stretched and flipped: the reverse of how a picture is cut.
    right = (cosine * move[:, 0] + sine * move[:, 1]) / extent[:, 0] * np.where(mirror, -1, 1)
    down = (cosine * move[:, 1] - sine * move[:, 0]) / extent[:, 1]
    larger = np.log((people[:, 3] - people[:, 1]) / extent[:, 1])
    return np.stack([right, down, larger], axis=1).astype(np.float32)


def offset(footage: Footage, settings: ExperimentSettings) -> Offset:
    """Find what there is to draw from.

    Raises:
        InputError: There are fewer people than one batch needs.
    """
    return Offset(footage, settings, *footage.people(settings.batch_size, "offset"))
