"""Bootstrap intervals."""

import numpy as np
import pytest

from stpose.benchmarks.intervals import bootstrap_interval


def test_the_value_is_the_mean():
    interval = bootstrap_interval([0.0, 1.0, 1.0, 1.0], samples=200, seed=0)
    assert interval.value == pytest.approx(0.75)
    assert interval.n == 4
    assert interval.low < 0.75 < interval.high


def test_the_interval_is_that_of_the_normal_distribution():
    values = np.random.default_rng(3).normal(5, 2, 4000)
    interval = bootstrap_interval(values, samples=4000, seed=1)
    reach = 1.96 * values.std() / np.sqrt(4000)
    assert interval.low == pytest.approx(values.mean() - reach, abs=0.15 * reach)
    assert interval.high == pytest.approx(values.mean() + reach, abs=0.15 * reach)


def test_groups_weigh_the_same_and_are_resampled_alone():
    values = [0.0] * 9 + [1.0]
    interval = bootstrap_interval(values, samples=300, seed=0, groups=[4] * 9 + [7])
    assert (interval.value, interval.low, interval.high) == (0.5, 0.5, 0.5)
    assert bootstrap_interval(values, samples=300, seed=0).value == pytest.approx(0.1)


def test_equal_seeds_give_equal_intervals():
    values = np.random.default_rng(0).random(50)
    first, again = (bootstrap_interval(values, 500, seed=7) for _ in range(2))
    assert first == again
    assert first != bootstrap_interval(values, 500, seed=8)


@pytest.mark.parametrize(("values", "groups"), [([], None), ([1.0, 2.0], [0])])
def test_wrong_shapes_are_refused(values, groups):
    with pytest.raises(ValueError, match="expected"):
        bootstrap_interval(values, 100, 0, groups)
