"""The motion at every frame of a video, from the flow back to the frame before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.stores import StoreReader
from stpose.errors import ArtefactError
from stpose.flow.parameters import Parameters, TorchParameters
from stpose.flow.solve import optical_flow_batch
from stpose.settings.flow import FlowSettings

FIRST_FRAME = "first frame"
AFTER_CUT = "after a cut"
REPEATED = "repeated frame"

# Two frames are one and the same if no pixel differs by more, grey levels of 255: a repeated
# frame that went through an encoder again differs by its rounding.
_REPEATED_DIFFERENCE = 2


@dataclass(frozen=True)
class Motion:
    """The motion at a frame.

    Attributes:
        frame: Its number in the source.
        scale: Size of the flow's pixels against the source's: x, y, x, y as in a box.
        flow: (height, width, 2) in source px per frame; None if there is none.
        note: Why there is none.
    """

    frame: int
    scale: NDArray[np.float64]
    flow: NDArray[np.float32] | None
    note: str | None


@dataclass(frozen=True)
class _Frame:
    """A frame that is read: beside the one `distance` frames before it, or a note why not."""

    frame: int
    scale: NDArray[np.float64]
    image: NDArray[np.uint8]
    before: NDArray[np.uint8] | None
    distance: int
    note: str | None


def motions(
    frames: StoreReader, parameters: Parameters, settings: FlowSettings
) -> Iterator[Motion]:
    """Yield the motion at every frame of a video.

    Args:
        frames: The video's frames. They are read one at a time, or as many at once as are solved
            together.
        parameters: Of the solver.
        settings: Of the stage.

    Raises:
        ArtefactError: A frame cannot be decoded.
    """
    at_once = settings.batch if isinstance(parameters, TorchParameters) else 1
    waiting: list[_Frame] = []
    for frame in _read(frames, settings.longest_side):
        waiting.append(frame)
        if len(waiting) == at_once:
            yield from _measure(waiting, parameters)
            waiting = []
    yield from _measure(waiting, parameters)


def _read(frames: StoreReader, longest_side: int) -> Iterator[_Frame]:
    """Yield every frame beside the one before it."""
    numbers, shots = frames["frame"], frames["shot"]
    source = np.array([frames.attributes["width"], frames.attributes["height"]], np.float64)
    last: NDArray[np.uint8] | None = None
    for row in tqdm(range(len(frames)), desc="flow", unit="frame", disable=None):
        image, before = _shrink(_decode(frames, row), longest_side), last
        scale = np.array([image.shape[1], image.shape[0]]) / source
        note = None
        if before is None:
            note = FIRST_FRAME
        elif shots[row] != shots[row - 1]:
            note = AFTER_CUT
        elif cv2.absdiff(image, before).max() <= _REPEATED_DIFFERENCE:
            note = REPEATED
        distance = int(numbers[row] - numbers[row - 1]) if row else 0
        before = None if note else before
        yield _Frame(int(numbers[row]), np.tile(scale, 2), image, before, distance, note)
        last = image


def _measure(frames: Sequence[_Frame], parameters: Parameters) -> Iterator[Motion]:
    """Yield the motion at some frames, whose flows are computed together."""
    pairs = [(frame.image, frame.before) for frame in frames if frame.before is not None]
    flows: Iterator[NDArray[np.float32]] = iter(())
    if pairs:
        images, before = zip(*pairs, strict=True)
        flows = iter(optical_flow_batch(images, before, parameters))
    for frame in frames:
        flow = None
        if frame.before is not None:
            pixels = (frame.scale[:2] * frame.distance).astype(np.float32)
            flow = next(flows) / pixels
        yield Motion(frame.frame, frame.scale, flow, frame.note)


def _decode(frames: StoreReader, row: int) -> NDArray[np.uint8]:
    content = np.frombuffer(frames.encoded("image", row), np.uint8)
    image = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if content.size else None
    if image is None:
        message = f"{frames.path}: the image of row {row} cannot be decoded"
        raise ArtefactError(message)
    return np.asarray(image, np.uint8)


def _shrink(image: NDArray[np.uint8], longest_side: int) -> NDArray[np.uint8]:
    height, width = image.shape
    factor = longest_side / max(height, width)
    if factor >= 1:
        return image
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
