"""A run that is killed in any stage and started again ends as if nothing had happened."""

import shutil
from pathlib import Path

import pytest

from faults.sameness import artefacts, different
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
    assert different(finished.results, project.results, made) == []
    left = [path for path in project.results.rglob("*") if PART in path.name]
    assert left == []
