"""Frame lists, boxes and frames of the posture benchmark, as published for Olympic Sports.

- `image_pathes/imagePaths_CATEGORY.txt`: line i, from 0, is the frame with id i, written as
  `./SEQUENCE/I00012.png`. Numbers need not start at 0 and may have gaps, so neither the line
  nor the rank in the sequence is the number.
- `bboxes/CATEGORY/SEQUENCE.bb`: a line `index xmin ymin xmax ymax` a frame; the index is the
  number in the file name plus 1, and coordinates are pixels counted from 1.
- `frames/CATEGORY/SEQUENCE/I00012.png` (or .jpg): the frames, if one has them.

Names of sequences may begin with `-`.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError

# A sequence is a folder of the category: "..", which would lead out of it, is none.
_FRAME = re.compile(
    r"(?:\./)?(?!\.\.?/)(?P<sequence>[^/\0]+)/(?P<stem>[^/\d\0]*(?P<number>[0-9]{1,15}))\.\w+"
)
_LARGEST = 1e9  # no frame and no pixel has such a number
_ENDINGS = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class FrameList:
    """The F frames of a category; the frame id is the index.

    Attributes:
        category: Its name.
        sequences: Names of its sequences.
        sequence: (F,) index into `sequences`.
        number: (F,) number in the file's name.
        paths: F times sequence/file without ending.
        boxes: (F, 4) xmin, ymin, xmax, ymax as published: pixels from 1, both ends inside.
    """

    category: str
    sequences: tuple[str, ...]
    sequence: NDArray[np.int64]
    number: NDArray[np.int64]
    paths: tuple[str, ...]
    boxes: NDArray[np.float64]

    def aspect(self) -> NDArray[np.float64]:
        """Return log(width / height) (F,), with width xmax - xmin and height likewise."""
        width = self.boxes[:, 2] - self.boxes[:, 0]
        height = self.boxes[:, 3] - self.boxes[:, 1]
        return np.asarray(np.log(width / height))

    def time(self) -> NDArray[np.float64]:
        """Return each frame's rank in its sequence over the length less one (F,), 0 to 1."""
        order = np.lexsort((self.number, self.sequence))
        lengths = np.bincount(self.sequence, minlength=len(self.sequences))
        starts = np.cumsum(lengths) - lengths
        ranks = np.empty(len(order))
        ranks[order] = np.arange(len(order)) - starts[self.sequence[order]]
        return np.asarray(ranks / np.maximum(lengths - 1, 1)[self.sequence])

    def regions(self) -> NDArray[np.float64]:
        """Return the boxes (F, 4) in the project's convention: from 0, x2 and y2 exclusive."""
        return np.asarray(self.boxes - np.array([1.0, 1.0, 0.0, 0.0]), dtype=np.float64)


def read_frames(folder: Path, category: str) -> FrameList:
    """Read the frame list of a category and the boxes of all its sequences.

    Args:
        folder: The data folder.
        category: Name of the category.

    Raises:
        InputError: A file is missing, a line has another form, a frame is listed twice, has no
            box, or a box without extent.
    """
    path = folder / "image_pathes" / f"imagePaths_{category}.txt"
    lines = [line.strip() for line in _text(path).splitlines()]
    found = [_FRAME.fullmatch(line) for line in lines if line]
    if not found or None in found:
        number = found.index(None) + 1 if found else 1
        message = f"{path}: line {number}, expected ./SEQUENCE/I00012.png"
        raise InputError(message)
    names = [match["sequence"] for match in found if match]
    sequences = tuple(dict.fromkeys(names))
    index = {name: position for position, name in enumerate(sequences)}
    sequence = np.array([index[name] for name in names], dtype=np.int64)
    numbers = np.array([int(match["number"]) for match in found if match], dtype=np.int64)
    paths = tuple(f"{match['sequence']}/{match['stem']}" for match in found if match)
    if len(set(zip(names, numbers.tolist(), strict=True))) < len(paths):
        message = f"{path}: lists a frame twice, expected every frame once"
        raise InputError(message)
    boxes = np.empty((len(paths), 4))
    for position, name in enumerate(sequences):
        rows = np.flatnonzero(sequence == position)
        boxes[rows] = _read_boxes(folder / "bboxes" / category / f"{name}.bb", numbers[rows])
    return FrameList(category, sequences, sequence, numbers, paths, boxes)


def has_frames(folder: Path) -> bool:
    """Tell whether the data folder holds frames, not labels and boxes alone."""
    return (folder / "frames").is_dir()


def read_frame(folder: Path, frames: FrameList, frame: int) -> NDArray[np.uint8]:
    """Read a frame as BGR (H, W, 3).

    Raises:
        InputError: It is missing or unreadable.
    """
    stem = PurePosixPath(frames.paths[frame])
    known = folder / "frames" / frames.category
    for ending in _ENDINGS:
        path = known / f"{stem}{ending}"
        if path.is_file():
            image = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
            if image is None:
                message = f"{path}: unreadable, expected a picture"
                raise InputError(message)
            return np.asarray(image, dtype=np.uint8)
    message = f"{known / stem}.png: no such frame (nor .jpg), though it is labelled"
    raise InputError(message)


def _read_boxes(path: Path, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the boxes (n, 4) of the frames with these numbers in their file names."""
    rows = [line.split() for line in _text(path).splitlines() if line.strip()]
    try:
        table = np.array(rows, dtype=np.float64).reshape(len(rows), 5)
    except ValueError as error:
        message = f"{path}: expected lines of five numbers: index xmin ymin xmax ymax"
        raise InputError(message) from error
    if not (np.abs(table) < _LARGEST).all() or (table[:, 0] != np.round(table[:, 0])).any():
        message = f"{path}: holds no numbers of frames and pixels"
        raise InputError(message)
    box_of = {int(row[0]) - 1: row[1:] for row in table}
    if len(box_of) < len(table):
        message = f"{path}: two boxes of one frame, expected one"
        raise InputError(message)
    missing = [number for number in numbers.tolist() if number not in box_of]
    if missing:
        message = (
            f"{path}: no box for frame I{missing[0]:05d} (index {missing[0] + 1}), "
            f"{len(missing)} of {len(numbers)} listed frames have none"
        )
        raise InputError(message)
    boxes = np.array([box_of[number] for number in numbers.tolist()])
    flat = (boxes[:, 2] <= boxes[:, 0]) | (boxes[:, 3] <= boxes[:, 1])
    if flat.any():
        worst = int(np.argmax(flat))
        message = f"{path}: index {numbers[worst] + 1}: box {boxes[worst]} has no extent"
        raise InputError(message)
    return boxes


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        message = f"{path}: no such file"
        raise InputError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: not a text file"
        raise InputError(message) from error
