"""The solver in PyTorch against the one on one thread."""

import ast
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from stpose.errors import InputError
from stpose.fingerprint import reached_modules
from stpose.flow import torch_solver
from stpose.flow.brox import brox_flow
from stpose.flow.presets import DEFAULT, FAST, JOINT, OPENCV, PRESETS, SEPARATE, find_preset
from stpose.flow.solve import grey_levels, optical_flow, optical_flow_batch
from stpose.flow.torch_solver import brox_flow_batch

ROOT = Path(__file__).parent.parent.parent
THROUGHPUT = ROOT / "bench" / "flow_throughput.py"


def bent_pair(height, width, seed=0):
    """Two textured images, the second one shifted and bent."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    u = 1.5 + np.sin(2 * np.pi * rows / height)
    v = -1 + np.cos(2 * np.pi * columns / width)
    margin = 8
    scene = random.random((height + 2 * margin, width + 2 * margin), np.float32)
    scene = cv2.GaussianBlur(scene, (0, 0), 1.5) + 2 * cv2.GaussianBlur(scene, (0, 0), 5)
    scene = (scene - scene.min()) / np.ptp(scene)
    places = (columns + u + margin).astype(np.float32), (rows + v + margin).astype(np.float32)
    first = cv2.remap(scene, *places, cv2.INTER_CUBIC).clip(0, 1)
    return first, scene[margin : margin + height, margin : margin + width].copy()


def in_torch(pairs, parameters):
    first, second = (torch.from_numpy(np.stack(images)) for images in zip(*pairs, strict=True))
    return brox_flow_batch(first, second, parameters).numpy()


def apart(one, two):
    """Mean endpoint distance, px."""
    return np.linalg.norm(one.astype(np.float64) - two, axis=-1).mean()


@pytest.mark.parametrize("size", [(48, 64), (37, 51), (16, 16), (16, 200), (120, 17), (9, 30)])
@pytest.mark.parametrize(
    ("parameters", "limit"),
    [(SEPARATE, 1e-4), (JOINT, 1e-4), (FAST, 1e-4)],
    ids=["separate", "joint", "fast"],
)
def test_flow_is_that_of_one_thread(size, parameters, limit):
    pair = bent_pair(*size)
    flow = brox_flow(*pair, parameters)
    assert np.abs(flow).max() > 0.4
    assert apart(in_torch([pair], parameters)[0], flow) < limit


@pytest.mark.parametrize("preset", [JOINT, SEPARATE, DEFAULT], ids=["joint", "separate", "default"])
@pytest.mark.parametrize("presmoothing", [0.0, 0.6])
@pytest.mark.parametrize("warps", [1, 3])
def test_in_double_precision_it_is_the_same_arithmetic(preset, presmoothing, warps):
    # On one level, as OpenCV resizes with coefficients of single precision.
    parameters = replace(preset, presmoothing=presmoothing, warps=warps)
    parameters = replace(parameters, median=0, levels=1)
    pair = [image.astype(np.float64) for image in bent_pair(41, 58)]
    assert apart(in_torch([pair], parameters)[0], brox_flow(*pair, parameters)) < 1e-9


@pytest.mark.parametrize("median", [0, 3, 5])
def test_medians(median):
    pair = bent_pair(40, 53)
    parameters = replace(SEPARATE, median=median)
    assert apart(in_torch([pair], parameters)[0], brox_flow(*pair, parameters)) < 1e-4


@pytest.mark.parametrize("joint", [True, False], ids=["joint", "separate"])
def test_brightness_alone(joint):
    pair = bent_pair(40, 53)
    parameters = replace(SEPARATE, gamma=0.0, joint=joint)
    flow = in_torch([pair], parameters)[0]
    assert np.isfinite(flow).all()
    assert apart(flow, brox_flow(*pair, parameters)) < 1e-4


@pytest.mark.parametrize("parts", [False, True], ids=["whole", "in-parts"])
def test_a_batch_is_its_pairs_one_by_one(parts, monkeypatch):
    pairs = [bent_pair(45, 32, seed) for seed in range(5)]
    if parts:
        monkeypatch.setattr(torch_solver, "_PIXELS_IN_CACHE", 1500)
        monkeypatch.setattr(torch_solver, "_PIXELS_AT_ONCE_ON_CPU", 4000)
    flows = in_torch(pairs, SEPARATE)
    for pair, flow in zip(pairs, flows, strict=True):
        assert apart(in_torch([pair], SEPARATE)[0], flow) < 1e-5


def test_identical_images_in_torch_stay_exactly_still():
    still, moving = bent_pair(53, 77)
    flows = in_torch([(still, still), (still, moving)], SEPARATE)
    assert not flows[0].any()
    assert flows[1].any()


class Called(TorchFunctionMode):
    """Keeps the names of all functions of PyTorch that are called."""

    def __init__(self):
        super().__init__()
        self.names = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.names.add(function.__name__)
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("parameters", [SEPARATE, JOINT], ids=["separate", "joint"])
def test_nothing_waits_for_the_device(parameters):
    # What a GPU would have to answer before the program can go on.
    waiting = {"item", "tolist", "numpy", "cpu", "__bool__", "__int__", "__float__"}
    waiting |= {"__index__", "nonzero", "masked_select", "equal", "unique", "allclose"}
    images = torch.rand((2, 3, 48, 64))
    with Called() as called:
        brox_flow_batch(*images, parameters)
        assert "addcmul_" in called.names
        assert not called.names & waiting
        assert images.max().item() <= 1
    assert "item" in called.names


def test_batches_with_every_backend():
    pairs = [bent_pair(40, 48, seed) for seed in range(3)]
    pairs[1] = pairs[1][0], pairs[1][0]
    first, second = zip(*pairs, strict=True)
    for backend in PRESETS:
        parameters = find_preset(backend, "fast")
        flows = optical_flow_batch(first, second, parameters)
        assert flows.dtype == np.float32
        assert not flows[1].any()
        for pair, flow in zip(pairs, flows, strict=True):
            assert apart(optical_flow(*pair, parameters), flow) < 1e-5


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ([np.zeros((9, 9))] * 2, [np.zeros((9, 9)), np.full((9, 9), np.nan)], "pair 1: holds NaN"),
        ([np.full((9, 9), np.inf)], [np.zeros((9, 9))], "first image of pair 0: holds NaN or inf"),
        ([np.zeros((9, 9))], [np.zeros((9, 8))], "9x9 and 8x9"),
        ([np.zeros((9, 9)), np.zeros((8, 9))], [np.zeros((9, 9)), np.zeros((8, 9))], "9x9 and 9x8"),
        ([np.zeros((9, 9))], [], "1 first and 0 second images"),
        ([], [], "0 first and 0 second images"),
    ],
)
def test_unusable_batches(first, second, words):
    with pytest.raises(InputError, match=words):
        optical_flow_batch(first, second, find_preset("torch", "default"))


def test_steps_of_opencv_are_refused():
    with pytest.raises(InputError, match="steps 'opencv' with backend 'torch', expected 'own'"):
        in_torch([bent_pair(20, 20)], OPENCV)
    with pytest.raises(InputError, match="'torch', expected default, joint, separate, fast"):
        find_preset("torch", "opencv")


@pytest.mark.parametrize("sequence", ["RubberWhale", "Venus", "Urban2"])
@pytest.mark.parametrize(
    ("parameters", "limit"),
    [(SEPARATE, 1e-3), (JOINT, 1e-3), (FAST, 1e-3)],
    ids=["separate", "joint", "fast"],
)
def test_middlebury_in_torch(shared_data, sequence, parameters, limit):
    pair = []
    for number in (10, 11):
        path = shared_data / "flow" / sequence / f"frame{number}.png"
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        image = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        pair.append(grey_levels(image, path.name))
    assert apart(in_torch([pair], parameters)[0], brox_flow(*pair, parameters)) < limit


def test_throughput_needs_few_libraries():
    libraries = set()
    reached = [ROOT / "src" / Path(*name.split(".")) for name in reached_modules(THROUGHPUT)]
    for path in [THROUGHPUT, *(path.with_suffix(".py") for path in reached if not path.is_dir())]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                libraries |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                libraries.add((node.module or "").partition(".")[0])
    assert libraries - set(sys.stdlib_module_names) == {"stpose", "numpy", "torch", "cv2"}


def test_throughput_is_measured(capsys):
    measure = runpy.run_path(str(THROUGHPUT))["main"]
    measure(["--device", "cpu", "--batch", "2", "--side", "24", "--pairs", "4", "--copy", "1"])
    printed = capsys.readouterr().out
    assert "2 pairs of 24x18 at once, preset default" in printed
    assert "minutes for 140000 pairs" in printed
    assert "by the 60 bytes a pixel" in printed
