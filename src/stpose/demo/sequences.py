"""Motions that happen once, between key postures, and the spin.

The angles are round numbers chosen by eye; `stpose.demo.skeleton.pose_body` says what each means.
"""

import numpy as np
from scipy.interpolate import PchipInterpolator

from stpose.demo.performance import Angles, Performance, both, mirrored
from stpose.demo.skeleton import FloatArray


def _keyed(time: FloatArray, moments: list[float], keys: dict[str, list[float]]) -> Angles:
    """Interpolate angles smoothly between key poses; moments are shares of the whole time."""
    share = time / time[-1]
    return {
        name: np.asarray(PchipInterpolator(moments, values)(share), dtype=np.float64)
        for name, values in keys.items()
    }


def throws(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Throw a ball after a long still start."""
    start = rng.uniform(0.48, 0.56)  # long and still
    moments = [0.0, start, start + 0.16, start + 0.26, start + 0.34, 1.0]
    hand, other = ("right", "left") if rng.uniform() < 0.8 else ("left", "right")
    sign = 1.0 if hand == "right" else -1.0
    much = rng.uniform(0.9, 1.1)
    angles = _keyed(
        time,
        moments,
        {
            f"{hand}_arm_flex": [12, 12, -35, 150 * much, 55, 20],
            f"{hand}_arm_abduct": [8, 8, 88, -12, -5, 8],
            f"{hand}_elbow": [28, 28, 80, 25, 20, 25],
            f"{hand}_arm_rotate": [0, 0, 60, 0, 0, 0],
            f"{other}_arm_flex": [12, 12, 75, 20, -30, 5],
            f"{other}_arm_abduct": [8, 8, 30, 30, 20, 8],
            f"{other}_elbow": [20, 20, 10, 40, 40, 20],
            f"{other}_leg_flex": [3, 3, 55 * much, 42, 45, 12],
            f"{other}_knee": [4, 4, 60 * much, 18, 40, 10],
            f"{hand}_leg_flex": [3, 3, -8, -28, -5, 8],
            f"{hand}_knee": [4, 4, 15, 20, 45, 12],
            "twist": [0, 0, -38 * sign, 25 * sign, 40 * sign, 5],
            "lean": [2, 2, -12, 12, 38 * much, 6],
        },
    )
    sway = np.sin(2 * np.pi * time / rng.uniform(2, 3))
    angles["side"] = 1.2 * sway
    angles["toes"] = time * 0 + 0.6
    release = int((start + 0.245) * len(time))
    return Performance(angles, mirrored(rng, 32, 68), prop="ball", release=release)


def lift(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Lift a barbell slowly from the ground to overhead."""
    pace = float(rng.uniform(-0.03, 0.03))
    moments = [0.0, 0.2 + pace, 0.3 + pace, 0.52 + pace, 0.68 + pace, 0.88, 1.0]
    deep = float(rng.uniform(0.92, 1.05))
    angles: Angles = {}
    postures: dict[str, list[float]] = {
        "leg_flex": [132 * deep, 132 * deep, 122, 10, 22, 5, 5],
        "knee": [104 * deep, 104 * deep, 92, 8, 34, 5, 5],
        "arm_flex": [64, 64, 60, 6, 42, 172, 172],
        "arm_abduct": [10, 10, 10, 14, 12, -16, -16],
        "elbow": [2, 2, 2, 10, 132, 8, 8],
    }
    for name, values in postures.items():
        angles |= both(name, _keyed(time, moments, {name: values})[name])
    angles |= _keyed(
        time,
        moments,
        {"lean": [57, 57, 54, 4, 0, 0, 0], "nod": [-38, -38, -35, 0, 0, -5, -5]},
    )
    angles |= both("leg_abduct", time * 0 + 9)
    return Performance(angles, mirrored(rng, 15, 45), prop="barbell", release=len(time))


def spin(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Spin, with one leg and both arms drawn in and let out."""
    turns = rng.uniform(1.8, 2.3)
    share = time / time[-1]
    sway = (1 - np.cos(2 * np.pi * (share * turns + rng.uniform()))) / 2
    yaw = rng.choice([-1.0, 1.0]) * 360 * turns * (share + 0.06 * np.sin(2 * np.pi * share))
    angles: Angles = {
        "yaw": yaw,
        "right_leg_flex": 8 + 24 * sway,
        "right_leg_abduct": 8 + 18 * sway,
        "right_knee": 15 + 50 * sway,
        "left_knee": time * 0 + 4.0,
        "toes": time * 0 + 0.5,
        "bend": -4 * sway,
    }
    angles |= both("arm_abduct", 14 + 76 * (1 - sway)) | both("arm_flex", 12 + 30 * sway)
    angles |= both("elbow", 15 + 60 * sway)
    return Performance(angles, float(rng.uniform(-180, 180)))
