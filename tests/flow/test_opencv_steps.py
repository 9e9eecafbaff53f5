import numpy as np
import pytest

from stpose.flow.opencv_steps import enlarge, level_sizes, shrink


def test_level_sizes_round_up_and_stop_below_the_smallest_side():
    assert level_sizes(50, 40, 0.8, 16, 77) == [
        (50, 40),
        (40, 32),
        (33, 26),
        (26, 21),
        (21, 17),
        (17, 14),
    ]
    assert len(level_sizes(500, 400, 0.8, 16, 3)) == 3


def test_shrink_against_slow_version():
    image = np.random.default_rng(0).random((11, 15))
    small = shrink(image, 9, 12, 0.8)
    assert small.shape == (9, 12)

    def line(values, place):
        begin, end = max(place - 1.25, 0), min(place + 1.25, len(values) - 1)
        first, last = int(np.floor(begin)), int(np.ceil(end))
        total = values[first] * (1 - begin + first) + values[last] * (last - end)
        weight = (1 - begin + first) + (last - end)
        for i in range(first + 1, last):
            total, weight = total + values[i], weight + 1
        return total / weight

    for y in range(9):
        for x in range(12):
            rows = np.array([line(row, x * 1.25) for row in image])
            assert small[y, x] == pytest.approx(line(rows, y * 1.25))


def test_enlarge_keeps_a_constant_flow_and_scales_it():
    flow = np.full((2, 12, 16), 4.0)
    np.testing.assert_allclose(enlarge(flow, 15, 20, 0.8), 5.0)


def test_enlarge_follows_a_slope_from_the_corner():
    flow = np.zeros((2, 12, 16))
    flow[0] = np.arange(16)
    inner = enlarge(flow, 15, 20, 0.8)[0, 5, 3:15]
    np.testing.assert_allclose(inner, np.arange(3, 15) * 0.8 / 0.8)
