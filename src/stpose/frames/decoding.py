"""Decoding: the one way in which a video file becomes frames."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.frames.clock import Clock
from stpose.frames.messages import NativeMessages

Image = NDArray[np.uint8]

# After the end every further attempt fails at once; within a damaged stretch each failed attempt
# is one lost frame, so that a limit on failures in a row bounds both.
_FAILURES_IN_A_ROW = 50
_HIGHEST_FPS = 1000.0
_ASSUMED_FPS = 25.0


@dataclass(frozen=True)
class DecodedFrame:
    """A frame as it comes from the decoder.

    Attributes:
        number: Source frame number, 0-based; frames that were lost have numbers too.
        time: Time in the source (s), larger than that of the frame before.
        image: Upright picture (height, width, 3), BGR.
    """

    number: int
    time: float
    image: Image


@dataclass
class VideoDecoder:
    """Decodes one video, frame by frame; made by `open_video`.

    Attributes:
        fps: Nominal frame rate; 0 when the container gives none that makes sense.
        announced: Frames that the container announces; 0 when it does not say.
        rotation: Clockwise turn (degrees) that the metadata ask for and the frames have had.
        decoded: Frames given out so far.
        lost: Damaged frames that were passed over so far.
    """

    capture: cv2.VideoCapture
    messages: NativeMessages
    decoded: int = 0
    lost: int = 0
    fps: float = field(init=False)
    announced: int = field(init=False)
    rotation: int = field(init=False)
    _clock: Clock = field(init=False)
    _resized: int = 0

    def __post_init__(self) -> None:
        """Read what the container says of itself."""
        rate = self.capture.get(cv2.CAP_PROP_FPS)
        count = self.capture.get(cv2.CAP_PROP_FRAME_COUNT)
        turn = self.capture.get(cv2.CAP_PROP_ORIENTATION_META)
        self.fps = rate if 0 < rate <= _HIGHEST_FPS else 0.0
        self.announced = int(count) if 0 < count < 2**53 else 0
        self.rotation = round(turn) % 360 if math.isfinite(turn) else 0
        self._clock = Clock(self.fps or _ASSUMED_FPS)

    def __iter__(self) -> Iterator[DecodedFrame]:
        """Give out the frames in order; ends at the end, or where nothing more can be decoded.

        Frames of another size than the first are resized to it. (OpenCV's FFmpeg decoder does so
        by itself and tells nobody, so that there is no warning about these.)
        """
        number = -1
        failures = 0
        size: tuple[int, int] | None = None
        while failures < _FAILURES_IN_A_ROW:
            image = self._next()
            if image is None:
                failures += 1
                continue
            number += 1 + failures
            self.lost += failures
            failures = 0
            height, width = image.shape[:2]
            size = size or (width, height)
            if (width, height) != size:
                image = resize(image, *size)
                self._resized += 1
            time = self._clock.tick(number, self.capture.get(cv2.CAP_PROP_POS_MSEC))
            self.decoded += 1
            yield DecodedFrame(number, time, image)

    def _next(self) -> Image | None:
        with self.messages.captured():
            try:
                came, image = self.capture.read()
            except cv2.error:
                return None
        return np.asarray(image, dtype=np.uint8) if came and image.size else None

    def warnings(self) -> list[str]:
        """Return sentences on what was odd about the video, once it is decoded."""
        found = []
        missing = self.announced - self.decoded
        # Counts that are computed from a duration may be off by one or so.
        if missing > max(1, self.announced // 100):
            found.append(f"{self.announced} frames announced, {self.decoded} came")
        if self.lost:
            found.append(f"damaged frames passed over: {self.lost}")
        if self._resized:
            found.append(f"frames of another size, resized to that of the first: {self._resized}")
        if self._clock.replaced:
            rate = f"{self._clock.fps:g} frames/s"
            found.append(f"times counted at {rate} for lack of timestamps: {self._clock.replaced}")
        said = self.messages.lines()
        if said:
            more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
            found.append(f"the decoder said: {said[0]}{more}")
        return found


class NoFramesError(InputError):
    """A file is a video container, but no frame is to be found in it."""


@contextmanager
def open_video(path: Path) -> Iterator[VideoDecoder]:
    """Open a video for decoding, in one thread and with nothing written to standard error.

    Raises:
        NoFramesError: It is a container without a single frame.
        InputError: It cannot be opened; the message is the reason, without the path.
    """
    with NativeMessages() as messages, _plain_name(path) as name:
        # One thread: the workflow works on several videos at once, and the decoder's messages
        # come while their frame is being decoded.
        with messages.captured():
            capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        try:
            if not capture.isOpened():
                raise _why_not_opened(path, messages)
            capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
            yield VideoDecoder(capture, messages)
        finally:
            with messages.captured():
                capture.release()


@contextmanager
def _plain_name(path: Path) -> Iterator[str]:
    """Give an absolute name (one that cannot be taken for the address of a stream) in UTF-8.

    OpenCV crashes on other names, so that they are reached through a link.
    """
    name = str(path.absolute())
    try:
        name.encode()
    except UnicodeEncodeError:
        with TemporaryDirectory() as folder:
            link = Path(folder) / f"video{path.suffix.encode('ascii', 'ignore').decode()}"
            link.symlink_to(path.absolute())
            yield str(link)
    else:
        yield name


def _why_not_opened(path: Path, messages: NativeMessages) -> InputError:
    said = messages.lines()
    if said:
        return InputError(f"OpenCV cannot open it: {'; '.join(said[:3])}")
    with path.open("rb") as file:
        start = file.read(8)
    # MP4 and QuickTime, Matroska and WebM, AVI: FFmpeg says nothing if one holds no frames.
    if start[4:] in (b"ftyp", b"moov", b"wide") or start[:4] in (b"\x1aE\xdf\xa3", b"RIFF"):
        return NoFramesError("a container in which no frame can be found")
    return InputError("OpenCV cannot open it: not in a format that it knows")


def resize(image: Image, width: int, height: int) -> Image:
    """Return the picture at another size (px), averaged over pixels where it shrinks."""
    shrinks = width * height < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=method), dtype=np.uint8)
