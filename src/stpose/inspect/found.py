"""A picture of what a search by pose found."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.stores import open_store
from stpose.crops import cut_square
from stpose.geometry import square_around
from stpose.inspect.canvas import Image, label, sheet
from stpose.inspect.footage import decode
from stpose.search.query import FoundPose

_CELL = 120
_COLUMNS = 6
_MARGIN = 1.2


def found_picture(results: Path, query: Image, found: Sequence[FoundPose]) -> Image:
    """Return the query and the poses that were found, nearest first, with their distances.

    Args:
        results: The results folder, with the crops.
        query: BGR picture (120, 120, 3).
        found: What was found.

    Raises:
        ArtefactError: A store of crops is missing or damaged.
    """
    cells = [label(query, "query")]
    for pose in found:
        with open_store(results / "crops" / f"{pose.video_id}.h5", CROPS) as store:
            here = (store["frame"] == pose.frame) & (store["track"] == pose.track)
            row = int(np.flatnonzero(here)[0])
            box = store.rows("box", row, row + 1)[0]
            picture = decode(store.encoded("image", row))
        cells.append(
            label(cut_square(picture, square_around(box, _MARGIN), _CELL), f"{pose.distance:.2f}")
        )
    return sheet(cells, _COLUMNS)
