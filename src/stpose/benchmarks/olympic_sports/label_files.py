"""The two layouts of posture label files, with n exemplars.

- HDF5, ids from 0: `anchors` (n,), the exemplars; `pos_ids`, `neg_ids`, `pos_flipvals` and
  `neg_flipvals` (n,) of arrays of any length, or (n, k) where all have the same length.
- MATLAB, ids from 1: `labels/anchor`, `labels/positives` and `labels/negatives`, references
  (n, 1) to a number and to groups with `ids` and `flipval`; with a single exemplar MATLAB stores
  the number and the groups themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError

Ids = NDArray[np.int64]
# Above it not all whole numbers are numbers of float64.
_MOST = 2.0**53
_CLASSES = (("positives", "pos", True), ("negatives", "neg", False))


@dataclass(frozen=True)
class LabelRow:
    """The positives, or the negatives, of one exemplar.

    Attributes:
        name: "positives" or "negatives".
        exemplar: Its number, from 0.
        positive: Whether these are its positives.
        ids: (k,) frame ids, from 0.
        flips: (k,) whether each is mirrored.
    """

    name: str
    exemplar: int
    positive: bool
    ids: Ids
    flips: NDArray[np.bool_]


def read_hdf5_labels(file: h5py.File, path: Path) -> tuple[Ids, list[LabelRow]]:
    """Return the exemplars' frame ids (n,) and their labels, from the HDF5 layout.

    Raises:
        InputError: A dataset is missing or has another shape; `path` is named.
    """
    anchors = _whole_numbers(_dataset(file, "anchors", path)[()], path, "anchors")
    rows = []
    for name, short, positive in _CLASSES:
        ids = _dataset(file, f"{short}_ids", path)[()]
        flips = _dataset(file, f"{short}_flipvals", path)[()]
        for key, values in ((f"{short}_ids", ids), (f"{short}_flipvals", flips)):
            if np.ndim(values) not in (1, 2) or len(values) != len(anchors):
                message = (
                    f"{path}: {key} {np.shape(values)}, expected ({len(anchors)},) arrays or "
                    f"({len(anchors)}, k), a row an exemplar"
                )
                raise InputError(message)
        for exemplar, (row_ids, row_flips) in enumerate(zip(ids, flips, strict=True)):
            rows.append(_row(name, exemplar, positive, row_ids, row_flips, path))
    return anchors, rows


def read_matlab_labels(file: h5py.File, path: Path) -> tuple[Ids, list[LabelRow]]:
    """Return the exemplars' frame ids (n,), from 0, and their labels, from MATLAB's layout.

    Raises:
        InputError: A field is missing or has another shape; `path` is named.
    """
    cells = [_whole_numbers(cell, path, "labels/anchor") for cell in _cells(file, "anchor", path)]
    if any(len(cell) != 1 for cell in cells):
        message = f"{path}: labels/anchor holds arrays, expected one frame id an exemplar"
        raise InputError(message)
    anchors = np.concatenate([np.empty(0, np.int64), *cells]) - 1
    rows = []
    for name, _, positive in _CLASSES:
        groups = list(_cells(file, name, path))
        if len(groups) != len(anchors):
            message = f"{path}: labels/{name} ({len(groups)},), expected ({len(anchors)},)"
            raise InputError(message)
        for exemplar, group in enumerate(groups):
            where = f"{path}: labels/{name} of exemplar {exemplar}"
            if not isinstance(group, h5py.Group) or not {"ids", "flipval"} <= set(group):
                message = f"{where} is no group with ids and flipval"
                raise InputError(message)
            ids, flips = (_unless_empty(group[key]) for key in ("ids", "flipval"))
            rows.append(_row(name, exemplar, positive, ids, flips, path, base=1))
    return anchors, rows


def _cells(file: h5py.File, name: str, path: Path) -> Iterator[Any]:
    """Yield the numbers or groups that the field of MATLAB's array of structures refers to."""
    key = f"labels/{name}"
    if key not in file:
        message = f"{path}: no {key}, expected labels with anchor, positives and negatives"
        raise InputError(message)
    field = file[key]
    if isinstance(field, h5py.Group):
        yield field
    elif field.dtype != h5py.ref_dtype:
        yield field[()]
    else:
        for reference in field[()].ravel():
            cell = file[reference]
            yield cell if isinstance(cell, h5py.Group) else cell[()]


def _unless_empty(values: h5py.Dataset) -> Any:
    # MATLAB writes an empty array as its two sizes, and says so.
    return np.empty(0) if "MATLAB_empty" in values.attrs else values[()]


def _dataset(file: h5py.File, key: str, path: Path) -> h5py.Dataset:
    if not isinstance(file.get(key), h5py.Dataset):
        message = f"{path}: no dataset {key}, found {sorted(file)}"
        raise InputError(message)
    return file[key]


def _row(
    name: str, exemplar: int, positive: bool, ids: Any, flips: Any, path: Path, base: int = 0
) -> LabelRow:
    what = f"{name} of exemplar {exemplar}"
    numbers = _whole_numbers(ids, path, what) - base
    mirrored = _whole_numbers(flips, path, f"flips of {what}")
    if not len(numbers):
        message = f"{path}: no {what}, expected at least one"
        raise InputError(message)
    if mirrored.shape != numbers.shape or not np.isin(mirrored, (0, 1)).all():
        message = f"{path}: flips of {what} are {mirrored}, expected {len(numbers)} times 0 or 1"
        raise InputError(message)
    return LabelRow(name, exemplar, positive, numbers, mirrored.astype(bool))


def _whole_numbers(values: Any, path: Path, what: str) -> Ids:
    """Return the values (a number, or an array in any layout) as integers (n,)."""
    array = np.atleast_1d(np.asarray(values))
    if array.size > max(array.shape, default=0) or array.dtype.kind not in "iufb":
        message = f"{path}: {what} {array.dtype} {array.shape}, expected whole numbers (n,)"
        raise InputError(message)
    numbers = np.asarray(array.ravel(), dtype=np.float64)
    if not (np.array_equal(numbers, np.round(numbers)) and (np.abs(numbers) < _MOST).all()):
        message = f"{path}: {what} {numbers}, expected whole numbers"
        raise InputError(message)
    return numbers.astype(np.int64)
