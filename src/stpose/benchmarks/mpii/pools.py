"""The people searched and the people asked for, each in the smallest square around the joints."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.embedders import Contender, embed
from stpose.benchmarks.joint_frame import flat_rows, joint_boxes, joints_in_frame, log_aspect
from stpose.benchmarks.mpii.data import expect_pictures, read_picture
from stpose.benchmarks.mpii.people import MpiiPeople
from stpose.benchmarks.mpii.retrieval import NEIGHBOURS
from stpose.benchmarks.rows import scalings
from stpose.benchmarks.vectors import nearest, scale_vectors, smallest
from stpose.errors import InputError
from stpose.geometry import square_around
from stpose.settings.benchmarks import BenchmarkSettings

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """People cut out for retrieval (P of them).

    Attributes:
        people: Who they are; all joints are there.
        regions: (P, 4) the smallest square around the joints, centred on their box (px of the
            image).
        joints: (P, 16, 2) joints in the frame of that square, 0 to 227 px.
        aspect: (P,) log(width / height) of the box around the joints.
    """

    people: MpiiPeople
    regions: Floats
    joints: Floats
    aspect: Floats

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.people)


def make_pool(people: MpiiPeople) -> Pool:
    """Cut squares around the joints of people.

    Raises:
        InputError: Someone lacks joints, or all of them are in one line or place.
    """
    boxes = joint_boxes(people.joints)
    bad = flat_rows(boxes)
    if len(bad):
        message = f"{people.name(int(bad[0]))}: the joints span no box, or some are missing"
        raise InputError(message)
    regions = square_around(boxes)
    inside = joints_in_frame(people.joints, regions)
    return Pool(people, regions, inside, log_aspect(boxes))


def aspect_neighbours(queries: Pool, gallery: Pool) -> Rows:
    """Return the nearest (Q, 50) by the shape of the box around the joints, without any pixel."""
    return smallest(np.abs(queries.aspect[:, None] - gallery.aspect[None]), NEIGHBOURS)


def picture_neighbours(
    folder: Path, queries: Pool, gallery: Pool, contender: Contender, settings: BenchmarkSettings
) -> dict[str, list[Rows]]:
    """Return the nearest (Q, 50) by Euclidean distance between the vectors of pictures.

    Args:
        folder: The data folder, with `images/`.
        queries: Who is asked for.
        gallery: Who is searched.
        contender: The embedding.
        settings: Which scaling of a network's vectors comes first.

    Returns:
        By scaling, the one that counts first, and for each of the contender's networks.

    Raises:
        InputError: A picture is missing or unreadable.
    """
    names = (*gallery.people.images, *queries.people.images)
    expect_pictures(folder, names)
    regions = np.concatenate([gallery.regions, queries.regions])

    def open_picture(row: int) -> Callable[[int], NDArray[np.uint8]]:
        image = read_picture(folder, names[row])
        return lambda side: cut_region(image, regions[row], side)

    vectors = embed(contender.embedders, len(names), open_picture, "MPII")
    found: dict[str, list[Rows]] = {}
    for scaling in scalings(contender, settings):
        for part in contender.embedders:
            scaled = scale_vectors(vectors[part.name], scaling)
            asked, searched = scaled[len(gallery) :], scaled[: len(gallery)]
            found.setdefault(scaling, []).append(nearest(asked, searched, NEIGHBOURS))
    return found
