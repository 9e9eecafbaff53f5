"""Pairs by their distance in time: near ones and far ones of a track (paper 3.1)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import CropIndex, Rows
from stpose.recipes.groups import PairGroups, choose_distinct


@dataclass(frozen=True)
class Tau:
    """Distances in time, counted in stored frames.

    Attributes:
        positive: A positive frame is exactly so much later than the anchor.
        negative_min: A negative frame is at least so far from the anchor, before or after,
        negative_max: and at most so far.
    """

    positive: int
    negative_min: int
    negative_max: int

    @property
    def negative_offsets(self) -> NDArray[np.int64]:
        """All offsets of negatives, rising."""
        later = np.arange(self.negative_min, self.negative_max + 1)
        return np.concatenate([-later[::-1], later])


@dataclass(frozen=True)
class TemporalPairs:
    """The anchors that have frames enough around them, and those frames.

    Attributes:
        anchors: (A,) numbers of crops, in the order in which they were given.
        kept: (A,) places of `anchors` among the crops that were given.
        positives: (A,) the crop tau later.
        negatives: (A, offsets) the crops in the negative range, -1 where there is none.
        count: Negatives in a group.
    """

    anchors: Rows
    kept: Rows
    positives: Rows
    negatives: Rows
    count: int

    def draw(self, generator: np.random.Generator, places: Rows) -> PairGroups:
        """Draw a group for each of the anchors at `places`; negatives of a group differ."""
        table = self.negatives[places]
        columns = choose_distinct(generator, table >= 0, self.count)
        negatives = np.take_along_axis(table, columns, axis=1)
        candidates = np.concatenate([self.positives[places, None], negatives], axis=1)
        return PairGroups(self.anchors[places], candidates)


def find_temporal_pairs(index: CropIndex, crops: Rows, tau: Tau, count: int) -> TemporalPairs:
    """Find which crops can be anchors.

    A frame that is not in the anchor's track (because the track ends, or a cut, a gap or the end
    of the video comes before) is no candidate; an anchor needs its positive and `count` negatives.

    Args:
        index: All crops.
        crops: Numbers of the crops that may be anchors.
        tau: Distances in time.
        count: Negatives in a group.
    """
    video = index.video[crops].astype(np.int64)
    track = index.track[crops].astype(np.int64)
    frame, stride = index.frame[crops], index.stride[video]
    positives = index.find(video, track, frame + tau.positive * stride)
    offsets = tau.negative_offsets[None, :] * stride[:, None]
    negatives = index.find(video[:, None], track[:, None], frame[:, None] + offsets)
    kept = np.flatnonzero((positives >= 0) & ((negatives >= 0).sum(axis=1) >= count))
    return TemporalPairs(crops[kept], kept, positives[kept], negatives[kept], count)
