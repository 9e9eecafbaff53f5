"""Distances of labelled frames to their exemplars by what the pictures show."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.embedders import Embedder, embed
from stpose.benchmarks.olympic_sports.frames import read_frame
from stpose.benchmarks.olympic_sports.protocol import PostureCategory
from stpose.benchmarks.vectors import (
    Vectors,
    centre_vectors,
    paired_distances,
    scale_vectors,
)
from stpose.geometry import square_around

Floats = NDArray[np.float64]
Scaling = Literal["l2", "none"]


def posture_distances(
    folder: Path,
    category: PostureCategory,
    embedders: Sequence[Embedder],
    variants: Mapping[str, Sequence[Scaling]],
    crop: Literal["warp", "square"],
    distance: Literal["euclidean", "correlation"],
) -> dict[tuple[str, Scaling], Floats]:
    """Return the distances (m,) of a category's labelled frames for each embedder.

    Every frame that occurs is cut out along its box once, and once more mirrored if it occurs
    with a flip; exemplars are never mirrored.

    Args:
        folder: The data folder, with frames.
        category: The category.
        embedders: The embedders.
        variants: For each embedder's name, the scalings of its vectors wanted.
        crop: Whether a box is squeezed to a square or grown to one.
        distance: Euclidean, or 1 minus Pearson's correlation.

    Raises:
        InputError: A frame is missing or unreadable.
    """
    labels = category.labels
    # A picture is a frame and whether it is mirrored, in one number.
    anchors = 2 * labels.anchors[labels.exemplar]
    others = 2 * labels.frame + labels.flip
    pictures, places = np.unique(np.concatenate([anchors, others]), return_inverse=True)
    first, second = places[: len(anchors)], places[len(anchors) :]
    regions = category.frames.regions()
    if crop == "square":
        regions = square_around(regions)

    def open_picture(number: int) -> Callable[[int], NDArray[np.uint8]]:
        frame, mirror = divmod(int(pictures[number]), 2)
        image = read_frame(folder, category.frames, frame)
        return lambda side: cut_region(image, regions[frame], side, mirror=bool(mirror))

    vectors = embed(embedders, len(pictures), open_picture, category.name)
    return {
        (name, scaling): _distances(vectors[name], first, second, scaling, distance)
        for name, wanted in variants.items()
        for scaling in wanted
    }


def _distances(
    vectors: Vectors,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    scaling: Scaling,
    distance: Literal["euclidean", "correlation"],
) -> Floats:
    if distance == "correlation":
        return paired_distances(centre_vectors(vectors), first, second) ** 2 / 2
    return paired_distances(scale_vectors(vectors, scaling), first, second)
