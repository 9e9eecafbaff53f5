"""The things that people hold: a barbell, a ball."""

from functools import partial

import numpy as np

from stpose.demo.figure import Figure, Part
from stpose.demo.limbs import Tube, paint_tube
from stpose.demo.skeleton import INDEX, FloatArray
from stpose.demo.wardrobe import Cloth, Colour

METAL: Colour = (120, 118, 115)
PLATE: Colour = (35, 32, 34)


def barbell_parts(figure: Figure, spatial: FloatArray) -> list[Part]:
    """Return a barbell in both hands; `spatial` holds the person's joints in metres."""
    right, left = INDEX["right_hand"], INDEX["left_hand"]
    axis = spatial[left] - spatial[right]
    axis = axis / max(float(np.linalg.norm(axis)), 1e-6)
    flat = np.array([axis[0], -axis[1]]) * figure.scale
    middle = (figure.points[left] + figure.points[right]) / 2
    depth = float(figure.depths[[left, right]].mean())
    round_cap = max(0.15, float(abs(axis[2])))
    unit = figure.scale
    bar = Tube(
        middle - 0.85 * flat,
        middle + 0.85 * flat,
        (0.018 * unit, 0.018 * unit),
        (depth, depth),
        Cloth(METAL, METAL),
        METAL,
    )
    parts: list[Part] = [(depth - 0.01, partial(paint_tube, tube=bar))]
    for sign in (-1.0, 1.0):
        place = depth + sign * 0.7 * float(axis[2])
        disc = Tube(
            middle + sign * 0.68 * flat,
            middle + sign * 0.74 * flat,
            (0.17 * unit, 0.17 * unit),
            (place, place),
            Cloth(PLATE, PLATE),
            PLATE,
            round_cap,
        )
        parts.append((place, partial(paint_tube, tube=disc)))
    return parts


def ball_part(centre: FloatArray, radius: float, depth: float, colour: Colour) -> Part:
    """Return a ball; centre and radius in pixels."""
    ball = Tube(centre, centre, (radius, radius), (depth, depth), Cloth(colour, colour), colour)
    return depth + 0.06, partial(paint_tube, tube=ball)
