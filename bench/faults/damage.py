"""Artefacts truncated, with a flipped byte, or of another version of their schema."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

from faults.project import Project
from faults.sameness import artefacts, same
from faults.trial import Bench, Trial
from stpose.artefacts import header as headers
from stpose.artefacts.header import KEY, parse_header, read_header
from stpose.artefacts.verification import verify_file
from stpose.errors import ArtefactError

TRUNCATED, FLIPPED, OLD = "truncated artefact", "flipped byte", "older schema version"


def truncate(path: Path, chance: random.Random) -> None:
    """Take off the end of a file."""
    size = path.stat().st_size
    os.truncate(path, chance.randrange(size))


def flip(path: Path, chance: random.Random) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def make_older(path: Path, chance: random.Random | None = None) -> None:
    """Let a table say that its schema is of the version before, as an older program's would."""
    del chance
    table = pq.read_table(path, partitioning=None)
    header = parse_header(table.schema.metadata[KEY.encode()], path)
    older = headers.Header(**{**header.__dict__, "version": header.version - 1})
    pq.write_table(table.replace_schema_metadata({KEY: older.to_json()}), path)


def kinds(results: Path) -> dict[str, str]:
    """Return an artefact of each kind that a run leaves."""
    return {read_header(results / name).kind: name for name in sorted(artefacts(results))}


def strike(
    bench: Bench, fault: str, damage: Callable[[Path, random.Random], None], count: int
) -> Iterator[Trial]:
    """Damage an artefact of each kind some times; it is refused by name, or holds the same."""
    for kind, name in kinds(bench.finished.results).items():
        if damage is make_older and not name.endswith(".parquet"):
            continue
        whole = bench.finished.results / name
        for seed in range(count):
            copy = bench.folder / f"{seed}{whole.suffix}"
            copy.write_bytes(whole.read_bytes())
            damage(copy, random.Random(f"{fault} {kind} {seed}"))
            says, accepted = "", ()
            try:
                verify_file(copy)
                accepted = () if same(whole, copy) else (name,)
            except ArtefactError as refusal:
                says = "" if str(copy) in str(refusal) else f"names no file: {refusal}"
            yield Trial(fault, kind, None, (), accepted, says)
            copy.unlink()


def met_by_a_run(
    bench: Bench, fault: str, damage: Callable[[Path, random.Random], None], pattern: str
) -> Trial:
    """Damage an artefact; the run that reads it names it, and ends right once it is made anew."""
    project = bench.copy("met")
    path = next(project.results.glob(pattern))
    damage(path, random.Random(0))
    name = path.relative_to(project.results).as_posix()
    done = project.run(check=False)
    says = "" if done.returncode and name in _said(project, done.stderr) else f"{name} not named"
    project.run("--forcerun", f"{project.results.name}/{name}", check=False)
    trial = bench.judge(fault, f"run that reads {pattern}", project, (), (), says)
    shutil.rmtree(project.folder)
    return trial


def _said(project: Project, errors: str) -> str:
    logs = (project.results / "logs").rglob("*.log")
    return "".join([errors, *(log.read_text(encoding="utf-8") for log in logs)])


def trials(bench: Bench, count: int = 20) -> Iterator[Trial]:
    """Damage every kind of artefact; let runs meet some of it."""
    yield from strike(bench, TRUNCATED, truncate, count)
    yield from strike(bench, FLIPPED, flip, count)
    yield from strike(bench, OLD, make_older, 1)
    yield met_by_a_run(bench, TRUNCATED, truncate, "training/*/1/weights.safetensors")
    yield met_by_a_run(bench, OLD, make_older, "curriculum.parquet")
