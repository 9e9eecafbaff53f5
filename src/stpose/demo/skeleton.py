"""Bodies and forward kinematics: from joint angles over time to joints in metres.

Axes of a body that faces forward: x to its left, y up, z forward. World axes are the same for
a person with yaw 0, who faces the camera: x to the right of the picture, y up, z towards the
camera. Lengths follow the shares of stature in Winter, Biomechanics and Motor Control of Human
Movement, 4th edition, figure 4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LSP_JOINTS = (
    "right_ankle",
    "right_knee",
    "right_hip",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_wrist",
    "right_elbow",
    "right_shoulder",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "neck",
    "head_top",
)
JOINTS = (
    *LSP_JOINTS,
    "pelvis",
    "chin",
    "right_toe",
    "left_toe",
    "right_heel",
    "left_heel",
    "right_hand",
    "left_hand",
)
INDEX = {name: number for number, name in enumerate(JOINTS)}
SIDES = (("right", -1.0), ("left", 1.0))


@dataclass(frozen=True)
class Body:
    """Proportions of a person: stature in metres, the rest as factors around 1."""

    stature: float = 1.75
    girth: float = 1.0
    legs: float = 1.0
    shoulders: float = 1.0
    hips: float = 1.0


@dataclass(frozen=True)
class Motion3D:
    """Joints of a person over time.

    Attributes:
        joints: (frames, joints, 3) metres, in the order of `JOINTS`; the ground is y = 0.
        chest: (frames, 3, 3) rotation of the chest, columns are its axes in the world.
        head: (frames, 3, 3) rotation of the head.
    """

    joints: FloatArray
    chest: FloatArray
    head: FloatArray


def random_body(rng: np.random.Generator) -> Body:
    """Draw a person's proportions."""
    return Body(
        stature=float(rng.uniform(1.58, 1.95)),
        girth=float(rng.uniform(0.9, 1.2)),
        legs=float(rng.uniform(0.96, 1.04)),
        shoulders=float(rng.uniform(0.92, 1.08)),
        hips=float(rng.uniform(0.92, 1.1)),
    )


def rotation(axis: str, degrees: FloatArray) -> FloatArray:
    """Return (n, 3, 3) right-handed rotations about an axis "x", "y" or "z"."""
    angle = np.radians(np.asarray(degrees, dtype=np.float64))
    cos, sin = np.cos(angle), np.sin(angle)
    result = np.zeros((*angle.shape, 3, 3))
    i, j, k = {"x": (0, 1, 2), "y": (1, 2, 0), "z": (2, 0, 1)}[axis]
    result[..., i, i] = 1.0
    result[..., j, j] = result[..., k, k] = cos
    result[..., k, j] = sin
    result[..., j, k] = -sin
    return result


