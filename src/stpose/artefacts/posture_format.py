"""Writing posture benchmarks in the files published for Olympic Sports (CliqueCNN, 2016).

For a category: `labels_hdf5/labels_CATEGORY.hdf5`, `image_pathes/imagePaths_CATEGORY.txt`,
`bboxes/CATEGORY/SEQUENCE.bb` and pictures below `frames/CATEGORY/SEQUENCE/`. What they hold is
told where they are read, in `stpose.benchmarks.olympic_sports`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class PostureSequence:
    """A sequence of frames.

    Attributes:
        name: Its name, without slashes.
        numbers: (n,) frame numbers in the names of files.
        boxes: The n boxes as published, see `published_box`.
    """

    name: str
    numbers: Sequence[int]
    boxes: Sequence[Box]


@dataclass(frozen=True)
class ExemplarLabels:
    """The labels of one exemplar: numbers of frames, and which of them are mirrored."""

    anchor: int
    positives: NDArray[np.int64]
    positive_flips: NDArray[np.bool_]
    negatives: NDArray[np.int64]
    negative_flips: NDArray[np.bool_]

    def renumbered(self, ids: NDArray[np.int64]) -> "ExemplarLabels":
        """Return the labels with `ids[number]` for each number."""
        return ExemplarLabels(
            int(ids[self.anchor]),
            ids[self.positives],
            self.positive_flips,
            ids[self.negatives],
            self.negative_flips,
        )


def published_box(box: Sequence[float], width: int, height: int) -> Box:
    """Return a box as it is published: whole pixels from 1, both ends inside, within the frame.

    Args:
        box: x1, y1, x2, y2 in px from 0; x2 and y2 are exclusive edges.
        width: Width of the frame (px), at least 2.
        height: Height of the frame (px), at least 2.

    Returns:
        xmin, ymin, xmax, ymax, at least 1 apart.
    """
    x1 = min(max(floor(box[0]) + 1, 1), width - 1)
    y1 = min(max(floor(box[1]) + 1, 1), height - 1)
    x2, y2 = min(ceil(box[2]), width), min(ceil(box[3]), height)
    return x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)


def frame_path(folder: Path, category: str, sequence: str, number: int, ending: str) -> Path:
    """Return where the picture of a frame belongs."""
    return folder / "frames" / category / sequence / f"I{number:05d}{ending}"


def write_category(
    folder: Path,
    category: str,
    sequences: Sequence[PostureSequence],
    labels: Sequence[ExemplarLabels],
    ending: str,
) -> None:
    """Write the label file, the frame list and the boxes of a category.

    Args:
        folder: The data folder, without this category.
        category: Its name.
        sequences: Its sequences; frame ids count through them in this order, from 0.
        labels: The labels, in frame ids.
        ending: Ending of the pictures' names, with its dot.
    """
    _write_labels(folder / "labels_hdf5" / f"labels_{category}.hdf5", category, labels)
    lines = [
        f"./{sequence.name}/I{number:05d}{ending}\n"
        for sequence in sequences
        for number in sequence.numbers
    ]
    _write_text(folder / "image_pathes" / f"imagePaths_{category}.txt", lines)
    for sequence in sequences:
        rows = [
            f"{number + 1} {' '.join(map(str, box))}\n"
            for number, box in zip(sequence.numbers, sequence.boxes, strict=True)
        ]
        _write_text(folder / "bboxes" / category / f"{sequence.name}.bb", rows)


def _write_labels(path: Path, category: str, labels: Sequence[ExemplarLabels]) -> None:
    ragged = h5py.vlen_dtype(np.int32)
    rows: dict[str, list[NDArray[np.generic]]] = {
        "pos_ids": [one.positives for one in labels],
        "neg_ids": [one.negatives for one in labels],
        "pos_flipvals": [one.positive_flips for one in labels],
        "neg_flipvals": [one.negative_flips for one in labels],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.attrs["category_name"] = category
        file.attrs["category_offset"] = np.int64(0)
        file.attrs["dataset_path"] = "."
        anchors = np.array([one.anchor for one in labels], dtype=np.int32)
        file.create_dataset("anchors", data=anchors)
        for name, values in rows.items():
            dataset = file.create_dataset(name, (len(values),), ragged)
            for row, value in enumerate(values):
                dataset[row] = value.astype(np.int32)


def _write_text(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
