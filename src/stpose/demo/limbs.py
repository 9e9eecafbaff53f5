"""Painting of body parts: shaded, patterned tubes with soft edges."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.demo.skeleton import FloatArray
from stpose.demo.wardrobe import Cloth, Colour

# Towards the light: right and down in the picture, and to the camera.
LIGHT = np.array([-0.42, -0.55, 0.72]) / np.linalg.norm([-0.42, -0.55, 0.72])

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Canvas:
    """A picture being painted.

    Attributes:
        image: (height, width, 3) uint8 BGR.
        depth: (height, width) float32 metres towards the camera of what was painted last;
            minus infinity for the background.
        ambient: Brightness of the shade, 0 to 1.
    """

    image: NDArray[np.uint8]
    depth: Pixels
    ambient: float = 0.6


@dataclass(frozen=True)
class Tube:
    """A body part between two points.

    Attributes:
        start, end: Pixels.
        widths: Radius in pixels at evenly spaced places from start to end.
        depths: Metres towards the camera of start and end.
        cloth: What it is covered with, from the start.
        skin: Colour of the part beyond the length of the cloth.
        cap: How far the rounded ends reach, in radii.
    """

    start: FloatArray
    end: FloatArray
    widths: tuple[float, ...]
    depths: tuple[float, float]
    cloth: Cloth
    skin: Colour
    cap: float = 1.0


def paint_tube(canvas: Canvas, tube: Tube) -> None:
    """Paint a tube over what is there."""
    reach = max(tube.widths) * max(1.0, tube.cap) + 2
    window = _window(canvas, np.stack([tube.start, tube.end]), reach)
    if window is None:
        return
    rows, columns, x, y = window
    axis = tube.end - tube.start
    length = float(np.hypot(axis[0], axis[1]))
    axis = axis / length if length > 1e-6 else np.array([0.0, 1.0])
    dx, dy = x - np.float32(tube.start[0]), y - np.float32(tube.start[1])
    along = dx * np.float32(axis[0]) + dy * np.float32(axis[1])
    across = dy * np.float32(axis[0]) - dx * np.float32(axis[1])
    inside = np.clip(along, 0, length)
    share = (inside / max(length, 1e-6)).astype(np.float32)
    places = np.linspace(0, 1, len(tube.widths))
    widths = np.interp(share, places, tube.widths).astype(np.float32)
    distance = np.hypot(across, (along - inside) / np.float32(tube.cap))
    alpha = np.clip(widths - distance + 0.5, 0, 1).astype(np.float32)
    lateral = np.clip(across / widths, -1, 1)
    front = np.sqrt(np.maximum(1 - lateral**2, 0))
    normal = -axis[1] * LIGHT[0] + axis[0] * LIGHT[1]
    light = np.maximum(lateral * np.float32(normal) + front * np.float32(LIGHT[2]), 0)
    shade = canvas.ambient + (1.12 - canvas.ambient) * light - 0.18 * (1 - front) ** 2
    colour = _covering(tube, share, across, widths, length) * shade[..., None]
    _blend(canvas, rows, columns, colour.astype(np.float32), alpha)
    depth = tube.depths[0] + (tube.depths[1] - tube.depths[0]) * share
    np.copyto(canvas.depth[rows, columns], depth.astype(np.float32), where=alpha > 0.5)


def paint_head(
    canvas: Canvas,
    centre: FloatArray,
    radius: float,
    axes: FloatArray,
    depth: float,
    colours: tuple[Colour, Colour],
    long_hair: bool,
) -> None:
    """Paint a head: an ellipsoid with hair and a face that turn with it.

    Args:
        canvas: Where to.
        centre: Pixels.
        radius: Half its height in pixels.
        axes: (3, 3) rotation of the head, columns are its left, up and forward in the world.
        depth: Metres towards the camera.
        colours: Skin and hair.
        long_hair: Let the hair cover the neck.
    """
    window = _window(canvas, centre[None], radius * 1.5 + 2)
    if window is None:
        return
    rows, columns, x, y = window
    shape = axes @ np.diag([0.74, 1.0, 0.86]) * radius  # narrow, high, deep
    inverse = np.linalg.inv(shape)
    px, py = x - centre[0], centre[1] - y  # world x and y
    # The nearest point of the ellipsoid on each line of sight: |inverse (px, py, z)| = 1.
    column = inverse[:, 2]
    base = inverse[:, 0] * px[..., None] + inverse[:, 1] * py[..., None]
    a, b = float(column @ column), base @ column
    rest = b**2 - a * ((base**2).sum(-1) - 1)
    alpha = np.clip(rest / a * radius * 0.4 + 0.5, 0, 1).astype(np.float32)
    local = base + ((-b + np.sqrt(np.maximum(rest, 0))) / a)[..., None] * column
    normal = local @ inverse
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    light = np.maximum(normal @ np.array([LIGHT[0], -LIGHT[1], LIGHT[2]]), 0)
    shade = canvas.ambient + (1.1 - canvas.ambient) * light
    left, up, forward = local[..., 0], local[..., 1], local[..., 2]
    lowest = -1.1 if long_hair else -0.45
    hair = (up > 0.48) | ((forward < 0.2 - 0.3 * up) & (up > lowest))
    eyes = (np.abs(np.abs(left) - 0.36) < 0.17) & (np.abs(up - 0.1) < 0.09) & (forward > 0.3)
    mouth = (np.abs(left) < 0.28) & (np.abs(up + 0.5) < 0.07) & (forward > 0.3)
    skin_colour, hair_colour = (np.asarray(colour) for colour in colours)
    colour = np.where(hair[..., None], hair_colour, skin_colour) * shade[..., None]
    colour = np.where((eyes | mouth)[..., None], colour * 0.45, colour)
    _blend(canvas, rows, columns, colour.astype(np.float32), alpha)
    np.copyto(canvas.depth[rows, columns], np.float32(depth), where=alpha > 0.5)


def paint_shadow(canvas: Canvas, centre: FloatArray, radii: tuple[float, float]) -> None:
    """Darken the ground below a person: a soft ellipse."""
    window = _window(canvas, centre[None], radii[0] * 1.1)
    if window is None:
        return
    rows, columns, x, y = window
    distance = ((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2
    dark = 1 - 0.5 * np.clip(1.1 - distance, 0, 1)
    patch = canvas.image[rows, columns]
    patch[:] = (patch * dark[..., None]).astype(np.uint8)


def _window(
    canvas: Canvas, points: FloatArray, reach: float
) -> tuple[slice, slice, Pixels, Pixels] | None:
    """Return the part of the canvas around points, with the coordinates of its pixels."""
    height, width = canvas.depth.shape
    low = np.floor(points.min(axis=0) - reach)
    high = np.ceil(points.max(axis=0) + reach) + 1
    x1, x2 = int(np.clip(low[0], 0, width)), int(np.clip(high[0], 0, width))
    y1, y2 = int(np.clip(low[1], 0, height)), int(np.clip(high[1], 0, height))
    if x2 <= x1 or y2 <= y1:
        return None
    x = np.arange(x1, x2, dtype=np.float32)[None]
    y = np.arange(y1, y2, dtype=np.float32)[:, None]
    return slice(y1, y2), slice(x1, x2), x, y


def _covering(tube: Tube, share: Pixels, across: Pixels, widths: Pixels, length: float) -> Pixels:
    """Return the colour of the surface of a tube before shading."""
    cloth = tube.cloth
    main, second = _bgr(cloth.colour), _bgr(cloth.second)
    if cloth.pattern == "plain":
        colour = np.broadcast_to(main, (*share.shape, 3))
    else:
        bands = max(2.0, length / 5)
        if cloth.pattern == "stripes":
            mask = (share * bands) % 2 < 1
        elif cloth.pattern == "checks":
            around = np.arcsin(np.clip(across / widths, -1, 1)) * 1.6
            mask = ((share * bands) % 2 < 1) ^ (around % 2 < 1)
        else:
            mask = np.abs(across) > 0.72 * widths
        colour = np.where(mask[..., None], second, main)
    if cloth.length < 1:
        colour = np.where((share > cloth.length)[..., None], _bgr(tube.skin), colour)
    return colour


def _bgr(colour: Colour) -> Pixels:
    return np.array(colour, dtype=np.float32)


def _blend(canvas: Canvas, rows: slice, columns: slice, colour: Pixels, alpha: Pixels) -> None:
    patch = canvas.image[rows, columns]
    mixed = patch + (colour - patch) * alpha[..., None]
    patch[:] = np.clip(mixed, 0, 255).astype(np.uint8)
