"""A cell's place as CSS has it, against cutting the cell out."""

import numpy as np
import pytest

from stpose.pictures import CELLS, COLUMNS, sheet_of
from stpose.report.sheets import cell_of


@pytest.mark.parametrize("shows", ["frames", "crops"])
@pytest.mark.parametrize("count", [1, 3, 17, 300])
def test_the_place_shows_the_picture(shows, count):
    pictures = [np.full((2, 3, 3), place % 251, np.uint8) for place in range(count)]
    for place in {0, 1, count // 2, count - 1} & set(range(count)):
        cell = cell_of("v", shows, place, count)
        number = int(cell.file.removesuffix(".jpg").rsplit("-", 1)[1])
        part = pictures[number * CELLS[shows] : (number + 1) * CELLS[shows]]
        sheet = sheet_of(part, COLUMNS[shows])
        assert sheet.shape[:2] == (2 * cell.down, 3 * cell.across)
        # A background at p percent: its p percent point lies on that of the box.
        left = round(cell.x / 100 * (sheet.shape[1] - 3))
        top = round(cell.y / 100 * (sheet.shape[0] - 2))
        assert (sheet[top : top + 2, left : left + 3] == place % 251).all()
