import cv2
import numpy as np
import pytest

from stpose.flow.brox import brox_flow
from stpose.flow.parameters import BroxParameters
from stpose.flow.presets import DEFAULT, FAST, JOINT, OPENCV, SEPARATE


def texture(height, width, seed=0):
    noise = np.random.default_rng(seed).random((height, width))
    fine, coarse = cv2.GaussianBlur(noise, (0, 0), 1.5), cv2.GaussianBlur(noise, (0, 0), 6)
    image = fine / fine.std() + 2 * coarse / coarse.std()
    return (image - image.min()) / np.ptp(image)


def moved_pair(height=120, width=160, shift=(6.0, -4.0), bend=2.0):
    """Two images, and the smooth flow between them: a shift with a bend."""
    rows, columns = np.mgrid[:height, :width].astype(np.float64)
    u = shift[0] + bend * np.sin(2 * np.pi * rows / height)
    v = shift[1] + bend * np.cos(2 * np.pi * columns / width)
    margin = 16
    scene = texture(height + 2 * margin, width + 2 * margin).astype(np.float32)
    places = (columns + u + margin).astype(np.float32), (rows + v + margin).astype(np.float32)
    first = cv2.remap(scene, *places, cv2.INTER_CUBIC).clip(0, 1)
    second = scene[margin : margin + height, margin : margin + width].copy()
    return first, second, np.stack([u, v], axis=-1)


def endpoint_error(flow, truth, margin=10):
    inner = np.s_[margin:-margin, margin:-margin]
    return np.linalg.norm(flow[inner] - truth[inner], axis=-1).mean()


@pytest.mark.parametrize(
    ("parameters", "bound"),
    [(SEPARATE, 0.06), (JOINT, 0.06), (FAST, 0.06), (OPENCV, 0.1)],
    ids=["separate", "joint", "fast", "opencv"],
)
def test_finds_smooth_warp(parameters, bound):
    first, second, truth = moved_pair()
    flow = brox_flow(first, second, parameters)
    assert endpoint_error(flow, truth) < bound


def test_brightness_change_is_borne_by_the_gradient():
    first, second, truth = moved_pair()
    darker = (second * np.float32(0.85)).astype(np.float32)
    assert endpoint_error(brox_flow(first, darker, SEPARATE), truth) < 0.15
    without = BroxParameters(alpha=0.07, gamma=0.0, joint=False)
    assert endpoint_error(brox_flow(first, darker, without), truth) > 0.5


def test_large_motion_needs_the_pyramid():
    first, second, truth = moved_pair(shift=(12.0, 9.0), bend=0.0)
    one_level = BroxParameters(alpha=0.07, gamma=7.0, joint=False, levels=1)
    inner = {"margin": 16}
    assert endpoint_error(brox_flow(first, second, one_level), truth, **inner) > 3
    assert endpoint_error(brox_flow(first, second, SEPARATE), truth, **inner) < 0.1


def test_float32_is_as_good_as_float64():
    first, second, _ = moved_pair()
    single = brox_flow(first, second, SEPARATE)
    double = brox_flow(first.astype(np.float64), second.astype(np.float64), SEPARATE)
    assert single.dtype == np.float32
    assert double.dtype == np.float64
    assert np.linalg.norm(single - double, axis=-1).mean() < 1e-4


# With the over-relaxation of OpenCV's own parameters, noise of 1e-7 in the images moves the flow as
# much in double precision: no rounding would be fine enough.
@pytest.mark.parametrize(
    ("parameters", "bound"),
    [(SEPARATE, 1e-4), (JOINT, 1e-4), (DEFAULT, 1e-4), (FAST, 1e-4), (OPENCV, 0.015)],
    ids=["separate", "joint", "default", "fast", "opencv"],
)
def test_float32_is_as_good_as_float64_on_real_images(shared_data, parameters, bound):
    folder = shared_data / "flow" / "RubberWhale"
    first, second = (
        cv2.imread(str(folder / f"frame{number}.png"), cv2.IMREAD_GRAYSCALE)[60:300, 100:420] / 255
        for number in (10, 11)
    )
    single = brox_flow(first.astype(np.float32), second.astype(np.float32), parameters)
    double = brox_flow(first, second, parameters)
    assert np.linalg.norm(single - double, axis=-1).mean() < bound


def test_transposed_images_give_the_transposed_flow():
    first, second, _ = moved_pair(height=60, width=75)
    flow = brox_flow(first, second, SEPARATE)
    turned = brox_flow(first.T.copy(), second.T.copy(), SEPARATE)
    apart = np.linalg.norm(turned - flow.transpose(1, 0, 2)[..., ::-1], axis=-1)
    assert apart.mean() < 0.005


@pytest.mark.parametrize("parameters", [SEPARATE, OPENCV], ids=["own", "opencv"])
def test_identical_images_stay_exactly_still(parameters):
    image = texture(37, 51).astype(np.float32)
    assert not brox_flow(image, image, parameters).any()
