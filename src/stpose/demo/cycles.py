"""Repetitive motions: several cycles whose tempo and size vary slightly.

The angles are round numbers chosen by eye; `stpose.demo.skeleton.pose_body` says what each means.
"""

import numpy as np

from stpose.demo.performance import Angles, Performance, both, mirrored, phase_of, size_of
from stpose.demo.skeleton import FloatArray


def _stride(phase: FloatArray, size: FloatArray, hip: tuple[float, float], knee: float) -> Angles:
    """Return legs that swing in turn; `hip` is the mean flexion and its amplitude."""
    angles: Angles = {}
    for label, turn in (("left", 0.0), ("right", np.pi)):
        swing = phase + turn
        angles[f"{label}_leg_flex"] = hip[0] + size * hip[1] * np.sin(swing)
        lifted = np.maximum(0, np.cos(swing + 0.05)) ** 1.6
        angles[f"{label}_knee"] = 8 + 0.2 * hip[1] + size * knee * lifted
    return angles


def running(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Run on the spot or through the picture, seen from the side or half from the front."""
    phase, size = phase_of(rng, time, rng.uniform(0.66, 0.78)), size_of(rng, time)
    arms, elbow = rng.uniform(34, 46), rng.uniform(80, 105)
    angles = _stride(phase, size, (14, 34), 82) | {
        "left_arm_flex": -4 - size * arms * np.sin(phase),
        "right_arm_flex": -8 + size * arms * np.sin(phase),
        "twist": -9 * np.sin(phase),
        "lean": time * 0 + rng.uniform(6, 13),
        "toes": time * 0 + 0.7,
        "lift": 0.05 * np.maximum(0, -np.cos(2 * phase)),
    }
    angles |= both("elbow", elbow + 8 * np.sin(2 * phase)) | both("arm_abduct", time * 0 + 12)
    speed = 0.0 if rng.uniform() < 0.3 else rng.uniform(2.4, 3.2)
    return Performance(angles, mirrored(rng, 42, 78), speed)


def walking(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Walk through the picture."""
    phase, size = phase_of(rng, time, rng.uniform(0.95, 1.1)), size_of(rng, time)
    arms = rng.uniform(16, 30)
    angles = _stride(phase, size, (5, 25), 46) | {
        "left_arm_flex": 4 - size * arms * np.sin(phase),
        "right_arm_flex": 4 + size * arms * np.sin(phase),
        "twist": -5 * np.sin(phase),
        "lean": time * 0 + rng.uniform(0, 4),
        "toes": time * 0 + 0.7,
    }
    angles |= both("elbow", 16 + 8 * np.sin(2 * phase)) | both("arm_abduct", time * 0 + 6)
    return Performance(angles, mirrored(rng, 40, 80), rng.uniform(1.0, 1.3))


def jumping_jacks(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Do jumping jacks, seen from the front."""
    phase, size = phase_of(rng, time, rng.uniform(0.9, 1.1)), size_of(rng, time)
    opened = ((1 - np.cos(phase)) / 2) ** 1.3
    angles = (
        both("arm_abduct", 8 + np.minimum(158, 148 * size * opened))
        | both("leg_abduct", 3 + 21 * size * opened)
        | both("elbow", 12 + 18 * np.sin(phase) ** 2)
        | both("knee", 6 + 16 * np.cos(phase) ** 2)
        | both("leg_flex", 3 + 8 * np.cos(phase) ** 2)
        | {"lift": 0.09 * size * np.abs(np.sin(phase)), "toes": time * 0 + 0.4}
    )
    return Performance(angles, float(rng.uniform(-22, 22)))


def squats(rng: np.random.Generator, time: FloatArray) -> Performance:
    """Do squats with the arms reaching forward."""
    phase, size = phase_of(rng, time, rng.uniform(1.15, 1.4)), size_of(rng, time)
    down = np.minimum(1.1, size * (1 - np.cos(phase)) / 2)
    lean, reach = rng.uniform(26, 38), rng.uniform(70, 95)
    angles = (
        both("leg_flex", 4 + (78 + lean) * down)
        | both("knee", 5 + 100 * down)
        | both("leg_abduct", 6 + 12 * down)
        | both("arm_flex", 6 + reach * down)
        | both("elbow", time * 0 + rng.uniform(5, 25))
        | {"lean": lean * down, "nod": -0.6 * lean * down}
    )
    return Performance(angles, mirrored(rng, 35, 62))
