"""What a motion is, and the variations that motions share."""

from dataclasses import dataclass

import numpy as np

from stpose.demo.skeleton import FloatArray

Angles = dict[str, FloatArray]


@dataclass(frozen=True)
class Performance:
    """A motion as one person performs it.

    Attributes:
        angles: Joint angles over time, see `pose_body`; `yaw` is relative to `heading`.
        heading: Degrees by which the person is turned away from facing the camera.
        speed: Metres a second along the heading.
        prop: What is in the hands: "", "ball" or "barbell".
        release: Frame in which the prop leaves the hand; `frames` if never.
    """

    angles: Angles
    heading: float
    speed: float = 0.0
    prop: str = ""
    release: int = 0


def phase_of(rng: np.random.Generator, time: FloatArray, period: float) -> FloatArray:
    """Return the phase of a cycle in radians, with a slightly varying tempo."""
    wobble = 0.25 * np.sin(2 * np.pi * time / rng.uniform(2.5, 4.0) + rng.uniform(0, 6.28))
    return 2 * np.pi * (time / period + rng.uniform()) + wobble


def size_of(rng: np.random.Generator, time: FloatArray) -> FloatArray:
    """Return how large each moment's movement is, around 1."""
    slow = np.sin(2 * np.pi * time / rng.uniform(1.5, 3.0) + rng.uniform(0, 6.28))
    return rng.uniform(0.9, 1.1) * (1 + 0.05 * slow)


def mirrored(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a heading between two angles, to the left or to the right."""
    return float(rng.uniform(low, high) * rng.choice([-1.0, 1.0]))


def both(limb: str, values: FloatArray) -> Angles:
    """Return the same angles for the left and the right."""
    return {f"left_{limb}": values, f"right_{limb}": values}
