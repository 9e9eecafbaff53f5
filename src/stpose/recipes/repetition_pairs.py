"""Similar and dissimilar poses from mined repetitions, as samples like ordering's (paper 3.3)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import CropIndex, Rows
from stpose.recipes.groups import PairGroups


@dataclass(frozen=True)
class _Lists:
    """A list of crops for each of A anchors, one behind the other."""

    crops: Rows
    start: Rows
    length: Rows

    def draw(self, generator: np.random.Generator, places: Rows, count: int) -> Rows:
        """Draw `count` entries from the lists at `places`: (n, count), each time from all."""
        luck = generator.random((len(places), count))
        steps = (luck * self.length[places, None]).astype(np.int64)
        drawn: Rows = self.crops[self.start[places, None] + steps]
        return drawn


@dataclass(frozen=True)
class RepetitionRecipe:
    """Anchors with at least one similar and one dissimilar crop of their track.

    Attributes:
        anchors: (A,) numbers of crops.
        similar: What shows the same pose.
        dissimilar: What lies between the repetitions.
        count: Negatives in a group.
    """

    anchors: Rows
    similar: _Lists
    dissimilar: _Lists
    count: int

    def draw(self, generator: np.random.Generator, places: Rows) -> PairGroups:
        """Draw a group for each of the anchors at `places`."""
        positives = self.similar.draw(generator, places, 1)
        negatives = self.dissimilar.draw(generator, places, self.count)
        return PairGroups(self.anchors[places], np.concatenate([positives, negatives], axis=1))


def repetition_recipe(
    index: CropIndex,
    video: NDArray[np.int64],
    track: NDArray[np.int64],
    anchor: Rows,
    candidate: Rows,
    similar: NDArray[np.bool_],
    count: int,
) -> RepetitionRecipe:
    """Sort mined pairs into lists by anchor.

    Args:
        index: All crops.
        video: (P,) of each pair the video, an index into `index.videos`, negative for none.
        track: (P,) the track.
        anchor: (P,) the anchor's source frame number.
        candidate: (P,) the candidate's.
        similar: (P,) whether they show the same pose.
        count: Negatives in a group.
    """
    first, second = index.find(video, track, anchor), index.find(video, track, candidate)
    known = (first >= 0) & (second >= 0)
    first, second, similar = first[known], second[known], similar[known]
    anchors = np.intersect1d(first[similar], first[~similar])
    return RepetitionRecipe(
        anchors,
        _lists(anchors, first[similar], second[similar]),
        _lists(anchors, first[~similar], second[~similar]),
        count,
    )


def _lists(anchors: Rows, first: Rows, second: Rows) -> _Lists:
    used = np.isin(first, anchors)
    first, second = first[used], second[used]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    start = np.searchsorted(first, anchors)
    length = np.searchsorted(first, anchors, side="right") - start
    return _Lists(second, start, length)
