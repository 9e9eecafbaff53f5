"""Videos that cannot be read to their end: one video's cost, and no other's."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

from faults.sameness import different
from faults.trial import Bench, Trial
from stpose.videos.discovery import video_id

FAULT = "read error in a video"


def overwritten(path: Path) -> None:
    """Overwrite the middle with zeros, as a disk that gives up on some sectors."""
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Take off the second half."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def folder(path: Path) -> None:
    """Put a folder in place of the file: opening succeeds, reading fails."""
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "overwritten middle": overwritten,
    "cut": cut,
    "a folder": folder,
}


def read_error(bench: Bench, name: str) -> Trial:
    """Spoil one of three videos; the others' results stay, and the video comes back."""
    project = bench.copy(f"video-{name.replace(' ', '-')}")
    path = sorted(project.videos.rglob("*.mp4"))[0]
    whole = path.read_bytes()
    relative = path.relative_to(project.videos).as_posix()
    DAMAGES[name](path)
    done = project.run("--until", "videos", "curriculum", check=False)
    rows = pq.read_table(project.results / "videos.parquet").to_pylist()
    row = next(row for row in rows if row["path"] == relative)
    says = "" if row["reason"] or row["warning"] else f"nothing is told of {relative}"
    if done.returncode:
        says += f" the run failed: {done.stderr[-800:]}"
    others = {
        file
        for stage in ("frames", "people", "crops", "flow")
        for file in (
            found.relative_to(project.results).as_posix()
            for found in (project.results / stage).glob("*")
        )
        if video_id(relative) not in file
    }
    spoilt = different(bench.finished.results, project.results, others)
    if path.is_dir():
        path.rmdir()
    path.write_bytes(whole)
    trial = bench.judge(FAULT, name, project, (), (), says.strip())
    shutil.rmtree(project.folder)
    return Trial(**{**trial.__dict__, "accepted": (*spoilt, *trial.accepted)})


def trials(bench: Bench) -> Iterator[Trial]:
    """Spoil a video in each way."""
    for name in DAMAGES:
        yield read_error(bench, name)
