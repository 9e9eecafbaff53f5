import cv2
import numpy as np
import pytest

from stpose.flow.warping import PADDING, warp_bicubic, warp_bilinear


def keys(distance, a=-0.75):
    distance = abs(distance)
    if distance <= 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    if distance < 2:
        return a * (distance**3 - 5 * distance**2 + 8 * distance - 4)
    return 0.0


@pytest.mark.parametrize("spread", [0.0, 0.7, 9.0])
def test_bicubic_against_slow_version(spread):
    random = np.random.default_rng(0)
    image = random.random((7, 9))
    flow = random.normal(0, spread, (2, 7, 9))
    warped, inside = np.empty((7, 9)), np.empty((7, 9))
    margin = [PADDING] * 4
    warp_bicubic(cv2.copyMakeBorder(image, *margin, cv2.BORDER_REPLICATE), flow, warped, inside)
    for y in range(7):
        for x in range(9):
            at_x, at_y = x + flow[0, y, x], y + flow[1, y, x]
            assert inside[y, x] == (-0.5 <= at_x <= 8.5 and -0.5 <= at_y <= 6.5)
            at_x, at_y = np.clip(at_x, -1, 9), np.clip(at_y, -1, 7)
            total = 0.0
            for row in range(-4, 12):
                for column in range(-4, 14):
                    value = image[np.clip(row, 0, 6), np.clip(column, 0, 8)]
                    total += keys(at_y - row) * keys(at_x - column) * value
            assert warped[y, x] == pytest.approx(total, abs=1e-12)


def test_bilinear_mirrors_at_the_border():
    image = np.arange(12, dtype=np.float64).reshape(1, 3, 4)
    flow = np.zeros((2, 3, 4))
    warped = np.empty_like(image)
    for shift, wanted in ((0.5, [0.5, 1.5, 2.5, 3.0]), (-1.0, [0.0, 0.0, 1.0, 2.0])):
        flow[0] = shift
        warp_bilinear(image, flow, warped)
        np.testing.assert_allclose(warped[0, 0], wanted)
    flow[0], flow[1] = 2, 2
    warp_bilinear(image, flow, warped)
    # Columns 2, 3, 3, 2 and rows 2, 2, 1.
    np.testing.assert_allclose(warped[0], image[0][[2, 2, 1]][:, [2, 3, 3, 2]])
