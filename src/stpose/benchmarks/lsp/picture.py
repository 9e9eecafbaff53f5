"""A sheet of queries with the poses of their nearest neighbours (figure 5 of the paper)."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.files import replace_atomically
from stpose.benchmarks.cutting import cut_region
from stpose.benchmarks.joint_frame import FRAME_PX
from stpose.benchmarks.lsp.protocol import Pool

_BONES = (
    (0, 1),
    (1, 2),
    (2, 3),
    (3, 4),
    (4, 5),
    (6, 7),
    (7, 8),
    (8, 9),
    (9, 10),
    (10, 11),
    (8, 12),
    (9, 12),
    (2, 8),
    (3, 9),
    (12, 13),
)
_TRUE, _PREDICTED = (40, 40, 230), (60, 200, 60)  # BGR: red and green
_GAP_PX, _CAPTION_PX = 6, 16
_SHEET_QUERIES = 24


def write_sheet(path: Path, queries: Pool, gallery: Pool, neighbours: NDArray[np.int64]) -> None:
    """Write a sheet of queries, evenly spaced over all of them.

    Args:
        path: A PNG or JPEG file.
        queries: The queries (Q of them).
        gallery: The gallery.
        neighbours: (Q,) of each query the nearest row of the gallery.

    Raises:
        InputError: An image is missing or unreadable.
    """
    some = evenly_spaced(len(queries), _SHEET_QUERIES)
    pairs = [(int(query), int(neighbours[query])) for query in some]
    with replace_atomically(path) as temporary:
        cv2.imwrite(str(temporary), neighbour_sheet(queries, gallery, pairs))


def neighbour_sheet(
    queries: Pool,
    gallery: Pool,
    shown: Sequence[tuple[int, int]],
    columns: int = 4,
    side_px: int = 160,
) -> NDArray[np.uint8]:
    """Draw queries, each with its neighbour to the right.

    A query carries its own skeleton in red and its neighbour's in green; the neighbour is plain.
    Captions are image numbers.

    Args:
        queries: The queries.
        gallery: The gallery.
        shown: Pairs of a row of `queries` and a row of `gallery`; at least one.
        columns: Pairs side by side.
        side_px: Side of a picture.

    Returns:
        A BGR picture.

    Raises:
        InputError: An image is missing or unreadable.
        ValueError: There is nothing to show.
    """
    if not shown:
        message = "no pairs to show, expected at least one"
        raise ValueError(message)
    tiles = [_pair(queries, gallery, query, row, side_px) for query, row in shown]
    height, width = tiles[0].shape[:2]
    lines = -(-len(tiles) // columns)
    size = (lines * (height + _GAP_PX) + _GAP_PX, columns * (width + _GAP_PX) + _GAP_PX, 3)
    sheet = np.full(size, 255, dtype=np.uint8)
    for number, tile in enumerate(tiles):
        line, column = divmod(number, columns)
        top = _GAP_PX + line * (height + _GAP_PX)
        left = _GAP_PX + column * (width + _GAP_PX)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def evenly_spaced(count: int, wanted: int) -> NDArray[np.int64]:
    """Return up to `wanted` of the numbers 0 to count - 1, evenly spaced: shown, not picked."""
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).round().astype(np.int64))


def _pair(
    queries: Pool, gallery: Pool, query: int, neighbour: int, side_px: int
) -> NDArray[np.uint8]:
    left, right = _picture(queries, query, side_px), _picture(gallery, neighbour, side_px)
    scale = side_px / FRAME_PX
    _draw_skeleton(left, queries.joints[query] * scale, _TRUE)
    _draw_skeleton(left, gallery.joints[neighbour] * scale, _PREDICTED)
    tile = np.full((side_px + _CAPTION_PX, 2 * side_px, 3), 255, dtype=np.uint8)
    tile[:side_px] = np.hstack([left, right])
    for column, (pool, row) in enumerate(((queries, query), (gallery, neighbour))):
        place = (column * side_px + 2, side_px + _CAPTION_PX - 4)
        text = str(pool.members[row][1])
        cv2.putText(tile, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (60, 60, 60), 1, cv2.LINE_AA)
    return tile


def _picture(pool: Pool, row: int, side_px: int) -> NDArray[np.uint8]:
    known, number = pool.members[row]
    cut = cut_region(known.read_image(number), pool.regions[row], side_px)
    return np.ascontiguousarray(cut[..., ::-1])


def _draw_skeleton(
    picture: NDArray[np.uint8], joints: NDArray[np.float64], colour: tuple[int, int, int]
) -> None:
    places = [(round(float(x)), round(float(y))) for x, y in joints]
    for one, other in _BONES:
        cv2.line(picture, places[one], places[other], colour, 2, cv2.LINE_AA)
