"""A GPU out of memory, played by errors: batches are halved, or it is said what to change."""

import numpy as np
import pytest
import torch

from stpose.errors import InputError
from stpose.flow import torch_solver
from stpose.flow.presets import find_preset
from stpose.gpu_memory import in_parts_that_fit, out_of_memory_told
from stpose.network.alexnet import PoseNetwork
from stpose.network.features import pool5_features, random_network
from stpose.settings.network import NetworkSettings


def too_much(rows, fits):
    if rows > fits:
        message = "CUDA out of memory. Tried to allocate 2.00 GiB.\nMore lines"
        raise torch.cuda.OutOfMemoryError(message)


@pytest.mark.parametrize("fits", [1, 2, 3, 7])
def test_every_row_is_computed_once_and_in_order(fits):
    def compute(part):
        too_much(part.stop - part.start, fits)
        return list(range(part.start, part.stop))

    parts = in_parts_that_fit(compute, 7, "")
    assert [row for _, rows in parts for row in rows] == list(range(7))
    assert all(part.stop - part.start == len(rows) for part, rows in parts)


def test_if_a_single_row_is_too_much_the_setting_is_named():
    with pytest.raises(InputError, match=r"out of memory: lower x \(CUDA out .* 2.00 GiB.\)$"):
        in_parts_that_fit(lambda _: too_much(1, 0), 4, "lower x")


def test_other_errors_go_through():
    with pytest.raises(KeyError), out_of_memory_told("lower x"):
        raise KeyError


def test_flow_is_the_same_in_halves(monkeypatch):
    first, second = np.random.default_rng(0).random((2, 5, 24, 32), np.float32)
    parameters = find_preset("torch", "fast")
    whole = torch_solver.torch_flow(first, second, parameters)
    solve = torch_solver.brox_flow_batch

    def small(one, two, brox):
        too_much(len(one), 2)
        return solve(one, two, brox)

    monkeypatch.setattr(torch_solver, "brox_flow_batch", small)
    halves = torch_solver.torch_flow(first, second, parameters)
    np.testing.assert_allclose(halves, whole, atol=1e-5)
    monkeypatch.setattr(torch_solver, "brox_flow_batch", lambda *_: too_much(1, 0))
    with pytest.raises(InputError, match=r"32x24 px does not fit; lower flow\.longest_side"):
        torch_solver.torch_flow(first, second, parameters)


def test_vectors_are_the_same_in_halves(monkeypatch):
    network = random_network(NetworkSettings(input_px=44, width=0.125, first_stride=2), seed=1)
    crops = np.random.default_rng(0).integers(0, 256, (9, 44, 44, 3), dtype=np.uint8)
    whole = pool5_features(network, crops, 9, "cpu")
    forward = PoseNetwork.forward

    def small(self, images):
        too_much(len(images), 2)
        return forward(self, images)

    monkeypatch.setattr(PoseNetwork, "forward", small)
    np.testing.assert_allclose(
        pool5_features(network, crops, 9, "cpu"), whole, rtol=1e-4, atol=1e-4
    )
