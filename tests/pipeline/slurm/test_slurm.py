"""Through Slurm comes what comes locally, whatever happens to jobs and node on the way.

Only `make slurm-test` runs these.
"""

import json
import re
import subprocess
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

pytestmark = [pytest.mark.slurm, pytest.mark.pipeline]

FIRST_HALF = ("--until", "videos", "curriculum")
TIMES = ("seconds", "images_per_second")


def jobs(state: str = "RUNNING") -> list[str]:
    """Ids of the jobs that Slurm has in a state."""
    command = ["squeue", "--noheader", "--states", state, "--format", "%i"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def memories(log: str, rule: str) -> list[str]:
    """What the jobs of a rule, in the order of a run's log, asked of Slurm: it remembers them."""
    submitted = rf"submitted with SLURM jobid (\d+) \(log: \S*/rule_{rule}/"
    asked = []
    for job in re.findall(submitted, log):
        command = ["scontrol", "show", "job", job]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        asked += re.findall(r"MinMemoryNode=(\w+)", told)
    return asked


def same_tables(one: Path, two: Path, least: int) -> None:
    """Compare all tables below two folders of results, whose number must be `least` or more."""
    names = sorted(path.relative_to(two) for path in two.rglob("*.parquet"))
    assert len(names) >= least
    for name in names:
        first, second = pq.read_table(one / name), pq.read_table(two / name)
        columns = [column for column in first.column_names if column not in TIMES]
        assert first.select(columns).equals(second.select(columns)), name


def figures(path: Path) -> dict:
    """A benchmark's table, without where it comes from."""
    return {key: value for key, value in json.loads(path.read_text()).items() if key != "stpose"}


def test_a_job_that_is_cancelled_is_tried_again(slurm, local, project, start):  # noqa: ARG001
    run = start(project, *FIRST_HALF)
    people = project.results / "logs" / "people"
    run.wait_until(lambda: people.is_dir() and any(people.iterdir()))
    (job,) = jobs()
    subprocess.run(["scancel", job], check=True)
    log = run.finish()
    assert f"JOB {job} ON" in log
    assert "CANCELLED" in log
    same_tables(local.results, project.results, 8)


def test_a_job_over_its_memory_gets_twice_as_much(slurm, local, project, start):  # noqa: ARG001
    project.edit("workflow/rules/curriculum.smk", "doubling(2000)", "doubling(200)")
    log = start(project, *FIRST_HALF).finish()
    assert memories(log, "curriculum") == ["200M", "400M"]
    same_tables(local.results, project.results, 8)


def test_slurmd_may_stop_for_a_minute(slurm, local, project, start):
    run = start(project, *FIRST_HALF)
    run.wait_until(jobs)
    slurm("stop-node")
    try:
        time.sleep(60)
    finally:
        slurm("start-node")
    run.finish()
    same_tables(local.results, project.results, 8)


def test_the_demo_gives_the_same_tables(slurm, local, project, start):  # noqa: ARG001
    log = start(project).finish()
    assert "has been submitted with SLURM jobid" in log
    assert (project.results / "report" / "index.html").is_file()
    of_all = len(list(local.results.rglob("*.parquet")))
    same_tables(local.results, project.results, of_all)
    for name in ("lsp", "olympic_sports"):
        table = f"benchmarks/st/{name}.json"
        assert figures(project.results / table) == figures(local.results / table)
    for name in ("tables/tables.md", "report/claims.md"):
        assert (project.results / name).read_text() == (local.results / name).read_text()
