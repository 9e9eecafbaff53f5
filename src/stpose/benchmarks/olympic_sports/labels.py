"""Reading posture labels in the format published for Olympic Sports (CliqueCNN, 2016).

A data folder holds `labels_hdf5*/labels_CATEGORY.hdf5` or `labels_mat*/labels_CATEGORY.mat`
(MATLAB 7.3, which is HDF5 inside). For each of n exemplars the file names frames judged to show
the same posture and others judged to show a different one, by frame id: the number of the line
in the category's frame list. The two layouts are described in `label_files`.

A flip of 1 says that the labelled frame, not the exemplar, is to be mirrored. A frame may stand
in both classes, and an exemplar may have a single positive.
"""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.olympic_sports.label_files import Ids, read_hdf5_labels, read_matlab_labels
from stpose.errors import InputError


@dataclass(frozen=True)
class PostureLabels:
    """The labels of a category, one row a labelled frame (m in all).

    Attributes:
        anchors: (n,) frame ids of the exemplars, from 0.
        exemplar: (m,) the exemplar that a labelled frame is compared with, 0 to n - 1.
        frame: (m,) id of the labelled frame, from 0.
        flip: (m,) whether it is mirrored before it is compared.
        positive: (m,) whether it shows the exemplar's posture.
    """

    anchors: Ids
    exemplar: Ids
    frame: Ids
    flip: NDArray[np.bool_]
    positive: NDArray[np.bool_]


def find_label_files(folder: Path) -> dict[str, Path]:
    """Return the label file of every category by its name, sorted; HDF5 goes before MATLAB.

    Raises:
        InputError: There is none, or two in the same format.
    """
    found: dict[str, Path] = {}
    for kind, ending in (("hdf5", ".hdf5"), ("mat", ".mat")):
        of_kind: dict[str, Path] = {}
        for path in sorted(folder.glob(f"labels_{kind}*/labels_*{ending}")):
            category = path.name.removeprefix("labels_").removesuffix(ending)
            if category in of_kind:
                message = f"{path}: {category} is labelled in {of_kind[category]} too"
                raise InputError(message)
            of_kind[category] = path
        found = {**of_kind, **found}
    if not found:
        message = (
            f"{folder}: no posture labels, expected labels_hdf5*/labels_CATEGORY.hdf5 "
            "or labels_mat*/labels_CATEGORY.mat"
        )
        raise InputError(message)
    return dict(sorted(found.items()))


def read_labels(path: Path, frames: int) -> PostureLabels:
    """Read a label file of either format.

    Args:
        path: The file; its ending tells the format.
        frames: Length of the category's frame list: ids must lie below it.

    Raises:
        InputError: The file is unreadable, lacks a dataset, has another shape than the module
            describes, or names a frame that is not in the list.
    """
    try:
        with h5py.File(path, "r") as file:
            is_matlab = path.suffix == ".mat"
            anchors, rows = (
                read_matlab_labels(file, path) if is_matlab else read_hdf5_labels(file, path)
            )
    except InputError:
        raise
    # h5py raises about anything at damaged files.
    except Exception as error:
        message = f"{path}: unreadable, expected HDF5 or MATLAB 7.3 ({error})"
        raise InputError(message) from error
    _check_ids(anchors, frames, path, "exemplars")
    for row in rows:
        _check_ids(row.ids, frames, path, f"{row.name} of exemplar {row.exemplar}")
    lengths = [len(row.ids) for row in rows]
    return PostureLabels(
        anchors=anchors,
        exemplar=np.repeat([row.exemplar for row in rows], lengths),
        frame=np.concatenate([row.ids for row in rows]),
        flip=np.concatenate([row.flips for row in rows]),
        positive=np.repeat([row.positive for row in rows], lengths),
    )


def _check_ids(ids: Ids, frames: int, path: Path, what: str) -> None:
    if not len(ids):
        message = f"{path}: no {what}"
        raise InputError(message)
    if ids.min() < 0 or ids.max() >= frames:
        wrong = ids[(ids < 0) | (ids >= frames)][0]
        message = f"{path}: {what}: frame id {wrong} (from 0), the frame list has {frames} frames"
        raise InputError(message)
