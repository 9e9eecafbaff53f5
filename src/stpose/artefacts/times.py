"""Results with times ahead of the clock: Snakemake refuses what is made of them, after the work."""

import shlex
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from stpose.errors import InputError

# Clocks of the machines that share a file system are this far apart at most.
TOLERANCE_SECONDS = 60.0


def check_times(results: Path) -> None:
    """Make sure that no result has a time ahead of this machine's clock.

    Snakemake compares times: what is made of a file of tomorrow looks older than that file, and
    is thrown away when it is done. So this is for before the work.

    Args:
        results: The results folder; it need not be there yet.

    Raises:
        InputError: A file is from the future; says which, and what to do.
    """
    now = time.time()
    ahead = [(when, path) for when, path in _times(results) if when > now + TOLERANCE_SECONDS]
    if not ahead:
        return
    when, path = max(ahead)
    message = (
        f"{path}: is of {_text(when)} (one of {len(ahead)} such files), expected no time ahead of "
        f"the clock, {_text(now)}. Set the clock; if it is right: "
        f"find {shlex.quote(str(results))} -newermt now -exec touch {{}} +"
    )
    raise InputError(message)


def _times(folder: Path) -> Iterator[tuple[float, Path]]:
    """Yield the times of all files below a folder, and their paths; links are not followed."""
    for path in folder.rglob("*"):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            yield status.st_mtime, path


def _text(when: float) -> str:
    return datetime.fromtimestamp(when).isoformat(" ", "seconds")
