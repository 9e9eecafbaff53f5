"""Where cycles begin and end."""

import numpy as np
import pytest

from stpose.counting.cycles import repeating_parts


def boundaries(local_period):
    found = repeating_parts(np.asarray(local_period, float))
    return [part.boundaries.tolist() for part in found]


@pytest.mark.parametrize(
    ("local_period", "expected"),
    [
        pytest.param([], [], id="no rows"),
        pytest.param([np.nan] * 5, [], id="nothing repeats"),
        pytest.param([5] * 20, [[0, 5, 10, 15, 19]], id="whole cycles"),
        pytest.param([5] * 24, [[0, 5, 10, 15, 20, 23]], id="the last one nearly whole"),
        pytest.param([5] * 23, [[0, 5, 10, 15, 20]], id="the last one not whole"),
        pytest.param([4] * 4 + [8] * 8, [[0, 4, 11]], id="slowing down"),
        pytest.param(
            [np.nan] * 3 + [4] * 8 + [np.nan] + [2] * 4, [[3, 7, 10], [12, 14, 15]], id="two parts"
        ),
    ],
)
def test_a_boundary_each_whole_cycle(local_period, expected):
    assert boundaries(local_period) == expected


def test_cycles_that_are_no_whole_number_of_rows_long():
    (found,) = boundaries([7.3] * 100)
    assert found == [round(7.3 * number + 0.49) for number in range(len(found))]
    assert len(found) == 1 + 13
