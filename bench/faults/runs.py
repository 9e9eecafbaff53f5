"""Two runs at once, and clocks that were set."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from faults.kills import has_begun, remove_from
from faults.sameness import artefacts
from faults.trial import Bench, Trial

TWICE, CLOCK = "two runs at once", "clock set"
_YEAR = 365 * 24 * 3600


def at_once(bench: Bench, stage: str) -> Trial:
    """Start a second run while the first is at a stage: it is refused, and costs nothing.

    The first one is halted meanwhile, so that it does not end too soon.
    """
    project = bench.copy("twice")
    remove_from(project.results, stage)
    before = artefacts(project.results)
    first = project.start()
    while not has_begun(project, stage)():
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGSTOP)
    second = project.run(check=False)
    os.killpg(first.pid, signal.SIGCONT)
    told = second.returncode and "lock" in second.stderr.lower()
    says = "" if told else "the second run was not refused"
    if first.wait():
        says += " the first run failed"
    trial = bench.judge(TWICE, stage, project, before, (), says)
    shutil.rmtree(project.folder)
    return trial


def set_clock(bench: Bench, stage: str, seconds: float) -> Trial:
    """Give a stage's results, and videos, times of another year; then run, and look again.

    Later stages may run once more, as their inputs are newer. They must not do so for ever, and
    what is missing must be made. Where results are of the future, the run is refused before any
    work, and names a file; they are touched then, as docs/faults.md says.
    """
    project = bench.copy("clock")
    files = [*(project.results / stage).rglob("*"), *project.videos.rglob("*.mp4")]
    _give_times(files, time.time() + seconds)
    (project.results / "curriculum.parquet").unlink()
    (project.results / "report" / "index.html").unlink()
    says = ""
    if seconds > 0:
        done = project.run(check=False)
        told = done.returncode and "ahead of the clock" in done.stderr
        says = "" if told else "the clock is not told of"
        _give_times(files, time.time())
    direction = "ahead, files touched" if seconds > 0 else "back"
    trial = bench.judge(
        f"{CLOCK} {direction}", stage, project, artefacts(project.results), (), says
    )
    again = project.planned()
    shutil.rmtree(project.folder)
    if again:
        says = f"{trial.says} would run again: {dict(again)}"
        return Trial(**{**trial.__dict__, "ended_right": False, "says": says})
    return trial


def _give_times(files: list[Path], when: float) -> None:
    for path in files:
        os.utime(path, (when, when))


def trials(bench: Bench) -> Iterator[Trial]:
    """Two runs at once; times of files in the past and in the future."""
    yield at_once(bench, "embeddings 2")
    yield set_clock(bench, "crops", -_YEAR)
    yield set_clock(bench, "crops", _YEAR)
