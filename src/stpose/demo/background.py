"""Textured worlds behind the people: a wall or a landscape, a ground, and clutter."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.demo.clutter import scatter_clutter

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Background:
    """A picture of the static world, larger than a frame.

    Attributes:
        image: (height, width, 3) uint8 BGR.
        luminance: Mean luminance where the people stand.
    """

    image: NDArray[np.uint8]
    luminance: float


def random_background(
    rng: np.random.Generator, size: tuple[int, int], border: int, horizon: int
) -> Background:
    """Draw a world.

    Args:
        rng: Source of chance.
        size: Width and height in pixels.
        border: Row in which the ground begins.
        horizon: Row of the horizon, to which lines on the ground run; above the border.
    """
    width, height = size
    wall = _WALLS[rng.integers(len(_WALLS))](rng, width, border)
    ground = _ground(rng, width, height - border, border - horizon)
    image = np.concatenate([wall, ground])
    scatter_clutter(rng, image, border)
    light = 1 + 0.22 * (noise(rng, (height, width), 90) - 0.5)
    image = image * light[..., None].astype(np.float32)
    image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.9, 1.5)))
    band = image[border // 3 : height - (height - border) // 2]
    mean = float(band.mean())
    image = mean + (image - mean) * 0.8
    finished = np.clip(image, 0, 255).astype(np.uint8)
    return Background(finished, float(band.mean(axis=(0, 1)) @ [0.114, 0.587, 0.299]))


def noise(rng: np.random.Generator, shape: tuple[int, int], grain: float) -> Image:
    """Return smooth noise in 0..1 of several octaves; grain is its largest spot in pixels."""
    height, width = shape
    total = np.zeros(shape, np.float32)
    weights = 0.0
    weight = 1.0
    while grain >= 2 and weight > 0.1:
        small = rng.random((int(height / grain) + 2, int(width / grain) + 2), np.float32)
        total += weight * cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        weights += weight
        weight, grain = weight * 0.6, grain / 2
    return total / np.float32(max(weights, 1e-6))


def _tint(rng: np.random.Generator, level: float, strength: float) -> Image:
    """Draw a colour around a level."""
    return np.asarray(level + rng.uniform(-strength, strength, 3), dtype=np.float32)


def _brick_wall(rng: np.random.Generator, width: int, height: int) -> Image:
    level = rng.uniform(70, 175)
    row, column = np.mgrid[:height, :width].astype(np.float32)
    high = float(rng.uniform(7, 13))
    long = high * 2.4
    course = np.floor(row / high)
    shift = column + (course % 2) * long / 2
    joints = (row % high < 1.4) | (shift % long < 1.4)
    shades = rng.uniform(-12, 12, (int(height / high) + 2, int((width + long) / long) + 2))
    brick = shades[course.astype(int), (shift / long).astype(int)]
    image = _tint(rng, level, 28) + brick[..., None].astype(np.float32)
    image = np.where(joints[..., None], image + np.float32(rng.choice([-22, 22])), image)
    return np.asarray(
        image + 20 * (noise(rng, (height, width), 6) - 0.5)[..., None], dtype=np.float32
    )


def _panel_wall(rng: np.random.Generator, width: int, height: int) -> Image:
    level = rng.uniform(60, 195)
    image = np.tile(_tint(rng, level, 25), (height, width, 1))
    panel = int(rng.uniform(60, 140))
    for start in range(int(rng.integers(panel)), width, panel):
        image[:, start : start + 2] -= 18
    low = int(height * rng.uniform(0.5, 0.75))
    image[low:] += _tint(rng, 0, 30)
    image[low : low + 3] -= 25
    return np.asarray(
        image + 14 * (noise(rng, (height, width), 14) - 0.5)[..., None], dtype=np.float32
    )


def _landscape(rng: np.random.Generator, width: int, height: int) -> Image:
    clouds = noise(rng, (height, width), 70)[..., None]
    sky = np.array([225, 195, 165], np.float32) + 45 * (clouds - 0.4)
    skyline = height * (0.25 + 0.6 * noise(rng, (1, width), 80)[0])
    rows = np.arange(height, dtype=np.float32)[:, None]
    leaves = noise(rng, (height, width), 11)[..., None]
    trees = np.array([45, 85, 70], np.float32) * np.float32(rng.uniform(0.7, 1.4))
    green = trees * (0.45 + 1.1 * leaves)
    edge = np.clip((rows - skyline + 14 * (leaves[..., 0] - 0.5)) / 4, 0, 1)[..., None]
    return np.asarray(sky + (green - sky) * edge, dtype=np.float32)


def _curtain(rng: np.random.Generator, width: int, height: int) -> Image:
    column = np.arange(width, dtype=np.float32)
    bend = 40 * noise(rng, (1, width), 60)[0]
    folds = np.sin((column + bend) / rng.uniform(4, 9))
    level = rng.uniform(45, 150)
    image = _tint(rng, level, 30)[None, None] * (1 + 0.16 * folds[None, :, None])
    rough = 10 * (noise(rng, (height, width), 12) - 0.5)[..., None]
    return np.asarray(np.repeat(image, height, axis=0) + rough, dtype=np.float32)


def _ground(rng: np.random.Generator, width: int, height: int, above: int) -> Image:
    """Paint grass, planks or slabs that run to a horizon `above` rows over the first one."""
    row = np.arange(height, dtype=np.float32)[:, None] + above
    column = np.arange(width, dtype=np.float32)[None]
    away = 100.0 / row
    kind = rng.integers(3)
    rough = noise(rng, (height * 3, width), 9)[::3]
    if kind == 0:
        image = np.array([50, 105, 85], np.float32) * (0.55 + 0.9 * rough[..., None])
        return image.astype(np.float32) * np.float32(rng.uniform(0.8, 1.3))
    image = _tint(rng, rng.uniform(80, 180), 22) + 22 * (rough[..., None] - 0.5)
    across = (column - width / 2) * away / rng.uniform(9, 30)
    lines = (across % 1) < 0.06
    if kind == 1:
        lines |= (away * rng.uniform(6, 12)) % 1 < 0.08
    return np.asarray(np.where(lines[..., None], image - 24, image), dtype=np.float32)


_WALLS: tuple[Callable[[np.random.Generator, int, int], Image], ...] = (
    _brick_wall,
    _panel_wall,
    _landscape,
    _curtain,
)
