import cv2
import numpy as np
import pytest
import torch

from stpose.errors import InputError
from stpose.flow import gpu, presets
from stpose.flow.error import flow_error
from stpose.flow.files import read_flow
from stpose.flow.presets import PRESETS, find_preset
from stpose.flow.solve import grey_levels, optical_flow

EVERY = [(backend, name) for backend, presets in PRESETS.items() for name in presets]


def shifted_pair(height, width, seed=0):
    noise = np.random.default_rng(seed).random((height, width + 1)).astype(np.float32)
    image = cv2.GaussianBlur(noise, (0, 0), 1)
    return image[:, 1:].copy(), image[:, :-1].copy()


@pytest.mark.parametrize(("backend", "preset"), EVERY)
def test_every_preset_on_every_size(backend, preset):
    parameters = find_preset(backend, preset)
    for height, width in [(1, 1), (1, 30), (30, 1), (2, 2), (8, 8), (16, 16), (33, 47), (9, 200)]:
        flow = optical_flow(*shifted_pair(height, width), parameters)
        assert flow.shape == (height, width, 2)
        assert flow.dtype == np.float32
        assert np.isfinite(flow).all()


@pytest.mark.parametrize(("backend", "preset"), EVERY)
def test_identical_and_constant_images(backend, preset):
    parameters = find_preset(backend, preset)
    image, _ = shifted_pair(40, 50)
    assert not optical_flow(image, image.copy(), parameters).any()
    dark, bright = np.full((40, 50), 10, np.uint8), np.full((40, 50), 200, np.uint8)
    assert np.abs(optical_flow(dark, bright, parameters)).max() < 1e-3


@pytest.mark.parametrize(("backend", "preset"), EVERY)
def test_direction(backend, preset):
    # Content moves one pixel to the right, so u = 1 and v = 0.
    flow = optical_flow(*shifted_pair(60, 80), find_preset(backend, preset))
    u, v = np.median(flow[10:-10, 10:-10], axis=(0, 1))
    assert u == pytest.approx(1, abs=0.1)
    assert v == pytest.approx(0, abs=0.1)


def test_grey_levels_of_all_types():
    image = np.array([[0, 51, 255]], np.uint8)
    wanted = np.array([[0, 0.2, 1]], np.float32)
    np.testing.assert_allclose(grey_levels(image, "x"), wanted)
    np.testing.assert_allclose(grey_levels(image.astype(np.uint16) * 257, "x"), wanted)
    np.testing.assert_allclose(grey_levels(image / 255, "x"), wanted, rtol=1e-6)
    np.testing.assert_allclose(grey_levels(np.dstack([image] * 3), "x"), wanted)
    np.testing.assert_allclose(grey_levels(np.dstack([image] * 3) / 255, "x"), wanted, atol=1e-6)


GOOD = np.zeros((20, 30), np.float32)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (np.full((20, 30), np.nan), "NaN or infinity"),
        (np.where(GOOD == 0, np.inf, 0), "NaN or infinity"),
        (GOOD + 255, "values from 255"),
        (GOOD - 0.5, "values from -0.5"),
        (np.zeros((20, 31), np.uint8), "30x20 and 31x20"),
        (np.zeros((0, 30), np.uint8), "shape"),
        (np.zeros((20, 30, 4), np.uint8), "shape"),
        (np.zeros((20, 30), np.int64), "type int64"),
    ],
)
def test_unusable_images(second, words):
    with pytest.raises(InputError, match=words):
        optical_flow(GOOD, second, find_preset("cpu", "default"))


def test_unknown_presets_are_refused():
    with pytest.raises(InputError, match="'opencv' with backend 'dis'"):
        find_preset("dis", "opencv")
    with pytest.raises(InputError, match="backend 'gpu'"):
        find_preset("gpu", "default")


def test_auto_is_torch_where_there_is_a_gpu(monkeypatch):
    for there, backend in ((False, "cpu"), (True, "torch")):
        monkeypatch.setattr(presets, "has_gpu", lambda there=there: there)
        assert find_preset("auto", "fast") is find_preset(backend, "fast")
        assert find_preset("auto", "opencv") is find_preset("cpu", "opencv")


def test_without_a_driver_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(gpu, "_DRIVER", "libnone.so.1")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert not gpu.has_gpu()
    monkeypatch.setattr(gpu, "_DRIVER", None)  # the program itself, which is always there
    assert gpu.has_gpu()


# Bounds: DeepFlow of OpenCV's contrib module has 0.121, 0.281, 0.367 on these.
@pytest.mark.parametrize(
    ("backend", "preset", "name", "bound"),
    [
        ("cpu", "default", "RubberWhale", 0.100),
        ("cpu", "default", "Venus", 0.280),
        ("cpu", "default", "Urban2", 0.360),
        ("cpu", "fast", "RubberWhale", 0.110),
        ("cpu", "separate", "RubberWhale", 0.100),
        ("cpu", "joint", "RubberWhale", 0.110),
        ("cpu", "opencv", "RubberWhale", 0.190),
        ("torch", "default", "RubberWhale", 0.100),
        ("variational", "default", "RubberWhale", 0.130),
        ("dis", "default", "RubberWhale", 0.250),
    ],
)
def test_middlebury(shared_data, backend, preset, name, bound):
    folder = shared_data / "flow" / name
    first, second = (
        cv2.imread(str(folder / f"frame{number}.png"), cv2.IMREAD_GRAYSCALE) for number in (10, 11)
    )
    flow = optical_flow(first, second, find_preset(backend, preset))
    assert flow_error(flow, read_flow(folder / "flow10.flo")).endpoint < bound
