"""Motion: from one still picture, where does its person move?

The flow that sorts the curriculum is a teacher too: of a still picture from which the moving parts
can be told, the pose was understood. What is to be predicted is the length of the flow, less the
camera's motion, in a coarse map of the picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor, nn

from stpose.crop_cutting import box_transforms, cut_boxes, inside_boxes
from stpose.errors import InputError
from stpose.recipes.footage import Blocks, Footage, counts_by_block, open_places
from stpose.recipes.motion_crops import motion_crops
from stpose.recipes.pictures import draw_people
from stpose.recipes.recipe import Drawn, Judged, measures
from stpose.settings.experiment import ExperimentSettings


@dataclass(frozen=True)
class Motion:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        crops: (A,) numbers of the crops in which something moves, easiest first.
        block: (A,) curriculum block of each, rising.
        maps: (A, 1, side, side) their motion maps, roots of lengths.
    """

    footage: Footage
    settings: ExperimentSettings
    crops: NDArray[np.int64]
    block: Blocks
    maps: Tensor
    name: str = "motion"
    tasks: tuple[str, ...] = ("motion",)

    @property
    def counts(self) -> Mapping[str, Any]:
        """Crops there are to draw from."""
        return {"motion_crops_by_block": counts_by_block(self.block, self.footage.blocks)}

    def head(self, feature_size: int) -> nn.Module:
        """Return one linear layer, so that pool5 itself has to hold what is asked for."""
        return nn.Linear(feature_size, self.settings.motion.side**2)

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw single pictures, and their motion maps cut in the same way."""
        wanted = self.settings.batch_size
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        crops = self.crops[places]
        alone = np.arange(wanted)
        drawn = draw_people(generator, self.footage.index, crops, alone, self.settings, {})
        truth = self._truth(places, drawn)
        return Drawn(drawn.crops, drawn.boxes, drawn.mirror, drawn.rotation, truth)

    def _truth(self, places: NDArray[np.int64], drawn: Drawn) -> Mapping[str, NDArray[Any]]:
        """Return the maps (N, S, S), 0 to 1, and where pixels are real (N, S, S)."""
        size_px, side = self.footage.size_px, self.settings.motion.side
        transforms = box_transforms(
            drawn.boxes, size_px, drawn.mirror, drawn.rotation, self.settings.crop_mode
        )
        valid = torch.from_numpy(self.footage.index.valid[drawn.crops]) / size_px
        # Twice as fine first, then averaged: single samples of a map would miss what is thin.
        fine = cut_boxes(self.maps[torch.from_numpy(places)], transforms, 2 * side) ** 2
        lengths = functional.avg_pool2d(fine, 2)[:, 0]
        known = inside_boxes(transforms, valid, side)
        full = _quantile(lengths, known, self.settings.motion.full_share)
        lengths = (lengths / full[:, None, None].clamp_min(1e-4)).clamp_max(1)
        return {"motion": lengths.numpy(), "known": known.numpy()}

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare the predicted map with the truth, where pixels are real."""
        truth, known = (
            torch.from_numpy(drawn.truth[name]).to(features.device).flatten(1)
            for name in ("motion", "known")
        )
        logits = head(features).float()
        count = known.sum().clamp_min(1)
        losses = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
        loss = (losses * known).sum() / count
        # Without looking one can only say how much it moves in each place on average.
        usual = (truth * known).sum(dim=0) / known.sum(dim=0).clamp_min(1)
        trivial = functional.binary_cross_entropy(usual.expand_as(truth), truth, reduction="none")
        sums = measures(
            features,
            samples=len(truth),
            loss=loss.detach().double() * len(truth),
            trivial_loss=((trivial * known).sum() / count).double() * len(truth),
        )
        return Judged(loss, {"motion": sums})


def _quantile(motion: Tensor, known: Tensor, share: float) -> Tensor:
    """Return the value (N,) that is not surpassed in a share of the known places of each map."""
    values, _ = torch.where(known, motion, torch.inf).flatten(1).sort(dim=1)
    count = known.flatten(1).sum(dim=1)
    places = (share * (count - 1).clamp_min(0)).round().long()
    found = values.gather(1, places[:, None])[:, 0]
    return torch.where(count > 0, found, torch.ones_like(found))


def motion(footage: Footage, settings: ExperimentSettings) -> Motion:
    """Find what there is to draw from, and cut the motion maps of all of it.

    Raises:
        InputError: There are fewer crops with a motion map than one batch needs.
        ArtefactError: A store is missing or damaged.
    """
    maps, known = motion_crops(
        footage.index, footage.crops, footage.crops_paths, footage.motion_paths
    )
    if known.sum() < settings.batch_size:
        message = (
            f"{footage.curriculum_path}: {known.sum()} of its {len(known)} frames have a crop and "
            f"a motion map, at least {settings.batch_size} are needed for motion"
        )
        raise InputError(message)
    return Motion(
        footage,
        settings,
        footage.crops[known],
        footage.block[known],
        torch.from_numpy(maps[known])[:, None],
    )
