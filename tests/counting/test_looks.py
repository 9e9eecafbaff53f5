"""Which of two looks at one person counts."""

import numpy as np
import pytest

from stpose.artefacts.status import Status
from stpose.counting.looks import Count, clearer


def found_in(view, count, period, strength):
    nothing = np.empty(0)
    return Count(
        count, period, strength, Status.ok(), nothing, nothing, 1.0, view, nothing, nothing
    )


@pytest.mark.parametrize(
    ("followed", "steady", "wanted"),
    [
        ((0, 0.0, 0.4), (8, 20.0, 0.3), "steady"),
        ((8, 20.0, 0.3), (0, 0.0, 0.4), "crops"),
        ((0, 0.0, 0.1), (0, 0.0, 0.4), "crops"),
        ((8, 20.0, 0.3), (12, 21.0, 0.2), "steady"),
        ((8, 20.0, 0.3), (8, 21.0, 0.9), "crops"),
        ((4, 40.0, 0.5), (8, 20.0, 0.8), "steady"),
        ((4, 40.0, 0.8), (8, 20.0, 0.5), "crops"),
    ],
)
def test_which_of_two_looks_counts(followed, steady, wanted):
    assert clearer(found_in("crops", *followed), found_in("steady", *steady)).view == wanted
