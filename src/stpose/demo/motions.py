"""What the people of the demo can do, by name."""

from collections.abc import Callable

import numpy as np

from stpose.demo.cycles import jumping_jacks, running, squats, walking
from stpose.demo.performance import Performance
from stpose.demo.sequences import lift, spin, throws
from stpose.demo.skeleton import FloatArray


def perform(motion: str, rng: np.random.Generator, frames: int, fps: float) -> Performance:
    """Let a motion of `stpose.demo.plan.MOTIONS` be performed, with its variations drawn."""
    return _MOTIONS[motion](rng, np.arange(frames) / fps)


_MOTIONS: dict[str, Callable[[np.random.Generator, FloatArray], Performance]] = {
    "running": running,
    "walking": walking,
    "jumping_jacks": jumping_jacks,
    "squats": squats,
    "throws": throws,
    "lift": lift,
    "spin": spin,
}
