"""Pose by nearest neighbour on Leeds Sports Pose (paper 4.4, table 3).

Each person is cut out as the smallest square around all joints, centred on their box. The joints
of the nearest image of the gallery, in the frame of its square, are the prediction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.joint_frame import flat_rows, joint_boxes, joints_in_frame, log_aspect
from stpose.benchmarks.lsp.data import LspSet
from stpose.benchmarks.metrics import pose_distances, strict_pcp
from stpose.benchmarks.vectors import smallest
from stpose.errors import InputError
from stpose.geometry import square_around
from stpose.settings.benchmarks import LspSettings, parse_image_numbers

Floats = NDArray[np.float64]

NEIGHBOURS = 5
# Queries at a time, of which each is compared with all of the gallery.
_BLOCK = 64


@dataclass(frozen=True)
class Pool:
    """The images of a gallery, or the queries (P of them).

    Attributes:
        members: The set and number of each image.
        regions: (P, 4) the square around its joints, in px of the image.
        joints: (P, 14, 2) joints in the frame of that square, 0 to `FRAME_PX`.
        aspect: (P,) log(width / height) of the box around its joints.
    """

    members: tuple[tuple[LspSet, int], ...]
    regions: Floats
    joints: Floats
    aspect: Floats

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.members)


@dataclass(frozen=True)
class PoseScore:
    """How the neighbours' poses fit, for each of Q queries.

    Attributes:
        first: (Q, 6) PCP by part of the nearest neighbour, 0 to 1.
        five: (Q, 6) the same, averaged over the five nearest.
    """

    first: Floats
    five: Floats


def choose_images(lsp: LspSet, extended: LspSet | None, settings: LspSettings) -> tuple[Pool, Pool]:
    """Return the gallery and the queries.

    Raises:
        InputError: A list names images that are not there, an image is in both, the gallery is
            smaller than the neighbours looked for, or joints are missing.
    """
    lists = {}
    for key in ("gallery", "queries"):
        try:
            lists[key] = parse_image_numbers(getattr(settings, key), len(lsp))
        except ValueError as error:
            message = f"{lsp.folder}: {key} {error}"
            raise InputError(message) from error
    shared = sorted(set(lists["gallery"]) & set(lists["queries"]))
    if shared:
        message = f"{lsp.folder}: image {shared[0]} is in the gallery and in the queries"
        raise InputError(message)
    gallery = [(lsp, number) for number in lists["gallery"]]
    if extended is not None:
        gallery += [(extended, number) for number in extended.fully_visible().tolist()]
    if len(gallery) < NEIGHBOURS or not lists["queries"]:
        message = (
            f"{lsp.folder}: {len(gallery)} images in the gallery and {len(lists['queries'])} "
            f"queries, expected at least {NEIGHBOURS} and 1"
        )
        raise InputError(message)
    return make_pool(gallery), make_pool([(lsp, number) for number in lists["queries"]])


def make_pool(members: Sequence[tuple[LspSet, int]]) -> Pool:
    """Cut squares around the joints of images.

    Raises:
        InputError: Joints of an image are no numbers, or all in one place.
    """
    joints = np.stack([known.joints[number - 1] for known, number in members])
    boxes = joint_boxes(joints)
    bad = flat_rows(boxes)
    if len(bad):
        known, number = members[int(bad[0])]
        message = f"{known.folder / 'joints.mat'}: the joints of image {number} span no box"
        raise InputError(message)
    regions = square_around(boxes)
    return Pool(tuple(members), regions, joints_in_frame(joints, regions), log_aspect(boxes))


def score_neighbours(gallery: Pool, queries: Pool, neighbours: NDArray[np.int64]) -> PoseScore:
    """Score neighbours (Q, `NEIGHBOURS`), rows of the gallery, nearest first."""
    found = strict_pcp(gallery.joints[neighbours], queries.joints[:, None])
    return PoseScore(found[:, 0], found.mean(axis=1))


def pose_neighbours(gallery: Pool, queries: Pool) -> NDArray[np.int64]:
    """Return the nearest by mean joint distance: the best that a retrieval could do."""
    blocks = [
        smallest(pose_distances(queries.joints[start : start + _BLOCK], gallery.joints), NEIGHBOURS)
        for start in range(0, len(queries), _BLOCK)
    ]
    return np.concatenate(blocks)


def aspect_neighbours(gallery: Pool, queries: Pool) -> NDArray[np.int64]:
    """Return the nearest by the shape of the box around the joints, without any pixel."""
    return smallest(np.abs(queries.aspect[:, None] - gallery.aspect[None]), NEIGHBOURS)


def random_neighbour_score(gallery: Pool, queries: Pool) -> PoseScore:
    """Return what a neighbour drawn at random scores in the mean over all draws, exactly."""
    blocks = [
        strict_pcp(gallery.joints[None], queries.joints[start : start + _BLOCK, None]).mean(axis=1)
        for start in range(0, len(queries), _BLOCK)
    ]
    score = np.concatenate(blocks)
    return PoseScore(score, score)
