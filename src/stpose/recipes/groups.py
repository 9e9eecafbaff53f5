"""What recipes hand to training: groups of one positive and its negatives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PairGroups:
    """G anchors, each with 1 + K candidates, of which the first is right and the others wrong.

    Attributes:
        anchors: (G,) numbers of crops.
        candidates: (G, 1 + K) numbers of crops.
    """

    anchors: Rows
    candidates: Rows


@dataclass(frozen=True)
class BoxGroups:
    """G crops, each with 1 + K boxes, of which the first is on the person.

    Attributes:
        crops: (G,) numbers of crops.
        boxes: (G, 1 + K, 4) crop px.
    """

    crops: Rows
    boxes: Floats


def choose_distinct(generator: np.random.Generator, allowed: NDArray[np.bool_], count: int) -> Rows:
    """Choose different columns of every row, each with the same chance.

    Args:
        generator: Where chance comes from.
        allowed: (n, m) which columns may be chosen; at least `count` a row.
        count: How many.

    Returns:
        (n, count) columns, in random order.
    """
    luck = generator.random(allowed.shape)
    luck[~allowed] = 2.0
    chosen: Rows = np.argsort(luck, axis=1)[:, :count]
    return chosen


def choose_some(
    generator: np.random.Generator, table: Rows, count: int
) -> tuple[Rows, NDArray[np.bool_]]:
    """Choose different entries of every row, as many as there are; each with the same chance.

    Args:
        generator: Where chance comes from.
        table: (n, m) entries, negative for none.
        count: How many at most.

    Returns:
        (n, count) entries in random order, and which of them are some.
    """
    padding = np.full((len(table), max(0, count - table.shape[1])), -1, np.int64)
    wide = np.concatenate([table, padding], axis=1)
    luck = generator.random(wide.shape) + (wide < 0)
    columns = np.argsort(luck, axis=1)[:, :count]
    chosen: Rows = np.take_along_axis(wide, columns, axis=1)
    return chosen, chosen >= 0
