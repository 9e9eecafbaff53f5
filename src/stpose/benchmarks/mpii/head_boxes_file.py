"""Head boxes and unrounded joints that go with lists of people (`detections_our_format.mat`).

Variables: `headboxes_src` 2 x 2 x N, two corners; `pos_gt_src` 16 x 2 x N, the release's joints to
about 0.001 px; `jnt_missing` 16 x N; `dataset_joints`, the order of the joints. They follow the
rows of the HDF5 or JSON list that they were made for; nothing else names their people.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.matlab_file import load_matlab
from stpose.benchmarks.mpii.people import HEAD_SHARE, JOINTS, MpiiPeople, make_people
from stpose.errors import InputError

_ORDER = "rank rkne rhip lhip lkne lank pelv thor neck head rwri relb rsho lsho lelb lwri"
_NAMES = ("headboxes_src", "pos_gt_src", "jnt_missing", "dataset_joints")
# Their joints are exact to less than this (px).
_NOISE_PX = 2e-3
# Three coordinates of the published file are 0 by mistake, so not every joint has to agree.
_MOST_STRAY = 0.01


def add_head_boxes(people: MpiiPeople, path: Path) -> MpiiPeople:
    """Return people with the sizes of their head boxes, and joints that were cut unrounded.

    Joints that are a pixel or more away from the people's own are left as they are.

    Args:
        people: All rows of the list that the file was made for.
        path: The file.

    Raises:
        InputError: The file is unreadable, has other shapes or joints, or other people.
    """
    boxes, joints, missing = _read(path)
    if boxes.shape[2] != len(people):
        message = f"{path}: {boxes.shape[2]} people, expected the {len(people)} of {people.source}"
        raise InputError(message)
    published = joints.transpose(2, 0, 1)
    theirs = make_people(
        path, people.images, people.person, published, missing.T == 0, missing.T == 0
    )
    offset = np.abs(theirs.joints - people.joints).max(axis=2)
    stray = (theirs.present != people.present) | (offset >= 1 + _NOISE_PX)
    if stray.mean() > _MOST_STRAY:
        worst = int(np.argmax(stray.any(axis=1)))
        message = (
            f"{path}: {stray.mean():.0%} of the joints are elsewhere than in {people.source}, "
            f"first in row {worst}; expected the same people in the same order"
        )
        raise InputError(message)
    cut = people.present & ~stray & (offset > _NOISE_PX)
    return replace(
        people,
        joints=np.where(cut[..., None], theirs.joints, people.joints),
        head_size=HEAD_SHARE * np.linalg.norm(boxes[1] - boxes[0], axis=0),
    )


def _read(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    content = load_matlab(path)
    lacking = [name for name in _NAMES if name not in content]
    if lacking:
        message = f"{path}: no variable {lacking[0]}, expected {', '.join(_NAMES)}"
        raise InputError(message)
    order = " ".join(str(name.item()) for name in content["dataset_joints"].ravel())
    if order != _ORDER:
        message = f"{path}: joints in the order {order!r}, expected {_ORDER!r}"
        raise InputError(message)
    boxes, joints, missing = (np.asarray(content[name], np.float64) for name in _NAMES[:3])
    rows = boxes.shape[-1]
    shapes = ((2, 2, rows), (len(JOINTS), 2, rows), (len(JOINTS), rows))
    for name, values, shape in zip(_NAMES, (boxes, joints, missing), shapes, strict=False):
        if values.shape != shape:
            message = f"{path}: {name} {values.shape}, expected {shape}"
            raise InputError(message)
    return boxes, joints, missing
