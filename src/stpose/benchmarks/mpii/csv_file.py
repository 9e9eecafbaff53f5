"""The annotations as a table of the first person of each image.

Columns: `NAME` (image), `r ankle_X`, `r ankle_Y` and so on by the names of the joints, `Scale`. A
missing joint is (-1, -1); other negative values are joints outside the image. Head box, centre
and visibility are not in it.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.benchmarks.mpii.people import JOINTS, MpiiPeople, make_people
from stpose.errors import InputError

_COLUMNS = tuple(f"{joint}_{axis}" for joint in JOINTS for axis in "XY")
_MISSING = -1.0


def read_csv(path: Path) -> MpiiPeople:
    """Read the people of a table.

    Raises:
        InputError: A column is missing, or a line holds something that is no number.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = list(reader.fieldnames or ())
            lines = list(reader) if "NAME" in header else []
    except (csv.Error, UnicodeDecodeError) as error:
        message = f"{path}: unreadable as a table of comma-separated values ({error})"
        raise InputError(message) from error
    lacking = [name for name in ("NAME", *_COLUMNS, "Scale") if name not in header]
    if lacking:
        message = (
            f"{path}: no column {lacking[0]!r} ({len(lacking)} lacking), found "
            f"{', '.join(header[:4])}, ...; expected NAME, 'r ankle_X' to 'l wrist_Y', and Scale"
        )
        raise InputError(message)
    if not lines:
        message = f"{path}: no lines behind the header, expected one a person"
        raise InputError(message)
    values = _numbers(lines, path)
    joints = values[:, :-1].reshape(len(lines), len(JOINTS), 2)
    present = ~(joints == _MISSING).all(axis=2)
    images = [line["NAME"] for line in lines]
    return make_people(
        path, images, np.zeros(len(lines)), joints, present, present, scale=values[:, -1]
    )


def _numbers(lines: list[dict[str, str]], path: Path) -> NDArray[np.float64]:
    """Return coordinates and scale (N, 33)."""
    values = np.empty((len(lines), len(_COLUMNS) + 1))
    for row, line in enumerate(lines):
        for column, name in enumerate((*_COLUMNS, "Scale")):
            try:
                values[row, column] = float(line[name])
            except (TypeError, ValueError) as error:
                # The header is line 1.
                message = f"{path}: line {row + 2}, {name}: {line[name]!r}, expected a number"
                raise InputError(message) from error
    return values
