"""How long each stage took and how much memory it used, from Snakemake's benchmark files."""

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StageTiming:
    """One stage over all its jobs.

    Attributes:
        stage: Name of the stage.
        jobs: Jobs with a timing; those of earlier runs whose results still hold count too.
        wall_seconds: Their wall times added up.
        cpu_seconds: Their CPU times added up.
        memory_mb: Largest resident memory of one job, MB (10^6 bytes).
    """

    stage: str
    jobs: int
    wall_seconds: float
    cpu_seconds: float
    memory_mb: float


def read_timings(folder: Path, stages: tuple[str, ...]) -> list[StageTiming]:
    """Add up the timings of each stage.

    Args:
        folder: Holds `STAGE.tsv` or `STAGE/**/*.tsv`, as the rules' `benchmark` lines say.
        stages: Names of stages, in the order wanted.

    Returns:
        A row for every stage that has a timing.
    """
    rows = []
    for stage in stages:
        files = [folder / f"{stage}.tsv", *sorted((folder / stage).rglob("*.tsv"))]
        jobs = [_read(path) for path in files if path.is_file()]
        if jobs:
            wall, cpu, memory = zip(*jobs, strict=True)
            rows.append(StageTiming(stage, len(jobs), sum(wall), sum(cpu), max(memory)))
    return rows


def _read(path: Path) -> tuple[float, float, float]:
    with path.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file, delimiter="\t"), {})
    wall = _number(row, "s")
    return wall, _number(row, "cpu_time"), _number(row, "max_rss") * 1.048576


def _number(row: dict[str, str], key: str) -> float:
    """Return a value, or 0 where a job was too short for Snakemake to measure it."""
    try:
        return float(row.get(key) or 0)
    except ValueError:
        return 0.0
