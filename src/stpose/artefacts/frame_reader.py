"""Reading of frames by the other stages: one by one, or any by its number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import FRAMES
from stpose.artefacts.status import Status
from stpose.artefacts.stores import StoreReader, open_store
from stpose.errors import ArtefactError


@dataclass(frozen=True)
class Frame:
    """A stored frame.

    Attributes:
        number: Source frame number, 0-based.
        time: Time in the source (s).
        shot: Number of the shot; it grows by one at each cut.
        image: Upright picture (stored height, stored width, 3), BGR.
    """

    number: int
    time: float
    shot: int
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class FrameReader:
    """Reads the frames of one video; made by `open_frames`. `len` is their number."""

    store: StoreReader

    @property
    def status(self) -> Status:
        """How the video fared."""
        return self.store.status

    @property
    def attributes(self) -> dict[str, Any]:
        """Further values: fps, width, height, stored_width, stored_height, stride, ..."""
        return self.store.attributes

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """Source frame numbers (n,), rising."""
        return np.asarray(self.store["frame"], dtype=np.int64)

    @cached_property
    def times(self) -> NDArray[np.float64]:
        """Times in the source (n,), s, rising."""
        return np.asarray(self.store["time"], dtype=np.float64)

    @cached_property
    def shots(self) -> NDArray[np.int32]:
        """Shot numbers (n,)."""
        return np.asarray(self.store["shot"], dtype=np.int32)

    @property
    def scale(self) -> tuple[float, float]:
        """Stored pixels in a source pixel, along x and y; at most 1."""
        has = self.attributes
        return has["stored_width"] / has["width"], has["stored_height"] / has["height"]

    def __len__(self) -> int:
        """Return the number of stored frames."""
        return len(self.store)

    def __iter__(self) -> Iterator[Frame]:
        """Decode one frame after the other."""
        return (self._frame(row) for row in range(len(self)))

    def at(self, number: int) -> Frame:
        """Return the frame with a source frame number.

        Raises:
            KeyError: That frame is not stored.
            ArtefactError: Its bytes are damaged.
        """
        row = int(np.searchsorted(self.numbers, number))
        if row == len(self) or self.numbers[row] != number:
            message = f"{self.store.path}: holds no frame {number}"
            raise KeyError(message)
        return self._frame(row)

    def _frame(self, row: int) -> Frame:
        encoded = np.frombuffer(self.store.encoded("image", row), dtype=np.uint8)
        image = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if len(encoded) else None
        number = int(self.numbers[row])
        if image is None:
            message = f"{self.store.path}: frame {number} is no picture"
            raise ArtefactError(message)
        pixels = np.asarray(image, dtype=np.uint8)
        return Frame(number, float(self.times[row]), int(self.shots[row]), pixels)


@contextmanager
def open_frames(path: Path) -> Iterator[FrameReader]:
    """Open the frames of a video.

    Raises:
        ArtefactError: The file is missing, truncated, or holds something else.
    """
    with open_store(path, FRAMES) as store:
        yield FrameReader(store)
