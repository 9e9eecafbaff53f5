"""What the commands that look at new pictures share: where the people in them are."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.cli.evaluate.settings import checked_settings
from stpose.errors import InputError
from stpose.people.choose import open_detector
from stpose.people.detections import Detector
from stpose.settings.people import PeopleSettings

Image = NDArray[np.uint8]
Box = tuple[float, float, float, float]


def chosen_detector(name: str, weights: Path | None, network: str | None) -> Detector | None:
    """Return the detector that the options ask for; None for "none".

    Raises:
        InputError: There is no such detector, or a file that it needs is missing.
    """
    if name == "none":
        return None
    if name == "precomputed":
        message = "detector: found 'precomputed', expected one that looks at pictures, or none"
        raise InputError(message)
    values = {
        "detector": name,
        "weights": None if weights is None else str(weights),
        "network": network,
    }
    return open_detector(checked_settings(PeopleSettings, values))


def people_in(image: Image, detector: Detector) -> list[Box]:
    """Return the boxes of the people in an RGB picture, the surest first."""
    found = detector.detect(np.ascontiguousarray(image[..., ::-1]))
    order = np.argsort(-found.scores, kind="stable")
    boxes = [tuple(float(side) for side in found.boxes[row]) for row in order]
    return [(x1, y1, x2, y2) for x1, y1, x2, y2 in boxes]
