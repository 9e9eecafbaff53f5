"""Areas under the ROC curve, as pure functions on scores."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# False positive rates at which published curves are read.
_RATES = np.arange(101) / 100


def exact_auc(positive_scores: ArrayLike, negative_scores: ArrayLike) -> float:
    """Return the probability, 0 to 1, that a positive scores higher than a negative; ties half.

    Args:
        positive_scores: (p,) scores, higher is more similar; p >= 1.
        negative_scores: (n,) scores; n >= 1.

    Raises:
        ValueError: One of them is empty.
    """
    positive, negative = _classes(positive_scores, negative_scores)
    negative = np.sort(negative)
    lower = np.searchsorted(negative, positive, side="left")
    not_higher = np.searchsorted(negative, positive, side="right")
    return float((lower + not_higher).sum() / (2 * len(positive) * len(negative)))


def published_auc(positive_scores: ArrayLike, negative_scores: ArrayLike) -> float:
    """Return the area, 0 to 1, under the ROC curve read at 101 false positive rates.

    The curve runs straight between its corners; at a vertical step its top is read. Since areas
    are linear, the mean of these areas is the area under the mean of the curves, which is what
    the evaluation published with the Olympic Sports labels computes (CliqueCNN, 2016).

    Args:
        positive_scores: (p,) scores, higher is more similar; p >= 1.
        negative_scores: (n,) scores; n >= 1.

    Raises:
        ValueError: One of them is empty.
    """
    positive, negative = _classes(positive_scores, negative_scores)
    thresholds = np.unique(np.concatenate([positive, negative]))[::-1]
    true_rates = np.r_[0.0, _share_reaching(positive, thresholds)]
    false_rates = np.r_[0.0, _share_reaching(negative, thresholds)]
    curve = np.interp(_RATES, false_rates, true_rates)
    return float(np.trapezoid(curve, _RATES))


def _classes(positive_scores: ArrayLike, negative_scores: ArrayLike) -> tuple[Floats, Floats]:
    positive = np.asarray(positive_scores, dtype=np.float64)
    negative = np.asarray(negative_scores, dtype=np.float64)
    if not len(positive) or not len(negative):
        message = f"{len(positive)} positives and {len(negative)} negatives, expected at least one"
        raise ValueError(message)
    return positive, negative


def _share_reaching(scores: Floats, thresholds: Floats) -> Floats:
    below = np.searchsorted(np.sort(scores), thresholds, side="left")
    return np.asarray((len(scores) - below) / len(scores))
