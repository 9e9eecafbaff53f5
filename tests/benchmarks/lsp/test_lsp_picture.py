"""The sheet of queries and neighbours."""

import numpy as np
import pytest

from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.lsp.picture import evenly_spaced, neighbour_sheet
from stpose.benchmarks.lsp.protocol import choose_images
from stpose.settings.benchmarks import LspSettings


@pytest.fixture
def pools(lsp_folder):
    gallery, queries = choose_images(load_lsp(lsp_folder), None, LspSettings())
    return queries, gallery


def strength(picture, channel):
    """How many pixels are clearly of one colour."""
    others = np.delete(picture.astype(int), channel, axis=2).max(axis=2)
    return int((picture[..., channel].astype(int) - others > 80).sum())


def test_skeletons_lie_on_the_query_alone(pools):
    sheet = neighbour_sheet(*pools, [(0, 3)], columns=1, side_px=100)
    query, neighbour = sheet[6:106, 6:106], sheet[6:106, 106:206]
    assert strength(query, 2) > 50  # red
    assert strength(query, 1) > 50  # green
    assert strength(neighbour, 2) == strength(neighbour, 1) == 0


def test_skeletons_scale_with_the_picture(pools):
    """Red and green marks of a small and of a large sheet cover the same share of a query."""
    for channel in (1, 2):
        middles = []
        for side in (80, 240):
            query = neighbour_sheet(*pools, [(0, 3)], side_px=side)[6 : 6 + side, 6 : 6 + side]
            others = np.delete(query.astype(int), channel, axis=2).max(axis=2)
            marks = np.argwhere(query[..., channel].astype(int) - others > 80) / side
            middles.append((marks.mean(axis=0), np.ptp(marks, axis=0)))
        np.testing.assert_allclose(*middles, atol=0.06)


def test_pairs_fill_the_lines_of_the_sheet(pools):
    sheet = neighbour_sheet(*pools, [(0, 3), (1, 4), (2, 5)], columns=2, side_px=40)
    assert sheet.dtype == np.uint8
    assert sheet.shape == (2 * (40 + 16 + 6) + 6, 2 * (80 + 6) + 6, 3)
    third = neighbour_sheet(*pools, [(2, 5)], columns=1, side_px=40)
    np.testing.assert_array_equal(sheet[68:124, 6:86], third[6:62, 6:86])
    assert (sheet[68:124, 92:172] == 255).all()


def test_nothing_to_show_is_refused(pools):
    with pytest.raises(ValueError, match="no pairs"):
        neighbour_sheet(*pools, [])


@pytest.mark.parametrize(
    ("count", "wanted", "expected"), [(9, 3, [0, 4, 8]), (2, 5, [0, 1]), (1, 4, [0]), (5, 1, [0])]
)
def test_queries_shown_are_evenly_spaced(count, wanted, expected):
    assert evenly_spaced(count, wanted).tolist() == expected
