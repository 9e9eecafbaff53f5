"""Views: which two of many pictures are cuts of the same person at the same moment?

InfoNCE over a batch (van den Oord et al. 2018; two views of one picture as in Chen et al. 2020).
Two cuts of one crop differ in place, size, turn and colours, and are flipped alike: a mirrored pose
is another pose. All other crops of the batch are negatives, but for frames of the same track up to
`tau_positive` away, which show nearly the same pose.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor, nn

from stpose.crop_index import CropIndex, Rows
from stpose.recipes.augmentation import draw_turns, jitter_boxes
from stpose.recipes.footage import Blocks, Footage, counts_by_block, open_places
from stpose.recipes.recipe import Drawn, Judged, measures
from stpose.settings.experiment import ExperimentSettings


@dataclass(frozen=True)
class Views:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        crops: (A,) numbers of crops, easiest first.
        block: (A,) curriculum block of each, rising.
    """

    footage: Footage
    settings: ExperimentSettings
    crops: Rows
    block: Blocks
    name: str = "views"
    tasks: tuple[str, ...] = ("views",)

    @property
    def counts(self) -> Mapping[str, Any]:
        """Crops there are to draw from."""
        return {"views_crops_by_block": counts_by_block(self.block, self.footage.blocks)}

    def head(self, feature_size: int) -> nn.Module:
        """Return two layers: similarities are taken of what they give."""
        own = self.settings.views
        return nn.Sequential(
            nn.Linear(feature_size, own.hidden),
            nn.ReLU(inplace=True),
            nn.Linear(own.hidden, own.dimensions),
        )

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw crops, and two pictures of each: first one of all, then the other of all."""
        wanted = _crops_of(self.settings)
        own = self.settings.views
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        crops = np.tile(self.crops[places], 2)
        people = self.footage.index.box[crops].astype(np.float64)
        boxes = jitter_boxes(generator, people, own.shift, own.scale)
        mirror, _ = draw_turns(generator, wanted, self.settings.mirror, 0)
        _, rotation = draw_turns(generator, len(crops), 0, self.settings.rotation)
        truth = {"near": near_frames(self.footage.index, crops[:wanted], self.settings)}
        return Drawn(crops, boxes, np.tile(mirror, 2), rotation, truth)

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Ask of each picture which of the others' second pictures shows the same."""
        vectors = head(features).float()
        near = torch.from_numpy(drawn.truth["near"]).to(features.device)
        count = len(near)
        # Where the network runs in half precision, similarities must not.
        with torch.autocast(features.device.type, enabled=False):
            one, other = functional.normalize(vectors, dim=1).view(2, count, -1)
            logits = one @ other.T / self.settings.views.temperature
        logits = logits.masked_fill(near, -math.inf)
        # Either picture is asked for the other one.
        both = torch.cat([logits, logits.T])
        right = torch.arange(count, device=features.device).repeat(2)
        losses = functional.cross_entropy(both, right, reduction="none")
        own = both.gather(1, right[:, None])
        rivals = both.scatter(1, right[:, None], -math.inf)
        first = (own > rivals).all(dim=1).sum()
        choices = (~torch.cat([near, near.T])).sum(dim=1).double()
        sums = measures(
            features,
            samples=2 * count,
            loss=losses.detach().double().sum(),
            trivial_loss=choices.log().sum(),
            judged=2 * count,
            right=first,
            chance=(1 / choices).sum(),
            groups=2 * count,
            first=first,
        )
        return Judged(losses.mean(), {"views": sums})


def near_frames(index: CropIndex, crops: Rows, settings: ExperimentSettings) -> NDArray[np.bool_]:
    """Return which pairs (n, n) of crops show nearly the same; no crop is near itself.

    They are of one track, and up to `tau_positive` stored frames apart. A crop drawn twice is near
    its double.
    """
    video, track = index.video[crops], index.track[crops]
    same = (video[:, None] == video) & (track[:, None] == track)
    apart = np.abs(index.frame[crops][:, None] - index.frame[crops])
    near = same & (apart <= settings.tau_positive * index.stride[video][:, None])
    np.fill_diagonal(near, val=False)
    return np.asarray(near)


def views(footage: Footage, settings: ExperimentSettings) -> Views:
    """Find what there is to draw from.

    Raises:
        InputError: There are fewer people than one batch needs.
    """
    return Views(footage, settings, *footage.people(_crops_of(settings), "views"))


def _crops_of(settings: ExperimentSettings) -> int:
    """Return the number of crops in a batch, of which two pictures are taken each."""
    return settings.batch_size // 2
