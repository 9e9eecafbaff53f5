"""Similar and dissimilar poses from mined repetitions, in groups like ordering's (paper 3.3)."""

from dataclasses import dataclass

import numpy as np

from stpose.crop_index import Rows
from stpose.recipes.footage import MinedPairs
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
class RepetitionPairs:
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


def sort_mined_pairs(mined: MinedPairs, count: int) -> RepetitionPairs:
    """Sort mined pairs into lists by anchor; `count` is the number of negatives in a group."""
    similar = mined.similar
    anchors = np.intersect1d(mined.anchor[similar], mined.anchor[~similar])
    return RepetitionPairs(
        anchors,
        _lists(anchors, mined.anchor[similar], mined.candidate[similar]),
        _lists(anchors, mined.anchor[~similar], mined.candidate[~similar]),
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
