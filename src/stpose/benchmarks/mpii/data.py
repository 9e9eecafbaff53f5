"""Reading MPII Human Pose: the annotations in any of their forms, and the images.

A data folder holds `images/` and annotations, in itself or in `annot/`.
"""

from collections.abc import Iterable
from pathlib import Path

import cv2
import h5py
import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.mpii.csv_file import read_csv
from stpose.benchmarks.mpii.hdf5_file import read_hdf5
from stpose.benchmarks.mpii.head_boxes_file import add_head_boxes
from stpose.benchmarks.mpii.json_file import read_json
from stpose.benchmarks.mpii.people import MpiiPeople
from stpose.benchmarks.mpii.release_file import read_release
from stpose.errors import InputError

RELEASE_FILE = "mpii_human_pose_v1_u12_1.mat"
_FORMS = "the .mat release, a .json list, .h5, or .csv"
_ENDINGS = (".mat", ".json", ".h5", ".csv")


def load_mpii(path: Path, head_boxes: Path | None = None) -> MpiiPeople:
    """Read the people that have joints, from any form of the annotations.

    The form is told by the file's content; its name tells only a table from the rest.

    Args:
        path: The .mat release, a .json list, an .h5 file or a .csv table.
        head_boxes: A file of head boxes for the same rows, if the annotations have none.

    Raises:
        InputError: The file is missing, of no known form, or not as published.
    """
    path = Path(path)
    if not path.is_file():
        message = f"{path}: no such file, expected annotations of MPII: {_FORMS}"
        raise InputError(message)
    with path.open("rb") as file:
        start = file.read(128)
    if h5py.is_hdf5(path):
        people = read_hdf5(path)
    elif start.startswith(b"MATLAB"):
        people = read_release(path)
    elif start.lstrip()[:1] in (b"[", b"{"):
        people = read_json(path)
    elif path.suffix.lower() == ".csv":
        people = read_csv(path)
    else:
        message = f"{path}: holds {start[:16]!r}..., expected annotations of MPII: {_FORMS}"
        raise InputError(message)
    if head_boxes is not None:
        people = add_head_boxes(people, head_boxes)
    return people.take(np.flatnonzero(people.present.any(axis=1)))


def find_annotations(folder: Path, named: Path | None = None) -> Path:
    """Return the file of annotations of a data folder.

    Args:
        folder: The data folder.
        named: A path, or one below the folder; without, the release or the only file there is.

    Raises:
        InputError: There is no such file, none at all, or several of which none is the release.
    """
    if named is not None:
        return folder / named if (folder / named).is_file() else named
    found = [
        path
        for place in (folder, folder / "annot")
        for path in sorted(place.glob("*"))
        if path.suffix in _ENDINGS
    ]
    for path in found:
        if path.name == RELEASE_FILE or len(found) == 1:
            return path
    names = ", ".join(str(path.relative_to(folder)) for path in found)
    message = (
        f"{folder}: expected {RELEASE_FILE} or one file of annotations ({_FORMS}), found "
        f"{names or 'none'}" + ("; name one of them" if found else "")
    )
    raise InputError(message)


def missing_pictures(folder: Path, names: Iterable[str]) -> list[str]:
    """Return the names, each once and sorted, of which there is no picture in `images/`."""
    return sorted(name for name in set(names) if not (folder / "images" / name).is_file())


def expect_pictures(folder: Path, names: Iterable[str]) -> None:
    """Check that all pictures are there before long work starts.

    Raises:
        InputError: Some are not.
    """
    wanted = set(names)
    missing = missing_pictures(folder, wanted)
    if missing:
        message = (
            f"{folder / 'images' / missing[0]}: no such picture; {len(missing)} of {len(wanted)} "
            "are missing"
        )
        raise InputError(message)


def read_picture(folder: Path, name: str) -> NDArray[np.uint8]:
    """Read a picture as BGR (H, W, 3).

    Raises:
        InputError: It is missing or unreadable.
    """
    path = folder / "images" / name
    if not path.is_file():
        message = f"{path}: no such picture"
        raise InputError(message)
    image = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if image is None:
        message = f"{path}: unreadable, expected a picture"
        raise InputError(message)
    return np.asarray(image, dtype=np.uint8)
