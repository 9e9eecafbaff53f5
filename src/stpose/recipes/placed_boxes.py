"""Boxes drawn on a person and beside it, by their overlap (paper 3.1, equation 1)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import Rows
from stpose.geometry import box_iou
from stpose.recipes.groups import BoxGroups, Floats

_PROPOSALS = 48
_FARTHEST_SHIFT = 0.8
_LARGEST_SCALE = 1.8


@dataclass(frozen=True)
class Sigma:
    """Ranges of overlap (intersection over union) with the person's box.

    Attributes:
        positive: Lowest and highest overlap of a box that is on the person.
        negative: The same for one that is not.
    """

    positive: tuple[float, float]
    negative: tuple[float, float]


@dataclass(frozen=True)
class PlacedBoxes:
    """The crops to draw boxes in.

    Attributes:
        crops: (A,) numbers of crops.
        people: (A, 4) the person's box in each (crop px).
        size_px: Side of the crops.
        sigma: Ranges of overlap.
        count: Negatives in a group.
    """

    crops: Rows
    people: Floats
    size_px: int
    sigma: Sigma
    count: int

    def draw(self, generator: np.random.Generator, places: Rows) -> BoxGroups:
        """Draw a group for each of the crops at `places`."""
        ranges = np.array([self.sigma.positive, *[self.sigma.negative] * self.count])
        people = np.repeat(self.people[places], len(ranges), axis=0)
        wanted = np.tile(ranges, (len(places), 1))
        boxes = draw_boxes(generator, people, wanted, self.size_px)
        return BoxGroups(self.crops[places], boxes.reshape(len(places), len(ranges), 4))


def draw_boxes(
    generator: np.random.Generator, people: Floats, overlaps: Floats, size_px: int
) -> Floats:
    """Draw for each person a random box whose overlap with it is in a range.

    Several boxes are proposed, moved and scaled by amounts that reach from little to much, and
    the first that overlaps as wanted and lies in the crop is taken. Where none does, a smaller
    box within the person's is: it can have any overlap and needs no room.

    Args:
        generator: Where chance comes from.
        people: (n, 4) boxes, within the crop (crop px).
        overlaps: (n, 2) lowest and highest overlap, 0 to 1.
        size_px: Side of the crop.

    Returns:
        (n, 4) boxes within the crop (crop px).
    """
    proposals = _propose(generator, people)
    overlap = box_iou(proposals, people[:, None])
    in_range = (overlap >= overlaps[:, None, 0]) & (overlap <= overlaps[:, None, 1])
    in_crop = ((proposals >= 0) & (proposals <= size_px)).all(axis=-1)
    fits: NDArray[np.bool_] = np.logical_and(in_range, in_crop)
    drawn = proposals[np.arange(len(people)), fits.argmax(axis=1)]
    share = generator.uniform(overlaps[:, 0], overlaps[:, 1])
    inner = _within(generator, people, share)
    return np.where(fits.any(axis=1, keepdims=True), drawn, inner)


def _propose(generator: np.random.Generator, people: Floats) -> Floats:
    count = (len(people), _PROPOSALS, 1)
    extent = (people[:, 2:] - people[:, :2])[:, None]
    centre = (people[:, 2:] + people[:, :2])[:, None] / 2
    # How far a proposal may go is drawn too: so that high overlaps are met as often as low ones.
    reach = generator.random(count)
    shift = generator.uniform(-1, 1, (*count[:2], 2)) * reach * _FARTHEST_SHIFT
    scale = _LARGEST_SCALE ** (generator.uniform(-1, 1, count) * reach)
    centre = centre + shift * extent
    half = extent * scale / 2
    return np.concatenate([centre - half, centre + half], axis=-1)


def _within(generator: np.random.Generator, people: Floats, share: Floats) -> Floats:
    extent = people[:, 2:] - people[:, :2]
    inner = extent * np.sqrt(share)[:, None]
    corner = people[:, :2] + generator.random((len(people), 2)) * (extent - inner)
    return np.concatenate([corner, corner + inner], axis=1)
