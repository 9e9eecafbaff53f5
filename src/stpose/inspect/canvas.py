"""Pictures: plots turned into arrays, sheets of small pictures, and text on them."""

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

Image = NDArray[np.uint8]

COLOURS = (
    (230, 120, 40),
    (60, 160, 60),
    (60, 60, 220),
    (200, 60, 180),
    (40, 180, 220),
    (160, 160, 40),
)
_WHITE = (255, 255, 255)


def new_figure(width: float = 9.0, height: float = 3.6) -> Figure:
    """Return an empty figure (inches at 100 dots each) that needs no screen."""
    return Figure(figsize=(width, height), dpi=100, layout="constrained")


def draw(figure: Figure) -> Image:
    """Return a figure as a BGR picture (height, width, 3)."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    encoded = np.frombuffer(buffer.getvalue(), dtype=np.uint8)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), dtype=np.uint8)


def sheet(pictures: Sequence[Image], columns: int, gap: int = 2) -> Image:
    """Lay pictures out in rows on white, each cell as large as the largest picture.

    Args:
        pictures: BGR pictures; none gives a small white picture.
        columns: Pictures in a row.
        gap: Pixels between them.
    """
    if not pictures:
        return np.full((32, 32, 3), 255, dtype=np.uint8)
    height = max(picture.shape[0] for picture in pictures) + gap
    width = max(picture.shape[1] for picture in pictures) + gap
    rows = -(-len(pictures) // columns)
    page = np.full((rows * height, min(columns, len(pictures)) * width, 3), 255, dtype=np.uint8)
    for number, picture in enumerate(pictures):
        top, left = number // columns * height, number % columns * width
        page[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return page


def beside(left: Image, right: Image, gap: int = 8) -> Image:
    """Return two pictures side by side on white, their tops on one line."""
    height = max(left.shape[0], right.shape[0])
    page = np.full((height, left.shape[1] + gap + right.shape[1], 3), 255, dtype=np.uint8)
    page[: left.shape[0], : left.shape[1]] = left
    page[: right.shape[0], left.shape[1] + gap :] = right
    return page


def fit(picture: Image, longest: int) -> Image:
    """Return the picture with its longer side as given (px)."""
    factor = longest / max(picture.shape[:2])
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=method), dtype=np.uint8)


def label(picture: Image, text: str) -> Image:
    """Return a copy with a line of text in its upper left corner."""
    marked = picture.copy()
    size, _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 1)
    cv2.rectangle(marked, (0, 0), (size[0] + 4, size[1] + 6), (0, 0, 0), cv2.FILLED)
    cv2.putText(
        marked, text, (2, size[1] + 2), cv2.FONT_HERSHEY_SIMPLEX, 0.4, _WHITE, 1, cv2.LINE_AA
    )
    return marked


def colour_of(track: int) -> tuple[int, int, int]:
    """Return the colour (BGR) in which a track is drawn."""
    return COLOURS[(track - 1) % len(COLOURS)]


def evenly(count: int, wanted: int) -> list[int]:
    """Return at most `wanted` indices spread evenly over `count`."""
    if count <= wanted:
        return list(range(count))
    return [round(place) for place in np.linspace(0, count - 1, wanted)]