def pose_body(body: Body, angles: Mapping[str, FloatArray], frames: int) -> Motion3D:
    """Turn joint angles into joints, standing on the ground around the origin.

    Args:
        body: Proportions.
        angles: Degrees over time, each (frames,); what is missing is 0. Whole body: `yaw`,
            `lean` (forward), `roll`; trunk: `bend` (forward), `side`, `twist`; head: `nod`,
            `turn`; for `left_` and `right_`: `flex` and `abduct` and `rotate` of `arm` and
            `leg` (as in `left_arm_flex`), `elbow`, `knee`. Further: `toes` (how far the foot
            follows the shank, 0 to 1), `lift` (metres above the ground).
        frames: Number of frames.

    Returns:
        The joints; the pelvis is above x = z = 0 on average of the feet.
    """

    def get(name: str) -> FloatArray:
        value: FloatArray = np.broadcast_to(angles.get(name, np.zeros(frames)), (frames,))
        return value

    def part(side: float, limb: str, label: str) -> FloatArray:
        return (
            rotation("z", side * get(f"{label}_{limb}_abduct"))
            @ rotation("x", -get(f"{label}_{limb}_flex"))
            @ rotation("y", side * get(f"{label}_{limb}_rotate"))
        )

    h = body.stature
    heading = rotation("y", get("yaw"))
    root = heading @ rotation("x", get("lean")) @ rotation("z", get("roll"))
    chest = root @ rotation("x", get("bend")) @ rotation("z", get("side"))
    chest = chest @ rotation("y", get("twist"))
    head = chest @ rotation("x", get("nod")) @ rotation("y", get("turn"))
    joints = np.zeros((frames, len(JOINTS), 3))

    def put(name: str, start: FloatArray, frame: FloatArray, x: float, y: float, z: float) -> None:
        joints[:, INDEX[name]] = start + frame @ np.array([x, y, z])

    pelvis = np.zeros((frames, 3))
    legs = 0.491 * body.legs * h
    trunk = 0.779 * h - legs  # the rest of the height of the neck above the ankles
    waist = pelvis + root @ np.array([0.0, 0.4 * trunk, 0.0])
    neck = waist + chest @ np.array([0.0, 0.6 * trunk, 0.0])
    joints[:, INDEX["pelvis"]], joints[:, INDEX["neck"]] = pelvis, neck
    put("chin", neck, head, 0.0, 0.052 * h, 0.01 * h)
    put("head_top", neck, head, 0.0, 0.182 * h, 0.015 * h)
    for label, side in SIDES:
        put(f"{label}_hip", pelvis, root, side * 0.052 * body.hips * h, 0.0, 0.0)
        put(f"{label}_shoulder", neck, chest, side * 0.112 * body.shoulders * h, -0.014 * h, 0.0)
        arm = chest @ part(side, "arm", label)
        forearm = arm @ rotation("x", -get(f"{label}_elbow"))
        shoulder = joints[:, INDEX[f"{label}_shoulder"]]
        put(f"{label}_elbow", shoulder, arm, 0.0, -0.178 * h, 0.0)
        put(f"{label}_wrist", joints[:, INDEX[f"{label}_elbow"]], forearm, 0.0, -0.15 * h, 0.0)
        put(f"{label}_hand", joints[:, INDEX[f"{label}_wrist"]], forearm, 0.0, -0.085 * h, 0.0)
        thigh = root @ part(side, "leg", label)
        shank = thigh @ rotation("x", get(f"{label}_knee"))
        put(f"{label}_knee", joints[:, INDEX[f"{label}_hip"]], thigh, 0.0, -legs / 2, 0.0)
        ankle = joints[:, INDEX[f"{label}_knee"]] + shank @ np.array([0.0, -legs / 2, 0.0])
        joints[:, INDEX[f"{label}_ankle"]] = ankle
        down = heading.transpose(0, 2, 1) @ (ankle - joints[:, INDEX[f"{label}_knee"]])[..., None]
        behind = np.degrees(np.arctan2(-down[:, 2, 0], np.maximum(-down[:, 1, 0], 1e-9)))
        foot = heading @ rotation("y", side * 12.0 + np.zeros(frames))
        foot = foot @ rotation("x", get("toes") * np.clip(behind, 0.0, 80.0))
        put(f"{label}_heel", ankle, foot, 0.0, -0.039 * h, -0.03 * h)
        put(f"{label}_toe", ankle, foot, 0.0, -0.039 * h, 0.105 * h)
    return Motion3D(_on_ground(joints, get("lift")), chest, head)


def _on_ground(joints: FloatArray, lift: FloatArray) -> FloatArray:
    """Put the lowest point of the feet on the ground and the middle of the ankles over 0."""
    feet = [INDEX[f"{side}_{end}"] for side, _ in SIDES for end in ("toe", "heel")]
    lowest = joints[:, feet, 1].min(axis=1)
    ankles = joints[:, [INDEX["left_ankle"], INDEX["right_ankle"]]].mean(axis=1)
    shift = np.stack([-ankles[:, 0], lift - lowest, -ankles[:, 2]], axis=1)
    return np.asarray(joints + shift[:, None])
