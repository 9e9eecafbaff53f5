"""Times increase, and are the container's wherever these do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.frames.clock import Clock


def ticks(milliseconds: list[float], fps: float = 20.0) -> list[float]:
    clock = Clock(fps)
    return [clock.tick(number, stamp) for number, stamp in enumerate(milliseconds)]


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        pytest.param([0, 33, 133, 140], [0, 0.033, 0.133, 0.14], id="variable rate is kept"),
        pytest.param([0, 0, 0], [0, 0.05, 0.1], id="no timestamps"),
        pytest.param([0, 50, 100, 0], [0, 0.05, 0.1, 0.15], id="the last one missing"),
        pytest.param([0, 100, 40, 130], [0, 0.1, 0.15, 0.2], id="one goes back"),
        pytest.param([math.nan, 80], [0, 0.08], id="the first is not a number"),
        pytest.param([500, 540], [0.5, 0.54], id="starts late"),
    ],
)
def test_times(stamps: list[float], times: list[float]) -> None:
    assert ticks(stamps) == pytest.approx(times)


def test_counting_on_passes_over_lost_frames() -> None:
    clock = Clock(10.0)
    clock.tick(0, 0)
    assert clock.tick(4, 0) == pytest.approx(0.4)
    assert clock.replaced == 1


@given(
    st.lists(st.floats(-1e9, 1e9) | st.just(math.nan) | st.just(math.inf), min_size=2),
    st.floats(0.5, 1000),
)
def test_times_always_increase(stamps: list[float], fps: float) -> None:
    times = ticks(stamps, fps)
    assert np.isfinite(times).all()
    assert (np.diff(times) > 0).all()


@given(st.lists(st.integers(1, 10_000), min_size=1))
def test_increasing_timestamps_are_never_touched(steps: list[int]) -> None:
    stamps = np.cumsum(steps).astype(float).tolist()
    assert ticks(stamps) == [stamp / 1000 for stamp in stamps]
