"""Posture AUC in the format of Olympic Sports (paper 4.2).

The score of a labelled frame is minus its distance to the exemplar. An embedding must beat the
cues that need no pixels: the shape of the person's box, and when in its sequence a frame stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.auc import exact_auc, published_auc
from stpose.benchmarks.olympic_sports.frames import FrameList, read_frames
from stpose.benchmarks.olympic_sports.labels import PostureLabels, find_label_files, read_labels

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PostureCategory:
    """A category: its frames with boxes, and its labels."""

    name: str
    frames: FrameList
    labels: PostureLabels


@dataclass(frozen=True)
class PostureScore:
    """AUCs of all N exemplars of all categories.

    Attributes:
        exact: (N,) probability that a positive is nearer than a negative, ties half.
        published: (N,) area under the curve read at 101 false positive rates.
        category: (N,) index of the exemplar's category.
    """

    exact: Floats
    published: Floats
    category: NDArray[np.int64]


def load_categories(folder: Path) -> tuple[PostureCategory, ...]:
    """Read all categories of a data folder.

    Raises:
        InputError: A file is missing or not as published.
    """
    categories = []
    for name, path in find_label_files(folder).items():
        frames = read_frames(folder, name)
        categories.append(PostureCategory(name, frames, read_labels(path, len(frames.paths))))
    return tuple(categories)


def aspect_distances(category: PostureCategory) -> Floats:
    """Return |difference of log aspect ratio| (m,) of each labelled frame to its exemplar."""
    return _differences(category, category.frames.aspect())


def time_distances(category: PostureCategory) -> Floats:
    """Return |difference of relative time| (m,), by rank in the sequence, 0 to 1."""
    return _differences(category, category.frames.time())


def aspect_time_distances(category: PostureCategory) -> Floats:
    """Return the sum (m,) of both distances, each over its mean in the category."""
    both = (aspect_distances(category), time_distances(category))
    return np.asarray(sum(distances / (distances.mean() or 1.0) for distances in both))


NO_PIXEL_CUES: Mapping[str, Callable[[PostureCategory], Floats]] = {
    "aspect": aspect_distances,
    "time": time_distances,
    "aspect+time": aspect_time_distances,
}


def score_distances(
    categories: Sequence[PostureCategory], distances: Sequence[Floats]
) -> PostureScore:
    """Compute the AUCs of every exemplar.

    Args:
        categories: The categories.
        distances: For each, the distance (m,) of its labelled frames to their exemplars.
    """
    exact, published, owner = [], [], []
    for number, (category, known) in enumerate(zip(categories, distances, strict=True)):
        labels = category.labels
        for exemplar in range(len(labels.anchors)):
            mine = labels.exemplar == exemplar
            positive = -known[mine & labels.positive]
            negative = -known[mine & ~labels.positive]
            exact.append(exact_auc(positive, negative))
            published.append(published_auc(positive, negative))
            owner.append(number)
    return PostureScore(np.array(exact), np.array(published), np.array(owner, dtype=np.int64))


def mean_of_categories(values: Floats, category: NDArray[np.int64]) -> float:
    """Return the mean over categories of the mean over their exemplars."""
    return float(np.mean([values[category == number].mean() for number in np.unique(category)]))


def _differences(category: PostureCategory, values: Floats) -> Floats:
    labels = category.labels
    anchors = values[labels.anchors[labels.exemplar]]
    return np.asarray(np.abs(values[labels.frame] - anchors))
