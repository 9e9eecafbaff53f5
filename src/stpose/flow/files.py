"""Reading and writing flow: Middlebury's .flo and KITTI's 16-bit PNG.

Formats: the README of the Middlebury flow code (flow-code), and the development kit of the KITTI
stereo and flow benchmark.
"""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.files import replace_atomically
from stpose.errors import InputError
from stpose.flow.error import known_pixels

UNKNOWN = np.float32(1.6666668e9)

_MAGIC = b"PIEH"
_KITTI_STEPS = 64.0
_KITTI_ZERO = 32768


def read_flow(path: Path) -> NDArray[np.float32]:
    """Read a flow by the ending of its name.

    Args:
        path: A .flo or KITTI .png file.

    Returns:
        (height, width, 2), px; `UNKNOWN` where it is not known.

    Raises:
        InputError: The file is missing, truncated, of another format, or of an unknown ending.
    """
    path = Path(path)
    if path.suffix not in (".flo", ".png"):
        message = f"{path}: ends in {path.suffix!r}, expected .flo or .png"
        raise InputError(message)
    if not path.is_file():
        message = f"{path}: no such file"
        raise InputError(message)
    return _read_flo(path) if path.suffix == ".flo" else _read_kitti(path)


def write_flow_file(path: Path, flow: NDArray[Any]) -> None:
    """Write a flow by the ending of its name: whole, or not at all.

    KITTI's PNG holds steps of 1/64 px from -512 to 511.98 px; .flo holds float32.

    Args:
        path: A .flo or .png file.
        flow: (height, width, 2), px; numbers above 1e9 or NaN where it is not known.

    Raises:
        InputError: The ending is unknown, the flow is of another shape or out of KITTI's range.
    """
    path = Path(path)
    if flow.ndim != 3 or flow.shape[2] != 2 or flow.size == 0:
        message = f"{path}: flow of shape {flow.shape}, expected (height, width, 2)"
        raise InputError(message)
    match path.suffix:
        case ".flo":
            content = _flo_bytes(flow)
        case ".png":
            content = _kitti_bytes(path, flow)
        case other:
            message = f"{path}: ends in {other!r}, expected .flo or .png"
            raise InputError(message)
    with replace_atomically(path) as temporary:
        temporary.write_bytes(content)


def _read_flo(path: Path) -> NDArray[np.float32]:
    content = path.read_bytes()
    if content[:4] != _MAGIC:
        message = f"{path}: begins with {content[:4]!r}, expected {_MAGIC!r} of a .flo file"
        raise InputError(message)
    if len(content) < 12:
        message = f"{path}: {len(content)} bytes, expected a header of 12"
        raise InputError(message)
    width, height = (int(side) for side in np.frombuffer(content, "<i4", 2, 4))
    wanted = 12 + 8 * width * height
    if width < 1 or height < 1 or len(content) != wanted:
        message = f"{path}: {len(content)} bytes, expected {wanted} for {width}x{height} pixels"
        raise InputError(message)
    return np.frombuffer(content, "<f4", offset=12).reshape(height, width, 2).astype(np.float32)


def _flo_bytes(flow: NDArray[Any]) -> bytes:
    height, width = flow.shape[:2]
    values = np.where(known_pixels(flow)[..., None], flow, UNKNOWN).astype("<f4")
    return _MAGIC + np.array([width, height], "<i4").tobytes() + values.tobytes()


def _read_kitti(path: Path) -> NDArray[np.float32]:
    try:
        image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # a size beyond what OpenCV opens
        image = None
    if image is None:
        message = f"{path}: not a PNG, or a damaged one"
        raise InputError(message)
    if image.dtype != np.uint16 or image.ndim != 3 or image.shape[2] != 3:
        found = f"{image.dtype} of shape {image.shape}"
        message = f"{path}: {found}, expected KITTI flow: 16 bits, 3 channels"
        raise InputError(message)
    flow = (image[..., :0:-1].astype(np.float32) - _KITTI_ZERO) / np.float32(_KITTI_STEPS)
    return np.where(image[..., :1] > 0, flow, UNKNOWN).astype(np.float32)


def _kitti_bytes(path: Path, flow: NDArray[Any]) -> bytes:
    known = known_pixels(flow)
    steps = np.rint(np.where(known[..., None], flow, 0) * _KITTI_STEPS) + _KITTI_ZERO
    if steps.min() < 0 or steps.max() > np.iinfo(np.uint16).max:
        longest = float(np.abs(flow[known]).max())
        message = f"{path}: flow of {longest:g} px, expected -512 to 511.98 px in KITTI's PNG"
        raise InputError(message)
    # OpenCV writes the last channel first: u, v, known.
    channels = np.dstack([known, steps[..., 1], steps[..., 0]]).astype(np.uint16)
    return cv2.imencode(".png", channels)[1].tobytes()
