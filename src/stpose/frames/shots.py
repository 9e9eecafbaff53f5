"""Shots: where one take ends and the next begins."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect.common import FrameTimecode
from scenedetect.detectors import ContentDetector

_LONGEST_SIDE = 256
# The detector compares frame numbers only; the rate is asked for but plays no part.
_ANY_RATE = 25.0


class ShotCounter:
    """Numbers the shots of a video that is fed to it frame by frame.

    PySceneDetect's ContentDetector on small frames, brightness only: its distance of hues is not
    circular and takes grey for red, and so mistakes fast pans for cuts. On 549 J-HMDB clips and
    300 pairs of them put end to end, brightness tells cuts from motion best. Its adaptive
    detector stumbles over videos that repeat frames. Every cut counts, however soon after the
    last: a flash of light makes a shot of its own.
    """

    def __init__(self, threshold: float) -> None:
        """Begin at shot 0.

        Args:
            threshold: Mean change of brightness (0 to 255) between two frames that is a cut.
        """
        self._detector = ContentDetector(threshold=threshold, min_scene_len=0, luma_only=True)
        self._frames = 0
        self._shot = 0

    def shot_of(self, image: NDArray[np.uint8]) -> int:
        """Return the number of the shot to which the next frame (BGR) belongs."""
        factor = _LONGEST_SIDE / max(image.shape[:2])
        if factor < 1:
            height, width = (max(1, round(side * factor)) for side in image.shape[:2])
            image = np.asarray(
                cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8
            )
        cuts = self._detector.process_frame(FrameTimecode(self._frames, _ANY_RATE), image)
        self._frames += 1
        self._shot += bool(cuts)
        return self._shot
