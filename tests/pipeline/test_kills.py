"""A run that is killed in any stage and started again ends as if nothing had happened."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load_file

from stpose.artefacts.files import PART

pytestmark = pytest.mark.pipeline

FIRST_HALF = ("--until", "videos", "curriculum")
CASES = {
    "frames": FIRST_HALF,
    "people": FIRST_HALF,
    "crops": ("--until", "crops"),
    "flow": FIRST_HALF,
    "pictures": ("--until", "pictures"),
    "training": (),
    "embeddings": (),
    "repetitions": (),
    "report": (),
}
ORDER = [
    *("frames", "people", "crops", "flow", "videos.parquet", "curriculum.parquet"),
    *("training", "embeddings", "repetitions", "benchmarks"),
    *("pictures", "search", "retrieval", "report"),
]
TIMES = ("seconds", "images_per_second")


def same_table(one: Path, two: Path) -> None:
    first, second = pq.read_table(one), pq.read_table(two)
    names = [name for name in first.column_names if name not in TIMES]
    assert first.select(names).equals(second.select(names)), one


def same_store(one: Path, two: Path) -> None:
    with h5py.File(one) as first, h5py.File(two) as second:
        assert set(first) == set(second)
        for name in first:
            np.testing.assert_array_equal(first[name][()], second[name][()], err_msg=str(one))


def same_weights(one: Path, two: Path) -> None:
    first, second = load_file(one), load_file(two)
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], err_msg=f"{one} {name}")


SAME = {".parquet": same_table, ".h5": same_store, ".safetensors": same_weights}


def artefacts(results: Path) -> set[Path]:
    return {path.relative_to(results) for path in results.rglob("*") if path.suffix in SAME}


def remove_from(results: Path, stage: str) -> None:
    """Remove what a stage and all behind it made."""
    for name in ORDER[ORDER.index(stage) :]:
        path = results / name
        path.unlink() if path.is_file() else shutil.rmtree(path)
    shutil.rmtree(results / "logs")


@pytest.mark.parametrize("stage", CASES)
def test_killed_in(stage, finished, project):
    remove_from(project.results, stage)
    logs = project.results / "logs"
    begun = {
        "training": lambda: any((project.results / "training").rglob("checkpoint.pt")),
        "report": (logs / "report.log").is_file,
    }
    has_begun = begun.get(stage, lambda: any((logs / stage).glob("*.log")))
    project.kill_when(has_begun, *CASES[stage])
    project.run("--unlock")
    project.run(*CASES[stage])
    made = artefacts(project.results)
    assert made if CASES[stage] else made == artefacts(finished.results)
    for name in made:
        SAME[name.suffix](finished.results / name, project.results / name)
    left = [path for path in project.results.rglob("*") if PART in path.name]
    assert left == []
