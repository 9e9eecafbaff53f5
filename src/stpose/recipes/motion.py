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


class LocalHead(nn.Module):
    """Says of each place of pool5 what moves there: few numbers, that hold for any place."""

    def __init__(self, channels: int, places: int, cells: int) -> None:
        """Build it.

        Args:
            channels: Channels of pool5.
            places: Side of pool5.
            cells: Side of the part of the map that a place stands for.
        """
        super().__init__()
        self.shape = (channels, places, places)
        self.layer = nn.Conv2d(channels, cells**2, 1)
        self.arrange = nn.PixelShuffle(cells)

    def forward(self, features: Tensor) -> Tensor:
        """Return the logits (N, S * S) of maps for pool5 (N, D)."""
        maps: Tensor = self.arrange(self.layer(features.reshape(-1, *self.shape)))
        return maps.flatten(1)


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
        side, places = self.settings.motion.side, self.settings.network.pool5_side
        if self.settings.motion.head == "local":
            return LocalHead(feature_size // places**2, places, side // places)
        return nn.Linear(feature_size, side**2)

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw single pictures, and their motion maps cut in the same way."""
        wanted = self.settings.batch_size
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        crops = self.crops[places]
        alone = np.arange(wanted)
        truth = {"place": places}
        return draw_people(generator, self.footage.index, crops, alone, self.settings, truth)

    def maps_of(self, drawn: Drawn, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return the maps of pictures, cut as these are, 0 to 1, and where their pixels are real.

        Args:
            drawn: The pictures, of `draw`.
            device: Where to compute: with the network, where many maps cost next to nothing.

        Returns:
            (N, S, S) float32 and (N, S, S) bool.
        """
        size_px, side = self.footage.size_px, self.settings.motion.side
        transforms = box_transforms(
            drawn.boxes, size_px, drawn.mirror, drawn.rotation, self.settings.crop_mode
        ).to(device)
        valid = torch.from_numpy(self.footage.index.valid[drawn.crops]).to(device) / size_px
        maps = self.maps[torch.from_numpy(drawn.truth["place"])].to(device)
        # Twice as fine first, then averaged: single samples of a map would miss what is thin.
        fine = cut_boxes(maps, transforms, 2 * side) ** 2
        lengths = functional.avg_pool2d(fine, 2)[:, 0]
        known = inside_boxes(transforms, valid, side)
        full = _quantile(lengths, known, self.settings.motion.full_share)
        return (lengths / full[:, None, None].clamp_min(1e-4)).clamp_max(1), known

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare the predicted map with the truth, where pixels are real."""
        # Where the network runs in half precision, places in a picture must not.
        with torch.autocast(features.device.type, enabled=False):
            maps, known_pixels = self.maps_of(drawn, features.device)
        truth, known = maps.flatten(1), known_pixels.flatten(1)
        logits = head(features).float()
        count = known.sum().clamp_min(1)
        losses = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
        loss = (losses * known).sum() / count
        # Without looking one can only say how much it moves in each place on average.
        usual = (truth * known).sum(dim=0) / known.sum(dim=0).clamp_min(1)
        # Written out: PyTorch's own is refused where the network runs in half precision.
        trivial = -torch.xlogy(truth, usual) - torch.xlogy(1 - truth, 1 - usual)
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
