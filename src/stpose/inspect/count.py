"""The picture of a count: the self-similarity of the person, and the frames between cycles."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.stores import open_store
from stpose.counting.cycles import repeating_parts
from stpose.counting.looks import Count
from stpose.inspect.canvas import Image, beside, draw, evenly, label, sheet
from stpose.inspect.footage import decode
from stpose.inspect.repetition import matrix_figure, person_cell
from stpose.repetitions.mining import mine
from stpose.settings.repetitions import RepetitionsSettings

_LONGEST = 1500
_CELLS = 30
_COLUMNS = 6
_CELL_PX = 110


def count_picture(
    crops_path: Path, found: Count, settings: RepetitionsSettings, title: str
) -> Image:
    """Return the self-similarity matrix of a counted person, and the frames between cycles.

    On the matrix, dots are the repetitions that were mined, and squares on the diagonal the
    boundaries of cycles. Beside it is the person at each boundary: if the count is right, the
    same pose over and over. Each part of the video that repeats begins with cycle 0.

    Args:
        crops_path: The crops from which it was counted.
        found: The count, of somebody.
        settings: Settings of the repetitions, by which they are mined.
        title: What to write above.

    Raises:
        ArtefactError: The crops are missing or damaged.
    """
    local = found.local_period / found.step
    parts = repeating_parts(local)
    mined = mine(found.vectors, local, settings)
    pairs = pd.DataFrame(
        {"query": found.frames[mined.query], "frame": found.frames[mined.repetition]}
    )
    said = "no repetition found"
    if found.count:
        said = f"{found.count} cycles of {found.period:.1f} frames, strength {found.strength:.2f}"
    rows = [int(row) for part in parts for row in part.boundaries]
    numbers = [number for part in parts for number in range(len(part.boundaries))]
    chosen = evenly(len(rows), _CELLS)
    if rows:
        left_out = f", {len(chosen)} of {len(rows)}" if len(chosen) < len(rows) else ""
        said += f"\nbeside: the person between cycles{left_out} (cycle: frame)"
    shown = evenly(len(found.frames), _LONGEST)
    figure = matrix_figure(found.frames[shown], found.vectors[shown], f"{title}\n{said}", pairs)
    at = found.frames[rows] + 0.5
    figure.axes[0].plot(at, at, "s", color="white", markeredgecolor="black", markersize=4)
    matrix = draw(figure)
    if not rows:
        return matrix
    words = [f"{numbers[place]}: {found.frames[rows[place]]}" for place in chosen]
    return beside(matrix, _people(crops_path, found.crops[[rows[p] for p in chosen]], words))


def _people(crops_path: Path, rows: NDArray[np.int64], words: list[str]) -> Image:
    """Return the pictures in some rows of the crops, each with words on it."""
    with open_store(crops_path, CROPS) as store:
        cells = []
        for row, text in zip(rows.tolist(), words, strict=True):
            box = store.rows("box", row, row + 1)[0]
            picture = person_cell(decode(store.encoded("image", row)), box, _CELL_PX)
            cells.append(label(picture, text))
    return sheet(cells, _COLUMNS)
