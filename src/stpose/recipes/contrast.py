"""Contrast: of several pictures of a track, which is near in time, or alike by repetition?

InfoNCE (van den Oord et al. 2018) within a track, so that person, clothes and background tell
nothing: the positive is at most tau away or a mined repetition, the negatives are as far away as
those of temporal ordering. A negative that mining holds for the same pose does not count. All
pictures of a group are flipped together: a mirrored pose is another pose.
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
from stpose.errors import InputError
from stpose.recipes.footage import Blocks, Footage, MinedPairs, counts_by_block, open_places
from stpose.recipes.groups import PairGroups, choose_some
from stpose.recipes.pictures import draw_pairs
from stpose.recipes.recipe import Drawn, Judged, measures
from stpose.settings.experiment import ExperimentSettings


@dataclass(frozen=True)
class Contrast:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        anchors: (A,) numbers of crops, easiest first.
        block: (A,) curriculum block of each, rising.
        positives: (A, P) crops that show nearly the same pose, -1 where there is none.
        negatives: (A, M) crops far in time, -1 where there is none or it shows the same pose.
    """

    footage: Footage
    settings: ExperimentSettings
    anchors: Rows
    block: Blocks
    positives: Rows
    negatives: Rows
    name: str = "contrast"
    tasks: tuple[str, ...] = ("contrast",)

    @property
    def counts(self) -> Mapping[str, Any]:
        """Anchors there are to draw from."""
        return {"contrast_anchors_by_block": counts_by_block(self.block, self.footage.blocks)}

    def head(self, feature_size: int) -> nn.Module:
        """Return one linear layer: similarities are taken of what it gives."""
        return nn.Linear(feature_size, self.settings.contrast.dimensions, bias=False)

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw groups of an anchor, its positive and its negatives."""
        own = self.settings.contrast
        wanted = max(1, self.settings.batch_size // (1 + own.negatives))
        places = generator.integers(open_places(self.block, block, wanted), size=wanted)
        positives, _ = choose_some(generator, self.positives[places], 1)
        negatives, is_there = choose_some(generator, self.negatives[places], own.negatives)
        # Where there are too few, the anchor stands in, and does not count.
        anchors = self.anchors[places]
        negatives = np.where(is_there, negatives, anchors[:, None])
        groups = PairGroups(anchors, np.concatenate([positives, negatives], axis=1))
        truth = {"counts": is_there}
        return draw_pairs(generator, self.footage.index, groups, self.settings, truth)

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Ask which of its candidates an anchor is most similar to."""
        counts = torch.from_numpy(drawn.truth["counts"]).to(features.device)
        groups = len(counts)
        vectors = functional.normalize(head(features).float(), dim=1)
        candidates = vectors[groups:].view(groups, -1, vectors.shape[1])
        # A product and a sum stay float32 where the network runs in half precision.
        similarity = (vectors[:groups, None] * candidates).sum(dim=2)
        logits = similarity / self.settings.contrast.temperature
        logits[:, 1:] = logits[:, 1:].masked_fill(~counts, -math.inf)
        losses = -functional.log_softmax(logits, dim=1)[:, 0]
        first = (logits[:, :1] > logits[:, 1:]).all(dim=1).sum()
        choices = 1 + counts.sum(dim=1)
        sums = measures(
            features,
            samples=groups,
            loss=losses.detach().double().sum(),
            trivial_loss=choices.double().log().sum(),
            judged=groups,
            right=first,
            chance=(1 / choices.double()).sum(),
            groups=groups,
            first=first,
        )
        return Judged(losses.mean(), {"contrast": sums})


def contrast(footage: Footage, settings: ExperimentSettings) -> Contrast:
    """Find the anchors that have a positive and a negative.

    Raises:
        InputError: There are fewer than one batch needs.
    """
    near = np.arange(1, settings.tau_positive + 1)
    far = np.arange(settings.tau_negative_min, settings.tau_negative_max + 1)
    index, crops = footage.index, footage.crops
    positives = _at(index, crops, np.concatenate([-near, near]))
    negatives = _at(index, crops, np.concatenate([-far, far]))
    same = _same_pose(footage.mined, len(index))
    keys = crops[:, None] * len(index) + negatives
    negatives = np.where(np.isin(keys, same), -1, negatives)
    positives = np.concatenate([positives, _repetitions(same, crops, len(index))], axis=1)
    has_both = (positives >= 0).any(axis=1) & (negatives >= 0).any(axis=1)
    needed = max(1, settings.batch_size // (1 + settings.contrast.negatives))
    if has_both.sum() < needed:
        message = (
            f"{footage.curriculum_path}: {has_both.sum()} of its {len(crops)} frames have a crop "
            f"up to {settings.tau_positive} stored frames away and one "
            f"{settings.tau_negative_min} to {settings.tau_negative_max} away in their track, "
            f"at least {needed} are needed for contrast"
        )
        raise InputError(message)
    return Contrast(
        footage,
        settings,
        crops[has_both],
        footage.block[has_both],
        positives[has_both],
        negatives[has_both],
    )


def _at(index: CropIndex, crops: Rows, offsets: NDArray[np.int64]) -> Rows:
    """Return the crops (C, n) of the same tracks at offsets counted in stored frames, or -1."""
    video = index.video[crops].astype(np.int64)[:, None]
    track = index.track[crops].astype(np.int64)[:, None]
    stride = index.stride[index.video[crops]][:, None]
    return index.find(video, track, index.frame[crops][:, None] + offsets * stride)


def _same_pose(mined: MinedPairs, size: int) -> NDArray[np.int64]:
    """Return keys, anchor x size + candidate, of mined pairs of one pose, both ways, rising."""
    one, other = mined.anchor[mined.similar], mined.candidate[mined.similar]
    return np.unique(np.concatenate([one * size + other, other * size + one]))


def _repetitions(same: NDArray[np.int64], crops: Rows, size: int) -> Rows:
    """Return the repetitions (C, most) of crops, -1 where there are fewer."""
    first = np.searchsorted(same, crops * size)
    last = np.searchsorted(same, (crops + 1) * size)
    most = int((last - first).max(initial=0))
    places = first[:, None] + np.arange(most)
    if not most:
        return np.empty((len(crops), 0), np.int64)
    found = same[np.minimum(places, len(same) - 1)] % size
    return np.where(places < last[:, None], found, -1)
