"""Reading Leeds Sports Pose and its extension.

A folder holds `images/` and `joints.mat` (variable `joints`). The two sets differ in the order
of the axes and in the sense of the flag:

- LSP: 3 x 14 x N, the flag is 1 where a joint is hidden (the coordinates hold all the same).
- LSP-extended: 14 x 3 x N, the flag is 1 where a joint is visible (the others' coordinates
  mean nothing).

Image number i, from 1, is `images/imI.jpg` with I padded by zeros to any length; its joints are
column i - 1. Coordinates are taken as MATLAB's, where the centre of the first pixel is 1.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.matlab_file import load_matlab
from stpose.benchmarks.metrics import LSP_JOINTS
from stpose.errors import InputError

_IMAGE = re.compile(r"im0*(\d+)\.(?:jpg|jpeg|png)")
# From the centre of the first pixel at 1 to its edge at 0.
_TO_CONTINUOUS = -0.5


@dataclass(frozen=True)
class LspSet:
    """Images with joints; image number i is row i - 1.

    Attributes:
        folder: Where it was read.
        joints: (N, 14, 2) x, y in continuous pixel coordinates of the image.
        visible: (N, 14).
        images: Paths by image number.
    """

    folder: Path
    joints: NDArray[np.float64]
    visible: NDArray[np.bool_]
    images: dict[int, Path]

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.joints)

    def fully_visible(self) -> NDArray[np.int64]:
        """Return the numbers of the images whose joints are all visible."""
        return np.flatnonzero(self.visible.all(axis=1)) + 1

    def read_image(self, number: int) -> NDArray[np.uint8]:
        """Read an image as BGR (H, W, 3).

        Raises:
            InputError: It is missing or unreadable.
        """
        path = self.images.get(number)
        if path is None:
            message = f"{self.folder / 'images'}: no image {number}, such as im{number:04d}.jpg"
            raise InputError(message)
        image = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        if image is None:
            message = f"{path}: unreadable, expected a picture"
            raise InputError(message)
        return np.asarray(image, dtype=np.uint8)


def load_lsp(folder: Path) -> LspSet:
    """Read the joints of LSP or LSP-extended, whichever layout the folder has.

    Raises:
        InputError: `joints.mat` is missing, unreadable, or has another shape.
    """
    path = folder / "joints.mat"
    if not path.is_file():
        message = f"{path}: no such file, expected the joints of Leeds Sports Pose"
        raise InputError(message)
    content = load_matlab(path, ("joints",))
    if "joints" not in content:
        message = f"{path}: no variable joints"
        raise InputError(message)
    joints, visible = _from_layout(np.asarray(content["joints"]), path)
    lost = visible & ~np.isfinite(joints).all(axis=2)
    if lost.any():
        image, joint = np.argwhere(lost)[0].tolist()
        message = f"{path}: visible joints are no numbers (joint {joint + 1} of image {image + 1})"
        raise InputError(message)
    found = {}
    for image in sorted((folder / "images").glob("im*")):
        if match := _IMAGE.fullmatch(image.name):
            found[int(match[1])] = image
    return LspSet(folder, joints + _TO_CONTINUOUS, visible, found)


def _from_layout(
    raw: NDArray[np.generic], path: Path
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    # MATLAB drops the last axis of a single image.
    values = raw[..., None] if raw.ndim == 2 else raw
    shape = values.shape[:2] if values.ndim == 3 and values.dtype.kind in "iuf" else None
    if shape == (3, LSP_JOINTS):
        by_image = values.transpose(2, 1, 0).astype(np.float64)
        return by_image[..., :2], by_image[..., 2] == 0
    if shape == (LSP_JOINTS, 3):
        by_image = values.transpose(2, 0, 1).astype(np.float64)
        return by_image[..., :2], by_image[..., 2] != 0
    message = (
        f"{path}: joints {raw.dtype} {raw.shape}, expected numbers 3 x {LSP_JOINTS} x N (LSP) "
        f"or {LSP_JOINTS} x 3 x N (LSP-extended)"
    )
    raise InputError(message)
