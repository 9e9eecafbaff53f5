"""People by OpenCV's histogram of gradients: nothing to download, upright people only."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.geometry import box_area
from stpose.people.detections import OVERLAP, Detections, Image, keep_best

# The classifier's window is 64 x 128 px around a person of about 96 px (Dalal and Triggs 2005).
WINDOW = (64, 128)
PERSON_IN_WINDOW = 96
# Pictures are resized so that the smallest person looked for has the classifier's size: 60 px,
# or a fifth of the picture's height if that is more, which bounds the cost of large pictures.
SMALLEST_PERSON = 60
SMALLEST_SHARE = 0.2
STRIDE = (8, 8)
PADDING = (8, 8)
SCALE_STEP = 1.05
# Shares of a window that surround the person: medians on windows that a stronger detector
# confirmed, where the person stood free and upright.
MARGIN_SIDES, MARGIN_TOP, MARGIN_BOTTOM = 0.2, 0.1, 0.13
# The classifier's margin, as a probability: a logistic curve through how often windows of that
# margin held a person in ordinary footage.
SLOPE, EVEN_ODDS = 2.5, 1.0
THRESHOLD, FAINT = 0.45, 0.5
# A box of which this share lies in a larger one is taken for a part of that person.
PART = 0.6


class HogDetector:
    """OpenCV's default people detector, with its windows shrunk to the person."""

    def __init__(self, threshold: float | None = None, overlap: float | None = None) -> None:
        """Set up the classifier.

        Args:
            threshold: Score of a person; None for the detector's own.
            overlap: Largest overlap of two people; None for the detector's own.

        Raises:
            InputError: This OpenCV has no HOG detector.
        """
        if not hasattr(cv2, "HOGDescriptor"):
            message = (
                f"people.detector: OpenCV {cv2.__version__} has no HOG detector, "
                "expected OpenCV 4 or another people.detector"
            )
            raise InputError(message)
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(np.asarray(cv2.HOGDescriptor.getDefaultPeopleDetector()))
        self.threshold = THRESHOLD if threshold is None else threshold
        self._least = self.threshold * FAINT
        self._overlap = OVERLAP if overlap is None else overlap

    def detect(self, image: Image) -> Detections:
        """Find the people in a BGR picture."""
        height, width = image.shape[:2]
        scale = PERSON_IN_WINDOW / max(SMALLEST_PERSON, SMALLEST_SHARE * height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        if size[0] + 2 * PADDING[0] < WINDOW[0] or size[1] + 2 * PADDING[1] < WINDOW[1]:
            return Detections.none()
        way = cv2.INTER_LINEAR if scale > 1 else cv2.INTER_AREA
        windows, margins = self._hog.detectMultiScale(
            cv2.resize(image, size, interpolation=way),
            hitThreshold=EVEN_ODDS + float(np.log(self._least / (1 - self._least))) / SLOPE,
            winStride=STRIDE,
            padding=PADDING,
            scale=SCALE_STEP,
            groupThreshold=0,
        )
        window = np.asarray(windows, dtype=np.float64).reshape(-1, 4)
        scores = 1 / (1 + np.exp(-SLOPE * (np.asarray(margins).reshape(-1) - EVEN_ODDS)))
        stretch = [width / size[0], height / size[1]]
        boxes = person_of(window) * [*stretch, *stretch]
        found = keep_best(boxes, scores, (width, height), self._least, self._overlap)
        return without_parts(found)


def without_parts(found: Detections) -> Detections:
    """Drop boxes that lie for the most part in a larger one, best first as before.

    The classifier takes legs or a torso for a smaller person within a person, and sometimes
    likes it better.
    """
    boxes, area = found.boxes, box_area(found.boxes)
    kept: list[int] = []
    for index in np.argsort(-area, kind="stable").tolist():
        low = np.maximum(boxes[index, :2], boxes[kept, :2])
        high = np.minimum(boxes[index, 2:], boxes[kept, 2:])
        shared = np.clip(high - low, 0, None).prod(axis=1)
        if not (shared > PART * area[index]).any():
            kept.append(index)
    kept.sort()
    return Detections(boxes[kept], found.scores[kept])


def person_of(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the people's boxes (N, 4) as x1, y1, x2, y2 of windows (N, 4) x, y, width, height."""
    left, top, wide, high = windows.T
    return np.stack(
        [
            left + MARGIN_SIDES * wide,
            top + MARGIN_TOP * high,
            left + (1 - MARGIN_SIDES) * wide,
            top + (1 - MARGIN_BOTTOM) * high,
        ],
        axis=1,
    )
