"""AUCs against slow versions, scikit-learn and hand-worked cases."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from stpose.auc import exact_auc, published_auc

# Few values, so that ties are common.
scores = st.lists(st.integers(-6, 6), min_size=1, max_size=12)


def slow_auc(positive, negative):
    wins = [1.0 if p > n else 0.5 if p == n else 0.0 for p in positive for n in negative]
    return sum(wins) / len(wins)


def slow_published_auc(positive, negative):
    """The same in exact fractions, corner by corner."""
    corners = [(Fraction(0), Fraction(0))]
    for threshold in sorted({*positive, *negative}, reverse=True):
        false_rate = Fraction(sum(n >= threshold for n in negative), len(negative))
        true_rate = Fraction(sum(p >= threshold for p in positive), len(positive))
        corners.append((false_rate, true_rate))
    curve = []
    for step in range(101):
        rate = Fraction(step, 100)
        at_rate = [y for x, y in corners if x == rate]
        if at_rate:
            curve.append(max(at_rate))
            continue
        x0, y0 = max((x, y) for x, y in corners if x < rate)
        x1, y1 = min((x, y) for x, y in corners if x > rate)
        curve.append(y0 + (y1 - y0) * (rate - x0) / (x1 - x0))
    return float(sum((a + b) / 2 for a, b in pairwise(curve)) / 100)


@given(scores, scores)
def test_exact_auc_counts_pairs(positive, negative):
    assert exact_auc(positive, negative) == pytest.approx(slow_auc(positive, negative))


@given(scores, scores)
def test_exact_auc_is_scikit_learns(positive, negative):
    labels = [1] * len(positive) + [0] * len(negative)
    expected = roc_auc_score(labels, [*positive, *negative])
    assert exact_auc(positive, negative) == pytest.approx(expected)


@given(scores, scores)
def test_published_auc_follows_its_definition(positive, negative):
    assert published_auc(positive, negative) == pytest.approx(
        slow_published_auc(positive, negative)
    )


@given(scores, scores)
def test_aucs_ignore_monotone_maps(positive, negative):
    def stretch(values):
        return np.exp(np.array(values) / 2) - 7

    for auc in (exact_auc, published_auc):
        assert auc(stretch(positive), stretch(negative)) == auc(positive, negative)


@given(scores, scores)
def test_exact_auc_of_opposite_scores_is_the_rest(positive, negative):
    flipped = exact_auc([-p for p in positive], [-n for n in negative])
    assert flipped == pytest.approx(1 - exact_auc(positive, negative))
    assert exact_auc(negative, positive) == pytest.approx(flipped)


@pytest.mark.parametrize(
    ("positive", "negative", "exact", "published"),
    [
        ([2], [1], 1.0, 1.0),
        ([1], [2], 0.0, 0.005),  # at the last rate the curve jumps to its top
        ([1], [1], 0.5, 0.5),
        # One step at a false positive rate of 1/2: the top there is half a grid cell more.
        ([3, 1], [2, 0], 0.75, 0.7525),
    ],
)
def test_aucs_worked_by_hand(positive, negative, exact, published):
    assert exact_auc(positive, negative) == pytest.approx(exact)
    assert published_auc(positive, negative) == pytest.approx(published)


@pytest.mark.parametrize("auc", [exact_auc, published_auc])
def test_an_empty_class_is_refused(auc):
    with pytest.raises(ValueError, match="0 positives and 1 negatives"):
        auc([], [1.0])
