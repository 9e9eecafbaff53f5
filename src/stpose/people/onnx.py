"""People by an ONNX network of the YOLOX or FastestDet family through OpenCV."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.people.detections import FAINT, OVERLAP, Detections, Detector, Image, keep_best

PERSON = 5
COLUMNS = (85, 6)
# ONNX files carry their input size, but OpenCV does not tell it: the usual ones are tried.
YOLOX_SIZES = (416, 640)
YOLOX_STRIDES = (8, 16, 32)
YOLOX_FILL = 114
FASTESTDET_SIZE = 352


class YoloxDetector:
    """YOLOX: the picture in the upper left corner of a square, BGR values 0 to 255.

    Output rows (1, N, columns) are raw: centre offsets in cells, logarithms of sizes in strides,
    over three grids one after the other; objectness and class scores are probabilities.
    """

    def __init__(
        self, net: cv2.dnn.Net, size: int, threshold: float | None, overlap: float | None
    ) -> None:
        """Take a network whose square input has `size` pixels a side."""
        self._net, self._size = net, size
        self._overlap = OVERLAP if overlap is None else overlap
        self._cells, self._strides = yolox_grid(size)
        self.threshold = 0.3 if threshold is None else threshold
        self._least = self.threshold * FAINT

    def detect(self, image: Image) -> Detections:
        """Find the people in a BGR picture."""
        height, width = image.shape[:2]
        scale = min(self._size / width, self._size / height)
        inner = (max(1, int(width * scale)), max(1, int(height * scale)))
        square = np.full((self._size, self._size, 3), YOLOX_FILL, np.uint8)
        square[: inner[1], : inner[0]] = cv2.resize(image, inner)
        self._net.setInput(cv2.dnn.blobFromImage(square))
        rows = np.asarray(self._net.forward())[0]
        centre = (rows[:, :2] + self._cells) * self._strides
        half = np.exp(rows[:, 2:4]) * self._strides / 2
        boxes = np.concatenate([centre - half, centre + half], axis=1) / scale
        scores = rows[:, 4] * rows[:, PERSON]
        return keep_best(boxes, scores, (width, height), self._least, self._overlap)


class FastestDetDetector:
    """FastestDet: the picture stretched to 352 x 352, BGR values 0 to 1.

    Output (1, columns, rows, cells): objectness, offsets (tanh gives cells), sizes (sigmoid
    gives fractions of the picture), class probabilities.
    """

    def __init__(self, net: cv2.dnn.Net, threshold: float | None, overlap: float | None) -> None:
        """Take a network that was read."""
        self._net = net
        self._overlap = OVERLAP if overlap is None else overlap
        self.threshold = 0.55 if threshold is None else threshold
        self._least = self.threshold * FAINT

    def detect(self, image: Image) -> Detections:
        """Find the people in a BGR picture."""
        height, width = image.shape[:2]
        side = (FASTESTDET_SIZE, FASTESTDET_SIZE)
        small = cv2.resize(image, side, interpolation=cv2.INTER_AREA)
        self._net.setInput(cv2.dnn.blobFromImage(small, 1 / 255))
        answer = np.asarray(self._net.forward())[0].astype(np.float64)
        grid = answer.shape[1:]
        row, column = np.indices(grid)
        centre_x = (column + np.tanh(answer[1])) / grid[1] * width
        centre_y = (row + np.tanh(answer[2])) / grid[0] * height
        half_x = width / (1 + np.exp(-answer[3])) / 2
        half_y = height / (1 + np.exp(-answer[4])) / 2
        sides = (centre_x - half_x, centre_y - half_y, centre_x + half_x, centre_y + half_y)
        boxes = np.stack(sides, axis=-1).reshape(-1, 4)
        scores = answer[0] ** 0.6 * answer[PERSON] ** 0.4
        return keep_best(boxes, scores, (width, height), self._least, self._overlap)


def open_onnx(
    weights: Path, threshold: float | None = None, overlap: float | None = None
) -> Detector:
    """Read an ONNX network and recognise its family by the shape of its output.

    Args:
        weights: The `.onnx` file.
        threshold: Score of a person; None takes the one that suits the family.
        overlap: Largest overlap of two people; None for the usual one.

    Raises:
        InputError: The file is no ONNX network, or of neither family.
    """
    try:
        net = cv2.dnn.readNetFromONNX(str(weights))
    except cv2.error as error:
        message = f"people.weights: {weights} is no whole ONNX network ({error.err})"
        raise InputError(message) from error
    found = []
    for size in (*YOLOX_SIZES, FASTESTDET_SIZE):
        shape = _output_shape(net, size)
        rows = sum((size // stride) ** 2 for stride in YOLOX_STRIDES)
        if len(shape) == 3 and shape[1] == rows and shape[2] in COLUMNS:
            return YoloxDetector(net, size, threshold, overlap)
        if size == FASTESTDET_SIZE and len(shape) == 4 and shape[1] in COLUMNS:
            return FastestDetDetector(net, threshold, overlap)
        found.append(f"{shape} at {size} px" if shape else f"none at {size} px")
    message = (
        f"people.weights: {weights} has outputs {', '.join(found)}; expected YOLOX "
        "(1, 3549, 85 or 6) at 416 px, (1, 8400, 85 or 6) at 640 px, "
        "or FastestDet (1, 85 or 6, 22, 22) at 352 px"
    )
    raise InputError(message)


def yolox_grid(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the cell (N, 2: x, y) and stride (N, 1) of every output row of YOLOX.

    Args:
        size: Side of the square input (px).
    """
    cells, strides = [], []
    for stride in YOLOX_STRIDES:
        side = size // stride
        row, column = np.indices((side, side))
        cells.append(np.stack([column, row], axis=-1).reshape(-1, 2))
        strides.append(np.full((side * side, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _output_shape(net: cv2.dnn.Net, size: int) -> tuple[int, ...]:
    net.setInput(np.zeros((1, 3, size, size), np.float32))
    level = cv2.utils.logging.getLogLevel()
    # A size that does not fit is an answer here, not an error to be logged.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        return tuple(np.asarray(net.forward()).shape)
    except cv2.error:
        return ()
    finally:
        cv2.utils.logging.setLogLevel(level)
