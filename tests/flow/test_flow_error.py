import math

import numpy as np
import pytest

from stpose.errors import InputError
from stpose.flow.error import flow_error


def test_against_slow_version():
    random = np.random.default_rng(0)
    flow, truth = random.normal(size=(2, 5, 6, 2))
    truth[0, 0] = 1.6666668e9
    truth[1, 1, 0] = np.nan
    distances, angles = [], []
    for y in range(5):
        for x in range(6):
            if (y, x) in ((0, 0), (1, 1)):
                continue
            (u, v), (a, b) = flow[y, x], truth[y, x]
            distances.append(math.hypot(u - a, v - b))
            cosine = (u * a + v * b + 1) / math.sqrt((u * u + v * v + 1) * (a * a + b * b + 1))
            angles.append(math.degrees(math.acos(cosine)))
    error = flow_error(flow, truth)
    assert error.endpoint == pytest.approx(np.mean(distances))
    assert error.angular == pytest.approx(np.mean(angles))
    assert error.pixels == 28


def test_zero_for_the_truth_itself():
    truth = np.random.default_rng(1).normal(size=(4, 4, 2))
    error = flow_error(truth, truth)
    assert error.endpoint == 0
    assert error.angular == pytest.approx(0, abs=1e-5)


def test_unusable():
    good = np.zeros((3, 3, 2))
    with pytest.raises(InputError, match="shape"):
        flow_error(good, np.zeros((3, 4, 2)))
    with pytest.raises(InputError, match="no known pixel"):
        flow_error(good, good + 1e10)
    with pytest.raises(InputError, match="NaN"):
        flow_error(good + np.nan, good)
