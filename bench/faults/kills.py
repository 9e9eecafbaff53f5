"""SIGKILL of a whole run at a random moment of a stage."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from faults.project import Project
from faults.sameness import artefacts
from faults.trial import Bench, Trial

FAULT = "SIGKILL"

# Where results of a stage are and its log, in the order in which stages run. What is killed is
# the run, not a rule: with two cores others may be in the middle of something, too.
STAGES: dict[str, tuple[str, str]] = {
    "frames": ("frames", "frames/*.log"),
    "people": ("people", "people/*.log"),
    "crops": ("crops", "crops/*.log"),
    "flow": ("flow", "flow/*.log"),
    "videos": ("videos.parquet", "videos.log"),
    "curriculum": ("curriculum.parquet", "curriculum.log"),
    "training 1": ("training/st/1", "training/st-1.log"),
    "embeddings": ("embeddings/st/1", "embeddings/st-1.log"),
    "repetitions": ("repetitions/st/1", "repetitions/st-1.log"),
    "training 2": ("training/st/2", "training/st-2.log"),
    "embeddings 2": ("embeddings/st/2", "embeddings/st-2.log"),
    "repetitions 2": ("repetitions/st/2", "repetitions/st-2.log"),
    "benchmarks": ("benchmarks", "benchmarks/*.log"),
    "tables": ("tables", "tables.log"),
    "pictures": ("pictures", "pictures/*.log"),
    "search": ("search", "search/*.log"),
    "retrieval": ("retrieval", "retrieval/*.log"),
    "report": ("report", "report.log"),
}
# Training is where most can go wrong; it is struck at more moments than the others.
DRAWN = [*STAGES, "training 1", "training 2"]
_LONGEST_DELAY = 5.0  # s; the longest of these jobs takes some ten, half of it loading libraries


def remove_from(results: Path, stage: str) -> None:
    """Remove what a stage and all behind it made."""
    names = list(STAGES)
    for name in names[names.index(stage) :]:
        path = results / STAGES[name][0]
        path.unlink() if path.is_file() else shutil.rmtree(path)
    shutil.rmtree(results / "logs")


def has_begun(project: Project, stage: str) -> Callable[[], bool]:
    """Return what tells whether a job of a stage has begun."""
    logs, pattern = project.results / "logs", STAGES[stage][1]
    return lambda: any(logs.glob(pattern))


def kill(bench: Bench, stage: str, seed: int, arguments: tuple[str, ...] = ()) -> Trial:
    """Kill a run while a stage is at work, and start it again."""
    project = bench.copy(f"kill-{seed}-{stage.replace(' ', '-')}")
    remove_from(project.results, stage)
    before = artefacts(project.results)
    delay = random.Random(seed).uniform(0, _LONGEST_DELAY)
    was_running = project.kill_when(has_begun(project, stage), *arguments, delay=delay)
    says = "" if was_running else "the run had ended"
    trial = bench.judge(FAULT, stage.split()[0], project, before, arguments, says)
    shutil.rmtree(project.folder)
    return trial


def trials(bench: Bench, seeds: int = len(DRAWN)) -> Iterator[Trial]:
    """Kill runs, one a seed, spread over all stages."""
    for seed in range(seeds):
        yield kill(bench, DRAWN[seed % len(DRAWN)], seed)
