"""The frame that a page opens on."""

import pandas as pd
import pytest

from stpose.report.opening import opening_frame

ROWS = [
    # frame, inside, ratio
    (0, None, None),
    (1, 0.02, 9.0),  # clear, but nothing to see
    (2, 3.0, 4.0),
    (2, 2.0, 1.5),
    (3, 4.0, 5.0),
    (4, 1.0, 2.0),
]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param(range(5), 3, id="moves and stands out"),
        pytest.param([0, 2, 4], 2, id="only of frames with pictures"),
        pytest.param([0, 10, 20], 10, id="no ratio: the middle"),
        pytest.param([0], 0, id="a single frame"),
    ],
)
def test_where_there_is_something_to_see(shown, expected):
    flow = pd.DataFrame(ROWS, columns=["frame", "inside", "ratio"])
    assert opening_frame(flow, list(shown)) == expected


def test_without_people_it_is_the_middle():
    flow = pd.DataFrame({"frame": [], "inside": [], "ratio": []}, dtype=float)
    assert opening_frame(flow, [0, 1, 2, 3, 4]) == 2
