"""The annotations as HDF5, as the stacked hourglass networks read them (`valid.h5`).

Datasets of N rows: `imgname`; `person`, from 0; `part` (N, 16, 2), the release's joints cut to
whole numbers and (0, 0) where missing; `visible` (N, 16), 0 where a joint is missing or merely
hidden; `scale`, 1.25 times the release's; `center` (N, 2), below the release's by 15 times its
scale; `normalize`, 0.6 times the diagonal of the head box. Only head top and upper neck are no
whole numbers in the release, so only they lose by the cutting, up to one pixel towards zero;
`head_boxes_file` mends that.
"""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.mpii.people import JOINTS, MpiiPeople, make_people
from stpose.errors import InputError

_SCALE_FACTOR = 1.25
_LOWER_PX = 15.0
_SHAPES = {
    "imgname": (),
    "person": (),
    "part": (len(JOINTS), 2),
    "visible": (len(JOINTS),),
    "center": (2,),
    "scale": (),
}


def read_hdf5(path: Path) -> MpiiPeople:
    """Read the people of an HDF5 file, scale and centre taken back to the release's.

    Raises:
        InputError: It is unreadable, a dataset is missing or has another shape or type.
    """
    try:
        with h5py.File(path, "r") as file:
            columns = _columns(file, path)
    except InputError:
        raise
    # h5py raises about anything at damaged files.
    except Exception as error:
        message = f"{path}: damaged or truncated HDF5 file ({error})"
        raise InputError(message) from error
    joints = columns["part"]
    scale = columns["scale"] / _SCALE_FACTOR
    lower = np.stack([np.zeros_like(scale), _LOWER_PX * scale], axis=1)
    return make_people(
        path,
        _texts(columns["imgname"], path),
        columns["person"],
        joints,
        (joints != 0).any(axis=2),
        columns["visible"] != 0,
        columns.get("normalize"),
        scale,
        np.where(scale[:, None] > 0, columns["center"] - lower, np.nan),
    )


def _texts(names: NDArray[Any], path: Path) -> list[str]:
    try:
        return [name.decode("utf-8") for name in names.tolist()]
    except (AttributeError, UnicodeDecodeError) as error:
        message = f"{path}: imgname {names.dtype}, expected names of files in UTF-8"
        raise InputError(message) from error


def _columns(file: h5py.File, path: Path) -> dict[str, NDArray[Any]]:
    lacking = [name for name in _SHAPES if not isinstance(file.get(name), h5py.Dataset)]
    if lacking:
        message = (
            f"{path}: no dataset {lacking[0]!r}, found {', '.join(file) or 'nothing'}; expected "
            f"{', '.join(_SHAPES)}, as in valid.h5 of the stacked hourglass networks"
        )
        raise InputError(message)
    columns = {}
    rows = len(file["part"])
    for name in (*_SHAPES, *(["normalize"] if "normalize" in file else [])):
        dataset = file[name]
        expected = (rows, *_SHAPES.get(name, ()))
        kinds, what = ("SO", "names") if name == "imgname" else ("iufb", "numbers")
        if dataset.shape != expected or dataset.dtype.kind not in kinds or not rows:
            message = f"{path}: {name} {dataset.dtype} {dataset.shape}, expected {what} {expected}"
            raise InputError(message)
        columns[name] = np.asarray(dataset[()])
    return columns
