import numpy as np
import pytest

from stpose.flow import kernels
from stpose.flow.normalisation import normalise

FLOOR = 0.02


def drawn(seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, (kernels.TERM_FIELDS, 5, 7))


def test_every_term_is_divided_by_the_length_of_its_gradient():
    given = drawn()
    found = given.copy()
    normalise(found, FLOOR)
    for row in range(5):
        for column in range(7):
            t, tx, ty, x, y, xx, xy, yy = given[:, row, column]
            grey = np.sqrt(x**2 + y**2 + FLOOR**2)
            two = [np.hypot(xx, xy), np.hypot(xy, yy)]
            gradient = np.sqrt((two[0] ** 2 + two[1] ** 2) / 2 + FLOOR**2)
            wanted = [t / grey, tx / gradient, ty / gradient, x / grey, y / grey]
            wanted += [xx / gradient, xy / gradient, yy / gradient]
            np.testing.assert_allclose(found[:, row, column], wanted, rtol=1e-12)


def test_contrast_no_longer_matters():
    faint, strong = drawn(), 5 * drawn()
    for derivatives in (faint, strong):
        normalise(derivatives, 1e-9)
    np.testing.assert_allclose(faint, strong, rtol=1e-6)


@pytest.mark.parametrize("number", [np.float32, np.float64])
def test_flat_images_have_no_data(number):
    flat = np.zeros((kernels.TERM_FIELDS, 3, 4), number)
    normalise(flat, number(FLOOR))
    assert not flat.any()
    assert flat.dtype == number
