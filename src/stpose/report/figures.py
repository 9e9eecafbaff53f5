"""The figures of Snakemake's own report."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from stpose.artefacts.schemas import CROPS, NEIGHBOURS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.crops import cut_square
from stpose.geometry import square_around
from stpose.inspect.canvas import Image, label, sheet
from stpose.inspect.footage import decode
from stpose.inspect.learning import curriculum_picture, metrics_picture
from stpose.inspect.repetition import repetitions_picture
from stpose.report.plots import Training

FIGURES = ("curriculum", "training", "repetitions", "retrieval")
_CELL = 80
_GAP = 40


def report_figures(
    results: Path, trainings: Sequence[Training], shown: Callable[[str], Path]
) -> dict[str, Image]:
    """Return the figures by name: BGR pictures.

    Args:
        results: The results folder.
        trainings: Every round of every experiment.
        shown: Gives the folder of a stage for the round that is shown.

    Raises:
        ArtefactError: An artefact is missing or damaged.
    """
    curves = [label(metrics_picture(one.path), one.name) for one in trainings]
    return {
        "curriculum": curriculum_picture(results / "curriculum.parquet"),
        "training": sheet(curves, 1),
        "repetitions": repetitions_picture(shown("repetitions") / "tracks.parquet"),
        "retrieval": retrieval_picture(shown("retrieval") / "neighbours.parquet", results),
    }


def retrieval_picture(path: Path, results: Path) -> Image:
    """Return a row for each query: itself, its learned neighbours, those by random weights.

    Raises:
        ArtefactError: The table or a store of crops is missing or damaged.
    """
    table = read_table(path, NEIGHBOURS).to_pandas()
    rows = []
    for _, query in table.groupby("query"):
        cells = []
        for weights in ("trained", "random"):
            mine = query[query["weights"] == weights].sort_values("rank")
            cells += [
                _crop(results, str(row.video_id), int(row.track), int(row.frame))
                for row in mine.itertuples()
            ]
            cells.append(np.full((_CELL, _GAP, 3), 255, np.uint8))
        rows.append(np.concatenate(cells[:-1], axis=1))
    return sheet(rows, 1)


def _crop(results: Path, video_id: str, track: int, frame: int) -> Image:
    with open_store(results / "crops" / f"{video_id}.h5", CROPS) as store:
        row = int(np.flatnonzero((store["track"] == track) & (store["frame"] == frame))[0])
        box = store.rows("box", row, row + 1)[0]
        return cut_square(decode(store.encoded("image", row)), square_around(box, 1.2), _CELL)
