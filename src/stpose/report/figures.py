"""The figures of Snakemake's own report."""

from collections.abc import Callable, Sequence
from pathlib import Path

from stpose.inspect.canvas import Image, label, sheet
from stpose.inspect.found import neighbours_picture
from stpose.inspect.learning import curriculum_picture, metrics_picture
from stpose.inspect.repetition import repetitions_picture
from stpose.report.plots import Training


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
        "retrieval": neighbours_picture(shown("retrieval") / "neighbours.parquet"),
    }
