"""Cases of one reader, in a process that may crash.

Each find is a line of JSON; so is, in the end and every now and then, what was counted.
"""

import json
import os
import resource
import shutil
import sys
import traceback
import warnings
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzzing.reader import REFUSED, Reader

_MEMORY = 2 << 30  # above what the process has before the first case
_TOLD_EVERY = 100
LOG = "finds.jsonl"


def prepare(reader: Reader, folder: Path) -> Path:
    """Make an empty folder with all that a reader needs; return where a case is to be written."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    reader.surroundings(folder)
    path = folder / reader.file
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def outcome(reader: Reader, folder: Path) -> str:
    """Read a case that was written; tell whether it was taken or refused.

    Raises:
        Exception: Anything that a reader must not do.
    """
    try:
        reader.read(folder)
    except REFUSED:
        return "refused"
    return "taken"


def run(reader: Reader, number: int, cases: int, folder: Path) -> None:
    """Run cases of one reader and print what was found and counted."""
    path = prepare(reader, folder / "case")
    whole = folder / "whole"
    whole.mkdir(exist_ok=True)
    counts: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(reader.cases(whole))
    def one(content: bytes) -> None:
        path.write_bytes(content)
        try:
            counts[outcome(reader, folder / "case")] += 1
        except Exception as error:
            counts["wrong"] += 1
            last = traceback.extract_tb(error.__traceback__)
            own = [step for step in last if "stpose" in step.filename or "fuzzing" in step.filename]
            where = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
            kept = folder / f"{type(error).__name__}-{where.replace(':', '-')}{path.suffix}"
            kept.write_bytes(content)
            print(
                json.dumps(
                    {
                        "find": f"{type(error).__name__} at {where}",
                        "says": str(error)[:300],
                        "file": str(kept),
                    }
                )
            )
        if sum(counts.values()) % _TOLD_EVERY == 0:
            print(json.dumps({"counts": counts}), flush=True)

    one()
    print(json.dumps({"counts": counts}), flush=True)


def work(reader: Reader, number: int, cases: int, folder: Path) -> None:
    """Run cases of one reader in a process of its own, with warnings as errors and little memory.

    What is found and counted goes to `LOG` in the folder, what libraries say to `stderr.txt`.
    """
    for name, descriptor in ((LOG, 1), ("stderr.txt", 2)):
        with (folder / name).open("w") as target:
            os.dup2(target.fileno(), descriptor)
    sys.stdout = os.fdopen(1, "w")
    warnings.simplefilter("error")
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    run(reader, number, cases, folder)
    sys.stdout.flush()
