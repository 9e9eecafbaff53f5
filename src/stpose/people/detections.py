"""What a detector of people answers, and the thinning out of overlapping boxes."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

# Detectors answer boxes down to this share of their threshold: in ByteTrack's manner these carry
# on a track through frames in which the person is hard to see.
FAINT = 2 / 3
# Largest overlap of two people, unless a detector has its own.
OVERLAP = 0.45


@dataclass(frozen=True)
class Detections:
    """People in one picture, best first.

    Attributes:
        boxes: (N, 4) float32, x1, y1, x2, y2 (px, x2 and y2 are exclusive edges).
        scores: (N,) float32 in [0, 1], falling.
    """

    boxes: Floats
    scores: Floats

    @classmethod
    def none(cls) -> "Detections":
        """Return the answer for a picture without people."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.boxes)

    def scaled(self, factor_x: float, factor_y: float) -> "Detections":
        """Return the same people in a picture that is this much wider and higher."""
        factors = np.array([factor_x, factor_y, factor_x, factor_y], dtype=np.float64)
        return Detections((self.boxes * factors).astype(np.float32), self.scores)


class Detector(Protocol):
    """Finds people in pictures.

    Attributes:
        threshold: The score from which on a box is taken for a person. `detect` may answer
            weaker boxes too: they can carry on a track, but not begin one.
    """

    @property
    def threshold(self) -> float:
        """Score from which on a box is taken for a person."""

    def detect(self, image: Image) -> Detections:
        """Find the people in a picture.

        Args:
            image: (H, W, 3) BGR uint8, of any size.

        Returns:
            Boxes in the picture's pixels, inside the picture.
        """


def keep_best(
    boxes: ArrayLike,
    scores: ArrayLike,
    size: tuple[int, int],
    threshold: float,
    overlap: float,
) -> Detections:
    """Turn a network's many candidates into people: threshold, thin out, cut to the picture.

    Greedy non-maximum suppression: of boxes that overlap by more than `overlap` only the one
    with the highest score stays.

    Args:
        boxes: Candidates (N, 4) as x1, y1, x2, y2 (px); may reach beyond the picture.
        scores: Their scores (N,).
        size: Width and height of the picture (px).
        threshold: Candidates with a lower score are dropped; above 0.
        overlap: Largest intersection over union of two boxes that both stay.
    """
    box = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    score = np.asarray(scores, dtype=np.float64).reshape(-1)
    box = np.clip(box, 0, [size[0], size[1], size[0], size[1]])
    extent = box[:, 2:] - box[:, :2]
    usable = np.isfinite(box).all(axis=1) & (extent >= 1).all(axis=1) & (score >= threshold)
    box, score, extent = box[usable], score[usable], extent[usable]
    if not len(box):
        return Detections.none()
    corners = np.concatenate([box[:, :2], extent], axis=1)
    # The threshold was applied above; OpenCV's own is exclusive, and all scores are above 0.
    order = np.asarray(cv2.dnn.NMSBoxes(corners.tolist(), score.tolist(), 0.0, overlap))
    chosen = order.reshape(-1).astype(np.int64)
    return Detections(box[chosen].astype(np.float32), score[chosen].astype(np.float32))
