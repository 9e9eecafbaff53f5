"""Results on a disk that is full, or that may not be written to."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.project import Project
from faults.sameness import artefacts, different
from faults.trial import Bench, Trial

FULL, READ_ONLY, IMMUTABLE = "disk full", "results read-only", "no write permission"

# Megabytes that are left for results: none for all frames, none for the crops, none for training.
ROOMS = (1, 5, 12)


def can_mount() -> bool:
    """Tell whether small disks can be made here."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a small disk in memory at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _need(project: Project, *names: str) -> None:
    """Remove artefacts and the report, which all else is made for: the next run needs them."""
    for name in (*names, "report/index.html"):
        (project.results / name).unlink()


def _mount_again(folder: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def _logs(project: Project) -> str:
    logs = project.results / "logs"
    return "".join(path.read_text(encoding="utf-8") for path in logs.rglob("*.log"))


def fill(bench: Bench, megabytes: int, arguments: tuple[str, ...] = ()) -> Trial:
    """Run with too little room; then make room and run again."""
    project = bench.copy(f"full-{megabytes}")
    shutil.rmtree(project.results)
    with small_disk(project.results, megabytes):
        done = project.run(*arguments, check=False)
        said = done.stderr + _logs(project)
        told = "No space left" in said and f"while writing {project.results.name}/" in said
        says = "" if done.returncode and told else "file and reason are not told"
        made = artefacts(project.results)
        half = different(bench.finished.results, project.results, made)
        _mount_again(project.results, "size=500m")
        trial = bench.judge(FULL, f"{megabytes} MB for all", project, (), arguments, says)
    shutil.rmtree(project.folder)
    return Trial(**{**trial.__dict__, "accepted": (*half, *trial.accepted)})


def read_only(bench: Bench) -> Trial:
    """Run on results that cannot be written to; then allow it and run again."""
    project = bench.copy("read-only")
    kept = project.folder / "kept"
    project.results.rename(kept)
    with small_disk(project.results, 500):
        shutil.copytree(kept, project.results, dirs_exist_ok=True)
        _need(project, "curriculum.parquet")
        before = artefacts(project.results)
        _mount_again(project.results, "ro")
        done = project.run(check=False)
        told = done.returncode and "Read-only file system" in done.stderr
        _mount_again(project.results, "rw")
        says = "" if told else "the reason is not told"
        trial = bench.judge(READ_ONLY, "all", project, before, (), says)
    shutil.rmtree(project.folder)
    return trial


def immutable(bench: Bench, stage: str) -> Trial:
    """Run while the folder of one stage takes no files, root's neither; then allow it."""
    project = bench.copy(f"immutable-{stage}")
    folder = project.results / stage
    missing = next(folder.rglob("*.parquet"))
    _need(project, missing.relative_to(project.results).as_posix(), "curriculum.parquet")
    before = artefacts(project.results)
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    subprocess.run(["chattr", "+i", *map(str, folders)], check=True)
    try:
        done = project.run(check=False)
    finally:
        subprocess.run(["chattr", "-i", *map(str, folders)], check=True)
    said = done.stderr + _logs(project)
    told = done.returncode and ("not permitted" in said or "Permission denied" in said)
    trial = bench.judge(
        IMMUTABLE, stage, project, before, (), "" if told else "the reason is not told"
    )
    shutil.rmtree(project.folder)
    return trial


def trials(bench: Bench) -> Iterator[Trial]:
    """Fill disks at several places; forbid writing to all, and to the folder of a stage."""
    if not can_mount():
        return
    for megabytes in ROOMS:
        yield fill(bench, megabytes)
    yield read_only(bench)
    yield immutable(bench, "flow")
