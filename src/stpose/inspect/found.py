"""Pictures of the nearest poses of a pose."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stpose.artefacts.schemas import CROPS, NEIGHBOURS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.crops import cut_square
from stpose.geometry import square_around
from stpose.inspect.canvas import Image, label, sheet
from stpose.inspect.footage import decode
from stpose.search.query import FoundPose

_FOUND_PX = 120
_FOUND_COLUMNS = 6
_NEIGHBOUR_PX = 80
_GAP_PX = 40
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
        picture = _person(results, pose.video_id, pose.track, pose.frame, _FOUND_PX)
        cells.append(label(picture, f"{pose.distance:.2f}"))
    return sheet(cells, _FOUND_COLUMNS)


def neighbours_picture(path: Path) -> Image:
    """Return a row for each query: itself, its learned neighbours, those by random weights.

    Args:
        path: A table of the retrieval stage, `results/retrieval/EXPERIMENT/ROUND/`.

    Raises:
        ArtefactError: The table or a store of crops is missing or damaged.
    """
    results = path.parent.parent.parent.parent
    table = read_table(path, NEIGHBOURS).to_pandas()
    rows = []
    for _, query in table.groupby("query"):
        cells: list[Image] = []
        for weights in ("trained", "random"):
            mine = query[query["weights"] == weights].sort_values("rank")
            cells += [
                _person(results, str(row.video_id), int(row.track), int(row.frame), _NEIGHBOUR_PX)
                for row in mine.itertuples()
            ]
            cells.append(np.full((_NEIGHBOUR_PX, _GAP_PX, 3), 255, np.uint8))
        rows.append(np.concatenate(cells[:-1], axis=1))
    return sheet(rows, 1)


def _person(results: Path, video_id: str, track: int, frame: int, side: int) -> Image:
    """Return the square around a person, from the crops."""
    with open_store(results / "crops" / f"{video_id}.h5", CROPS) as store:
        row = int(np.flatnonzero((store["track"] == track) & (store["frame"] == frame))[0])
        box = store.rows("box", row, row + 1)[0]
        return cut_square(decode(store.encoded("image", row)), square_around(box, _MARGIN), side)
