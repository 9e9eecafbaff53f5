"""How a motion map is held in a store: one small grey picture of lengths, roots of them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import ArtefactError

LARGEST_SHARE = 0.1  # of the source's longer side; whatever moves faster counts as this fast
_LEVELS = 255


def encode_motion(magnitude: NDArray[np.floating], side: int, largest: float) -> bytes:
    """Return a map of lengths as a PNG of one byte a pixel.

    A pixel holds the root of its length, so that little motion keeps its differences.

    Args:
        magnitude: (height, width) lengths, 0 or more.
        side: Longer side of the map (px); smaller maps stay as they are.
        largest: Length of the largest byte, in the unit of `magnitude`.
    """
    height, width = magnitude.shape
    factor = min(1.0, side / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(magnitude.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    bytes_ = np.rint(np.sqrt(np.clip(small / largest, 0, 1)) * _LEVELS).astype(np.uint8)
    return cv2.imencode(".png", bytes_)[1].tobytes()


def decode_motion(encoded: bytes, largest: float, source: str) -> NDArray[np.float32]:
    """Return the lengths (height, width) of a map, in the unit of `largest`.

    Raises:
        ArtefactError: The bytes are no picture; `source` says whose they are.
    """
    content = np.frombuffer(encoded, np.uint8)
    picture = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if content.size else None
    if picture is None:
        message = f"{source} cannot be decoded"
        raise ArtefactError(message)
    root = picture.astype(np.float32) / _LEVELS
    lengths: NDArray[np.float32] = (root * root * largest).astype(np.float32)
    return lengths
