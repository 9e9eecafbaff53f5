"""From groups of crops to the pictures that are drawn: boxes, flips and turns."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import CropIndex, Rows
from stpose.recipes.augmentation import draw_turns, jitter_boxes
from stpose.recipes.groups import BoxGroups, PairGroups
from stpose.recipes.recipe import Drawn
from stpose.settings.experiment import ExperimentSettings

Truth = Mapping[str, NDArray[Any]]


def draw_pairs(
    generator: np.random.Generator,
    index: CropIndex,
    groups: PairGroups,
    settings: ExperimentSettings,
    truth: Truth,
) -> Drawn:
    """Return the pictures of pairs: all anchors, then the candidates of each.

    The pictures of a group are flipped and turned alike, so that a flip is never the difference.
    """
    anchors, members = groups.candidates.shape
    crops = np.concatenate([groups.anchors, groups.candidates.ravel()])
    group = np.concatenate([np.arange(anchors), np.repeat(np.arange(anchors), members)])
    return draw_people(generator, index, crops, group, settings, truth)


def draw_people(
    generator: np.random.Generator,
    index: CropIndex,
    crops: Rows,
    group: Rows,
    settings: ExperimentSettings,
    truth: Truth,
) -> Drawn:
    """Return pictures of the people in crops (N,), their boxes moved and scaled a little.

    Args:
        generator: Where chance comes from.
        index: All crops.
        crops: (N,) numbers of crops.
        group: (N,) number of each picture's group, from 0; a group is flipped and turned alike.
        settings: How much is changed.
        truth: What the loss compares with.
    """
    boxes = index.box[crops].astype(np.float64)
    boxes = jitter_boxes(generator, boxes, settings.shift, settings.scale)
    groups = int(group.max()) + 1
    mirror, rotation = draw_turns(generator, groups, settings.mirror, settings.rotation)
    return Drawn(crops, boxes, mirror[group], rotation[group], truth)


def draw_placed(
    generator: np.random.Generator, groups: BoxGroups, settings: ExperimentSettings
) -> Drawn:
    """Return the pictures of boxes, group by group; a group is flipped and turned alike."""
    count, members, _ = groups.boxes.shape
    mirror, rotation = draw_turns(generator, count, settings.mirror, settings.rotation)
    return Drawn(
        np.repeat(groups.crops, members),
        groups.boxes.reshape(-1, 4),
        np.repeat(mirror, members),
        np.repeat(rotation, members),
        {},
    )
