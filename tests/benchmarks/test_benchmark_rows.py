"""Rows and paired differences."""

import numpy as np
import pytest

from stpose.benchmarks.embedders import Contender, Pixels
from stpose.benchmarks.rows import (
    Row,
    differences,
    mean_over_seeds,
    row_content,
    row_name,
    scalings,
)
from stpose.settings.benchmarks import BenchmarkSettings

SETTINGS = BenchmarkSettings(bootstrap_samples=500)


def row(name, kind, samples, headline=True):
    return Row(name, kind, np.array(samples), {"head": 0.5}, headline, {"k5": 0.25})


def test_a_row_carries_its_interval_and_more():
    content = row_content(row("hog", "hand-made", [0.0, 1.0, 0.5, 0.7]), SETTINGS)
    assert content["value"] == pytest.approx(0.55)
    assert content["low"] < 0.55 < content["high"]
    assert (content["n"], content["k5"], content["by"]) == (4, 0.25, {"head": 0.5})


def test_differences_are_paired_and_against_the_headline():
    base = np.random.default_rng(0).random(200)
    rows = [
        row("hog", "hand-made", base),
        row("trained", "trained", base + 0.01),
        row("trained (raw)", "trained", base + 0.5, headline=False),
    ]
    found = {one["against"]: one for one in differences(rows, SETTINGS)}
    assert set(found) == {"hog", "trained (raw)"}
    # The samples differ widely and the pairs do not: the interval is that of the pairs.
    gain = found["hog"]
    assert gain["low"] == pytest.approx(0.01)
    assert gain["high"] == pytest.approx(0.01)
    assert found["trained (raw)"]["value"] == pytest.approx(-0.49)


def test_without_a_trained_network_there_is_no_difference():
    assert differences([row("hog", "hand-made", [0.1])], SETTINGS) == []


@pytest.mark.parametrize(
    ("headline", "names"), [("l2", ["a", "a (raw)"]), ("none", ["a", "a (L2)"])]
)
def test_networks_have_a_row_for_each_scaling(headline, names):
    contender = Contender("a", "trained", (Pixels(),))
    chosen = scalings(contender, BenchmarkSettings(normalise=headline))
    assert chosen[0] == headline
    assert [row_name(contender, one, one == headline) for one in chosen] == names
    assert scalings(Contender("p", "hand-made", (Pixels(),)), SETTINGS) == ("none",)


def test_seeds_are_averaged_sample_by_sample():
    found = mean_over_seeds([np.array([0.0, 1.0]), np.array([1.0, 1.0])])
    assert found.tolist() == [0.5, 1.0]
