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

STAGES = ("frames", "people", "crops", "flow", "training", "embeddings", "repetitions", "report")
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


@pytest.mark.parametrize("stage", STAGES)
def test_killed_in(stage, finished, project):
    shutil.rmtree(project.results / stage)
    for log in (project.results / "logs").rglob("*.log"):
        log.unlink()
    logs = project.results / "logs"

    def has_begun() -> bool:
        named = [*logs.glob(f"{stage}.log"), *(logs / stage).glob("*.log")]
        return bool(named)

    project.kill_when(has_begun)
    project.run("--unlock")
    project.run()
    assert artefacts(project.results) == artefacts(finished.results)
    for name in artefacts(finished.results):
        SAME[name.suffix](finished.results / name, project.results / name)
    left = [path for path in project.results.rglob("*") if PART in path.name]
    assert left == []
