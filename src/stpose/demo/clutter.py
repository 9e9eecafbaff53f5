"""Things that stand about behind the people: posters, boxes, poles, bushes, spectators."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


def scatter_clutter(rng: np.random.Generator, image: Image, border: int) -> None:
    """Paint things onto a background, standing on or hanging above a row.

    They are drawn with little contrast and no upright human shape, so that what stands out
    is the people.
    """
    width = image.shape[1]
    count = int(rng.integers(3, 6) * width / 420)
    for _ in range(count):
        thing = _THINGS[rng.integers(len(_THINGS))]
        thing(rng, image, int(rng.integers(0, width)), border)


def _colour(rng: np.random.Generator, image: Image, x: int, border: int) -> list[float]:
    x = min(x, image.shape[1] - 1)
    around = image[border // 2 : border, max(0, x - 20) : x + 20].mean(axis=(0, 1))
    drawn = around + rng.uniform(-45, 45) + rng.uniform(-35, 35, 3)
    return [float(value) for value in np.clip(drawn, 15, 235)]


def _poster(rng: np.random.Generator, image: Image, x: int, border: int) -> None:
    wide, high = int(rng.integers(30, 80)), int(rng.integers(16, 38))
    y = int(rng.integers(4, max(5, border - high - 10)))
    cv2.rectangle(image, (x, y), (x + wide, y + high), _colour(rng, image, x, border), -1)
    for row in range(y + 5, y + high - 3, 7):
        end = x + int(wide * rng.uniform(0.4, 0.9))
        cv2.line(image, (x + 4, row), (end, row), _colour(rng, image, x, border), 3)


def _box(rng: np.random.Generator, image: Image, x: int, border: int) -> None:
    wide, high = int(rng.integers(25, 60)), int(rng.integers(14, 38))
    colour = _colour(rng, image, x, border)
    y = border + int(rng.integers(2, 12))
    side = [0.75 * value for value in colour]
    cv2.rectangle(image, (x, y - high), (x + wide, y), colour, -1)
    cv2.rectangle(image, (x + wide, y - high + 3), (x + wide + wide // 4, y - 2), side, -1)
    cv2.line(image, (x, y - high // 2), (x + wide, y - high // 2), side, 1)


def _pole(rng: np.random.Generator, image: Image, x: int, border: int) -> None:
    wide = int(rng.integers(2, 6))
    cv2.rectangle(image, (x, 0), (x + wide, border + 4), _colour(rng, image, x, border), -1)


def _bush(rng: np.random.Generator, image: Image, x: int, border: int) -> None:
    base = np.array([45, 95, 70]) * rng.uniform(0.6, 1.2)
    for _ in range(40):
        dx, dy = rng.normal(0, 16), abs(rng.normal(0, 12))
        colour = [float(value) for value in base * rng.uniform(0.6, 1.4)]
        centre = (int(x + dx), int(border + 4 - dy))
        cv2.circle(image, centre, int(rng.integers(3, 8)), colour, -1, cv2.LINE_AA)


def _spectators(rng: np.random.Generator, image: Image, x: int, border: int) -> None:
    """Paint a row of heads behind a low board."""
    top = border - int(rng.integers(20, 30))
    wide = int(rng.integers(70, 150))
    for place in range(x, x + wide, 13):
        shift = int(rng.integers(-3, 4))
        skin = [float(value) for value in rng.uniform(0.55, 1.0) * np.array([120, 150, 190])]
        shoulders = (place + shift, top + 3)
        cv2.ellipse(
            image, shoulders, (8, 9), 0, 0, 360, _colour(rng, image, place, border), -1, cv2.LINE_AA
        )
        cv2.circle(image, (place + shift, top - 9), 5, skin, -1, cv2.LINE_AA)
    cv2.rectangle(image, (x - 8, top), (x + wide, border + 2), _colour(rng, image, x, border), -1)


_THINGS: tuple[Callable[[np.random.Generator, Image, int, int], None], ...] = (
    _poster,
    _box,
    _pole,
    _bush,
    _spectators,
)
