"""The annotations as MPII published them: `mpii_human_pose_v1_u12_1.mat`.

One structure `RELEASE`, in which index i stands for an image:

- `annolist(i).image.name`; `annolist(i).annorect(r)` are its people: `x1 y1 x2 y2` the head box,
  `scale`, `objpos.x` and `.y`, and `annopoints.point(p)` with `x`, `y`, `id` and `is_visible`.
- `img_train(i)` is 1 for training images. Others have no joints.
- `single_person`, `act`, `version` and `video_list` are not needed here.

Any of these can be empty or absent: images without people, people without joints, joints without
`is_visible` (head top and upper neck, which were made from the head box; the HDF5 form holds them
as visible). Flags are numbers or characters. The numbers of people count all of `annorect`, those
without joints too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io.matlab import mat_struct

from stpose.benchmarks.matlab_file import load_matlab
from stpose.benchmarks.mpii.people import HEAD_SHARE, JOINTS, MpiiPeople, make_people
from stpose.errors import InputError

_EXPECTED = "RELEASE with annolist and img_train, as in mpii_human_pose_v1_u12_1.mat"


@dataclass(frozen=True)
class _Joints:
    """The joints of one person: places (16, 2), and (16,) which are there and visible."""

    places: NDArray[np.float64]
    present: NDArray[np.bool_]
    visible: NDArray[np.bool_]


def read_release(path: Path) -> MpiiPeople:
    """Read the people of the training images who have joints.

    Raises:
        InputError: The file is unreadable, holds no `RELEASE`, or a part of it has another form.
    """
    content = load_matlab(path, structures=True)
    release = content.get("RELEASE")
    if not isinstance(release, mat_struct):
        message = f"{path}: holds {', '.join(content) or 'nothing'}, expected {_EXPECTED}"
        raise InputError(message)
    images = _structures(_field(release, "annolist"))
    is_training = np.atleast_1d(np.asarray(_field(release, "img_train")))
    if not images or len(images) != len(is_training):
        message = (
            f"{path}: annolist of {len(images)} images and img_train of {len(is_training)}, "
            f"expected {_EXPECTED}"
        )
        raise InputError(message)
    found = [
        person
        for number, (image, used) in enumerate(zip(images, is_training, strict=True), start=1)
        if used
        for person in _people(image, f"{path}: annolist({number})")
    ]
    if not found:
        message = f"{path}: no joints in any of {len(images)} images, expected annopoints"
        raise InputError(message)
    names, numbers, rectangles, joints = zip(*found, strict=True)
    boxes = np.array(
        [[_number(rectangle, key) for key in ("x1", "y1", "x2", "y2")] for rectangle in rectangles]
    )
    middles = [_field(rectangle, "objpos") for rectangle in rectangles]
    return make_people(
        path,
        names,
        numbers,
        [one.places for one in joints],
        [one.present for one in joints],
        [one.visible for one in joints],
        HEAD_SHARE * np.linalg.norm(boxes[:, 2:] - boxes[:, :2], axis=1),
        [_number(rectangle, "scale") for rectangle in rectangles],
        [[_number(middle, axis) for axis in ("x", "y")] for middle in middles],
    )


def _people(image: mat_struct, where: str) -> Iterator[tuple[str, int, mat_struct, _Joints]]:
    """Yield image name, number, rectangle and joints of the people of an image."""
    name = _field(_field(image, "image"), "name")
    if not isinstance(name, str) or not name:
        message = f"{where}.image.name: found {name!r}, expected the name of a file"
        raise InputError(message)
    for number, rectangle in enumerate(_structures(_field(image, "annorect"))):
        points = _structures(_field(_field(rectangle, "annopoints"), "point"))
        if points:
            joints = _joints(points, f"{where}.annorect({number + 1}) ({name})")
            yield name, number, rectangle, joints


def _joints(points: list[mat_struct], where: str) -> _Joints:
    places = np.zeros((len(JOINTS), 2))
    present = np.zeros(len(JOINTS), dtype=np.bool_)
    visible = np.zeros(len(JOINTS), dtype=np.bool_)
    for point in points:
        joint = _number(point, "id")
        if joint not in range(len(JOINTS)):
            message = f"{where}: joint id {joint:g}, expected 0 to {len(JOINTS) - 1}"
            raise InputError(message)
        flag = _number(point, "is_visible")
        places[int(joint)] = _number(point, "x"), _number(point, "y")
        present[int(joint)] = True
        visible[int(joint)] = np.isnan(flag) or flag != 0
    return _Joints(places, present, visible)


def _field(structure: Any, name: str) -> Any:
    """Return a field of a structure; None where it, or the structure itself, is not there."""
    return getattr(structure, name, None) if isinstance(structure, mat_struct) else None


def _structures(value: Any) -> list[mat_struct]:
    """Return a structure array as a list: scipy makes one of length 1 a structure."""
    if isinstance(value, mat_struct):
        return [value]
    if isinstance(value, np.ndarray):
        return [one for one in value.ravel() if isinstance(one, mat_struct)]
    return []


def _number(structure: Any, name: str) -> float:
    """Return a field as a number, whether number or character; NaN where it is empty."""
    value = np.asarray(_field(structure, name))
    try:
        return float(value.ravel()[0]) if value.size else float("nan")
    except (TypeError, ValueError):
        return float("nan")
