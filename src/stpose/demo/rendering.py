"""From a scene to the pixels of one frame, with the true place of its people."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.demo.figure import Figure, Part, figure_parts
from stpose.demo.limbs import Canvas, paint_shadow, paint_tube
from stpose.demo.props import ball_part, barbell_parts
from stpose.demo.scene import Actor, Scene
from stpose.demo.skeleton import JOINTS, FloatArray

# How much nearer than a joint something must be to hide it: more than the flesh around it.
THICKNESS = 0.16


@dataclass(frozen=True)
class Person:
    """Where a person truly is in a frame.

    Attributes:
        points: (joints, 2) pixels, 0-based, whole numbers at the centres of pixels.
        spatial: (joints, 3) metres.
        visible: (joints,) whether a joint is in the frame with nothing else in front.
        box: x1, y1, x2, y2 of the person's outline, pixel edges; may exceed the frame.
        stature: The person's stature in pixels.
    """

    points: FloatArray
    spatial: FloatArray
    visible: NDArray[np.bool_]
    box: tuple[float, float, float, float]
    stature: float


@dataclass(frozen=True)
class Picture:
    """A painted frame: (height, width, 3) uint8 BGR, and the people in it, the main one first."""

    image: NDArray[np.uint8]
    people: tuple[Person, ...]


def render_frame(scene: Scene, frame: int, width: int, height: int) -> Picture:
    """Paint one frame of a scene; frames can be painted in any order."""
    affine = scene.camera.affine(frame, width, height)
    image = np.asarray(
        cv2.warpAffine(
            scene.background.image,
            affine,
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        ),
        dtype=np.uint8,
    )
    canvas = Canvas(image, np.full((height, width), -np.inf, np.float32), scene.ambient)
    figures = [_figure(scene, actor, frame, affine) for actor in scene.actors]
    for actor in scene.actors:
        _paint_shadow(canvas, scene, actor, frame, affine)
    parts: list[Part] = []
    for actor, figure in zip(scene.actors, figures, strict=True):
        parts += figure_parts(figure)
        if actor.prop == "barbell":
            parts += barbell_parts(figure, actor.motion.joints[frame])
        elif actor.prop == "ball":
            parts.append(_ball(scene, actor, figure, frame, affine))
    for _, paint in sorted(parts, key=lambda part: part[0]):
        paint(canvas)
    if scene.occluder:
        paint_tube(canvas, scene.occluder[frame])
    people = tuple(
        _person(canvas, figure, actor.motion.joints[frame])
        for actor, figure in zip(scene.actors, figures, strict=True)
    )
    return Picture(image, people)


def locate_people(scene: Scene, frame: int, width: int, height: int) -> tuple[Person, ...]:
    """Say where people are without painting; every joint within the frame counts as visible."""
    affine = scene.camera.affine(frame, width, height)
    empty = Canvas(np.zeros((height, width, 3), np.uint8), np.full((height, width), -np.inf, "f4"))
    return tuple(
        _person(empty, _figure(scene, actor, frame, affine), actor.motion.joints[frame])
        for actor in scene.actors
    )


def _to_frame(scene: Scene, points: FloatArray, anchor: float, affine: FloatArray) -> FloatArray:
    flat = scene.view.project(points, anchor)
    return np.asarray(flat @ affine[:, :2].T + affine[:, 2])


def _figure(scene: Scene, actor: Actor, frame: int, affine: FloatArray) -> Figure:
    joints = actor.motion.joints[frame]
    zoom = float(np.hypot(affine[0, 0], affine[1, 0]))
    return Figure(
        _to_frame(scene, joints, float(actor.anchor[frame]), affine),
        joints[:, 2],
        float(scene.view.scale * scene.view.enlargement(actor.depth)) * zoom,
        actor.motion.chest[frame],
        actor.motion.head[frame],
        actor.body,
        actor.look,
    )


def _paint_shadow(
    canvas: Canvas, scene: Scene, actor: Actor, frame: int, affine: FloatArray
) -> None:
    anchor = float(actor.anchor[frame])
    ground = np.array([[anchor, 0.0, actor.depth], [anchor + 0.45, 0.0, actor.depth]])
    centre, edge = _to_frame(scene, ground, anchor, affine)
    wide = float(np.hypot(*(edge - centre)))
    paint_shadow(canvas, centre, (wide, 0.22 * wide))


def _ball(scene: Scene, actor: Actor, figure: Figure, frame: int, affine: FloatArray) -> Part:
    place = actor.ball[frame]
    centre = _to_frame(scene, place, float(actor.anchor[frame]), affine)
    return ball_part(centre, 0.075 * figure.scale, float(place[2]), scene.ball_colour)


def _person(canvas: Canvas, figure: Figure, spatial: FloatArray) -> Person:
    height, width = canvas.depth.shape
    column = np.round(figure.points[:, 0]).astype(int)
    row = np.round(figure.points[:, 1]).astype(int)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    covering = canvas.depth[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
    visible = inside & (covering <= figure.depths + THICKNESS)
    stature = figure.body.stature * figure.scale
    flesh = np.array([_FLESH.get(name, 0.025) for name in JOINTS])[:, None] * stature
    low, high = (figure.points - flesh).min(axis=0), (figure.points + flesh).max(axis=0)
    box = (float(low[0]) + 0.5, float(low[1]) + 0.5, float(high[0]) + 0.5, float(high[1]) + 0.5)
    return Person(figure.points, spatial, visible, box, stature)


# Radius of the body around a joint, in statures, where it is not the usual 0.025.
_FLESH = {
    "head_top": 0.006,
    "chin": 0.05,
    "neck": 0.045,
    "pelvis": 0.07,
    "right_hip": 0.05,
    "left_hip": 0.05,
    "right_shoulder": 0.036,
    "left_shoulder": 0.036,
    "right_toe": 0.015,
    "left_toe": 0.015,
    "right_heel": 0.02,
    "left_heel": 0.02,
}
