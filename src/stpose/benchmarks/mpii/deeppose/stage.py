"""Runs DeepPose on MPII for the workflow and writes its table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.provenance import input_identity
from stpose.benchmarks.document import write_benchmark
from stpose.benchmarks.embedders import Kind
from stpose.benchmarks.mpii.data import find_annotations, load_mpii
from stpose.benchmarks.mpii.deeppose.evaluation import (
    DeepPoseTask,
    make_deeppose_task,
    train_deeppose,
)
from stpose.benchmarks.mpii.deeppose.initial import initial_network
from stpose.benchmarks.mpii.pckh import TOTAL, pckh, person_scores
from stpose.benchmarks.rows import Row, differences
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings, DeepPoseBenchmarkSettings
from stpose.settings.network import NetworkSettings

_PERCENT = 100
_ROWS: tuple[tuple[str, str, Kind], ...] = (
    ("trained", "test", "trained"),
    ("mean pose", "mean_pose", "no-pixel"),
)


def run_deeppose(
    weights_path: Path,
    out_path: Path,
    settings: BenchmarkSettings,
    code: str = "",
    inputs: Sequence[Path] = (),
) -> None:
    """Train DeepPose from weights, measure it, and write its table.

    Values are PCKh at half of MPII's head size, 0 to 1: the mean over ten groups of joints, with a
    95% interval over people.

    Args:
        weights_path: The network that the training starts from.
        out_path: The document to write; the scores go into a .parquet beside it.
        settings: Settings, with those of this benchmark.
        code: Fingerprint of the code.
        inputs: Artefacts that the result depends on, such as the weights.

    Raises:
        InputError: A file is missing or not as published, or no joint of the test can be judged.
        ArtefactError: The weights are missing or damaged.
    """
    chosen = settings.deeppose
    if chosen is None:
        message = "benchmarks.deeppose: found null, expected settings of DeepPose"
        raise InputError(message)
    task = read_task(chosen)
    network = initial_network(
        str(weights_path), NetworkSettings(), chosen.training.seed, Path(), chosen.input_px
    )
    trained = train_deeppose(task, network, chosen.training)
    box, segment = trained.found["head_box"], trained.found["head_segment"]
    rows = [
        _row(name, kind, box[column], segment[column], chosen.folder)
        for name, column, kind in _ROWS
    ]
    content: dict[str, Any] = {
        "benchmark": "deeppose",
        "data": {
            "folder": chosen.folder,
            "train": len(task.train),
            "test": len(task.test),
            "people": len(task.train) + len(task.test),
            "images_trained_on_and_tested": task.shared_images(),
        },
        "metric": "pckh",
        "protocol": (
            "PCKh, 0 to 1: joints within half of 0.6 head box diagonals; mean over ten groups of "
            f"joints; 95% interval over people. Trained on {len(task.train)} people for "
            f"{chosen.training.iterations} iterations, tested on {len(task.test)}."
        ),
        "differences": differences(rows, settings),
        "notes": _notes(task),
    }
    files = [find_annotations(Path(chosen.folder), _path(chosen.train))]
    sources = [(path.name, input_identity(path)) for path in files]
    write_benchmark(out_path, content, rows, None, settings.only("deeppose"), code, inputs, sources)


def read_task(chosen: DeepPoseBenchmarkSettings) -> DeepPoseTask:
    """Read the annotations and choose whom to train on and whom to test.

    Raises:
        InputError: A file is missing or not as published, or nobody with a head box is left.
    """
    folder, boxes = Path(chosen.folder), _path(chosen.head_boxes)
    test = _path(chosen.test)
    people = load_mpii(
        find_annotations(folder, _path(chosen.train)), boxes if test is None else None
    )
    tested = None if test is None else load_mpii(find_annotations(folder, test), boxes)
    task = make_deeppose_task(folder, people, tested, chosen.training, chosen.only_with_pictures)
    if not np.isfinite(task.test.head_size).any():
        message = f"{folder}: no head box of the {len(task.test)} people tested, expected some"
        raise InputError(message)
    return task


def _row(
    name: str, kind: Kind, box: NDArray[np.float64], segment: NDArray[np.float64], folder: str
) -> Row:
    by = pckh(box)
    if by[TOTAL] is None:
        message = f"{folder}: no joint of the people tested can be judged, expected head boxes"
        raise InputError(message)
    shares = {part: value / _PERCENT for part, value in by.items() if value is not None}
    by_segment = pckh(segment)[TOTAL]
    further = {"head_segment": None if by_segment is None else by_segment / _PERCENT}
    del shares[TOTAL]
    return Row(name, kind, person_scores(box) / _PERCENT, shares, further=further)


def _notes(task: DeepPoseTask) -> list[str]:
    notes = ["mean pose is the same pose for every picture: that of the people trained on."]
    if task.shared_images():
        notes.append(
            f"{task.shared_images()} images are trained on and tested: this shows that training "
            "works, not how well it generalises."
        )
    return notes


def _path(name: str | None) -> Path | None:
    return None if name is None else Path(name)
