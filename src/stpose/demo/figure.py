"""The parts that a person is painted from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from stpose.demo.limbs import Canvas, Tube, paint_head, paint_tube
from stpose.demo.skeleton import INDEX, SIDES, Body, FloatArray
from stpose.demo.wardrobe import Cloth, Look

Part = tuple[float, Callable[[Canvas], None]]  # depth by which it is ordered, and how to paint


@dataclass(frozen=True)
class Figure:
    """A person as seen in one frame.

    Attributes:
        points: (joints, 2) pixels.
        depths: (joints,) metres towards the camera.
        scale: Pixels a metre at the person.
        chest, head: (3, 3) rotations, columns are the left, up and forward of the part.
        body, look: Proportions and clothes.
    """

    points: FloatArray
    depths: FloatArray
    scale: float
    chest: FloatArray
    head: FloatArray
    body: Body
    look: Look

    def at(self, name: str) -> FloatArray:
        """Return a joint in pixels."""
        return np.asarray(self.points[INDEX[name]])

    def depth(self, name: str) -> float:
        """Return the depth of a joint."""
        return float(self.depths[INDEX[name]])


def figure_parts(figure: Figure) -> list[Part]:
    """Return the parts of a person, in no order."""
    parts = [*_trunk(figure), _head(figure)]
    for label, _ in SIDES:
        parts += _leg(figure, label) + _arm(figure, label)
    return parts


def _tube(
    figure: Figure,
    ends: tuple[FloatArray, FloatArray],
    depths: tuple[float, float],
    widths: tuple[float, ...],
    cloth: Cloth,
    nearer: float = 0.0,
    cap: float = 1.0,
) -> Part:
    """Return a tube whose radii are given in statures."""
    unit = figure.scale * figure.body.stature
    tube = Tube(
        ends[0], ends[1], tuple(w * unit for w in widths), depths, cloth, figure.look.skin, cap
    )
    return (depths[0] + depths[1]) / 2 + nearer, partial(paint_tube, tube=tube)


def _between(
    figure: Figure,
    names: tuple[str, str],
    widths: tuple[float, ...],
    cloth: Cloth,
    nearer: float = 0.0,
) -> Part:
    first, last = names
    ends = (figure.at(first), figure.at(last))
    depths = (figure.depth(first), figure.depth(last))
    girth = figure.body.girth
    return _tube(figure, ends, depths, tuple(w * girth for w in widths), cloth, nearer)


def _covered(cloth: Cloth, share: float) -> Cloth:
    """Return the cloth on one of the two halves of a limb; share is what it covers of it."""
    return Cloth(cloth.colour, cloth.second, cloth.pattern, share if share > 0 else -1.0)


def _leg(figure: Figure, label: str) -> list[Part]:
    trousers = figure.look.trousers
    loose = 1.06 if trousers.length == 1 else 1.0
    thigh = _covered(trousers, min(1.0, 2 * trousers.length))
    shank = _covered(trousers, 2 * trousers.length - 1)
    shoe = Cloth(figure.look.shoes, figure.look.shoes)
    width = (0.054, 0.051, 0.037 * loose)
    calf = (0.036 * loose, 0.038, 0.024 * loose)
    return [
        _between(figure, (f"{label}_hip", f"{label}_knee"), width, thigh),
        _between(figure, (f"{label}_knee", f"{label}_ankle"), calf, shank),
        _between(figure, (f"{label}_heel", f"{label}_toe"), (0.022, 0.02, 0.015), shoe, 0.02),
    ]


def _arm(figure: Figure, label: str) -> list[Part]:
    shirt = figure.look.shirt
    upper = _covered(shirt, min(1.0, 2 * shirt.length))
    lower = _covered(shirt, 2 * shirt.length - 1)
    skin = Cloth(figure.look.skin, figure.look.skin)
    elbow, wrist = f"{label}_elbow", f"{label}_wrist"
    return [
        _between(figure, (f"{label}_shoulder", elbow), (0.038, 0.033, 0.027), upper, 0.03),
        _between(figure, (elbow, wrist), (0.026, 0.025, 0.018), lower, 0.04),
        _between(figure, (wrist, f"{label}_hand"), (0.016, 0.02, 0.014), skin, 0.04),
    ]


def _trunk(figure: Figure) -> list[Part]:
    neck, pelvis = figure.at("neck"), figure.at("pelvis")
    ends = figure.depth("neck"), figure.depth("pelvis")
    # How much of the width of the trunk is seen, from its left-right axis across its length.
    axis = pelvis - neck
    axis = axis / max(float(np.hypot(*axis)), 1e-6)
    left = figure.chest[:, 0] * np.array([1, -1, 1])
    seen = float(np.clip(abs(left[0] * -axis[1] + left[1] * axis[0]), 0, 1))
    body = figure.body

    def width(wide: float, deep: float) -> float:
        return float(np.hypot(wide * seen, deep * np.sqrt(1 - seen**2)) * (0.5 + 0.5 * body.girth))

    shirt, trousers = figure.look.shirt, figure.look.trousers
    s = body.shoulders
    upper = (
        width(0.09 * s, 0.058),
        width(0.115 * s, 0.078),
        width(0.104 * s, 0.08),
        width(0.09, 0.07),
        width(0.094 * body.hips, 0.076),
    )
    lower = (width(0.092, 0.072), width(0.102 * body.hips, 0.08), width(0.09 * body.hips, 0.068))
    collar = neck + 0.02 * (pelvis - neck)
    waist, crotch = neck + 0.8 * (pelvis - neck), neck + 1.12 * (pelvis - neck)
    skin = Cloth(figure.look.skin, figure.look.skin)
    across, seat = _covered(shirt, 1.0), _covered(trousers, 1.0)
    return [
        _between(figure, ("neck", "chin"), (0.036, 0.03, 0.03), skin, 0.0),
        _tube(figure, (collar, pelvis), ends, upper, across, 0.0, 0.3),
        _tube(figure, (waist, crotch), (ends[1], ends[1]), lower, seat, 0.005, 0.3),
    ]


def _head(figure: Figure) -> Part:
    centre = 0.47 * figure.at("chin") + 0.53 * figure.at("head_top")
    depth = (figure.depth("chin") + figure.depth("head_top")) / 2
    radius = 0.074 * figure.body.stature * figure.scale
    look = figure.look
    colours = (look.skin, look.hair)

    def paint(canvas: Canvas) -> None:
        paint_head(canvas, centre, radius, figure.head, depth, colours, look.long_hair)

    return depth + 0.05, paint
