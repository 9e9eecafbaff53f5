"""Runs the posture benchmark for the workflow and writes its table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stpose.artefacts.provenance import input_identity
from stpose.benchmarks.document import seeds_note, write_benchmark
from stpose.benchmarks.embedders import contenders
from stpose.benchmarks.olympic_sports.frames import has_frames
from stpose.benchmarks.olympic_sports.labels import find_label_files
from stpose.benchmarks.olympic_sports.protocol import load_categories
from stpose.benchmarks.olympic_sports.table import no_pixel_rows, pixel_rows
from stpose.benchmarks.rows import differences
from stpose.settings.benchmarks import BenchmarkSettings, OlympicSportsSettings


def run_posture(
    weights_path: Path | None,
    data_folder: Path,
    out_path: Path,
    settings: BenchmarkSettings,
    code: str = "",
    inputs: Sequence[Path] = (),
) -> None:
    """Measure posture AUC in the format of Olympic Sports and write its table.

    Values are AUCs from 0 to 1: the mean over categories of the mean over exemplars, with a
    95% interval over exemplars. Without frames only the rows that need no pixels are written.

    Args:
        weights_path: The network to measure; without, the table has everything else.
        data_folder: Labels, frame lists, boxes and, if there are any, frames.
        out_path: The document to write; the scores go into a .parquet beside it.
        settings: Settings.
        code: Fingerprint of the code.
        inputs: Artefacts that the result depends on, such as the weights.

    Raises:
        InputError: A file of the data is missing or not as published.
        ArtefactError: The weights are missing or damaged.
    """
    posture = settings.olympic_sports or OlympicSportsSettings()
    categories = load_categories(data_folder)
    rows = no_pixel_rows(categories)
    notes = []
    if has_frames(data_folder):
        found = contenders(weights_path, settings)
        rows += pixel_rows(data_folder, categories, found, settings, posture)
    else:
        notes.append("There are no frames here, so only the rows that need no pixels are filled.")
    counts = [len(category.labels.anchors) for category in categories]
    groups = np.repeat(np.arange(len(counts)), counts)
    content: dict[str, Any] = {
        "benchmark": "olympic-sports",
        "data": {
            "folder": str(data_folder),
            "categories": len(categories),
            "exemplars": sum(counts),
            "positives": sum(int(one.labels.positive.sum()) for one in categories),
            "negatives": sum(int((~one.labels.positive).sum()) for one in categories),
        },
        "metric": "auc_exact",
        "protocol": (
            "Posture AUC, 0 to 1: the probability that a frame of the exemplar's posture is nearer "
            "than one of another, ties half; mean over exemplars, then categories; 95% interval "
            f"over exemplars. Crop {posture.crop}, distance {posture.distance}."
        ),
        "differences": differences(rows, settings, groups),
        "notes": [*notes, seeds_note(settings)],
    }
    labels = find_label_files(data_folder)
    sources = [(path.name, input_identity(path)) for path in labels.values()]
    only = settings.only("olympic_sports")
    write_benchmark(out_path, content, rows, groups, only, code, inputs, sources)
