"""The layouts of data that are known, and looking for them."""

from pathlib import Path

from stpose.cli.check_data import jhmdb, lsp, middlebury, mpii, olympic_sports, repetitions
from stpose.cli.check_data.finding import Finding

LAYOUTS = (
    lsp.LAYOUT,
    olympic_sports.LAYOUT,
    mpii.LAYOUT,
    repetitions.LAYOUT,
    jhmdb.LAYOUT,
    middlebury.LAYOUT,
)


def look_at(folder: Path) -> list[Finding]:
    """Look at the datasets in a folder: the folder itself, or else the folders in it.

    Returns:
        What was found out about each, sorted by folder.
    """
    own = _look_at_one(folder)
    if own:
        return own
    inner = sorted(path for path in folder.iterdir() if path.is_dir())
    return [finding for path in inner for finding in _look_at_one(path)]


def _look_at_one(folder: Path) -> list[Finding]:
    return [layout.check(folder) for layout in LAYOUTS if layout.is_in(folder)]
