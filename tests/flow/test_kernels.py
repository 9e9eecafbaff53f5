"""The kernels against slow versions on plain images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.flow import kernels

EPSILON = 1e-3


def new_state(flow, base):
    _, height, width = flow.shape
    state = np.zeros((2, height + 2, kernels.STATE_FIELDS, (width + 1) // 2 + 2))
    kernels.pack_flow(base, state)
    moved = np.zeros_like(state)
    kernels.pack_flow(flow, moved)
    state[:, :, : kernels.V + 1] = moved[:, :, : kernels.V + 1]
    return state


def unpacked(state, field, width):
    """Bring a field back into the order of an image, pixel by pixel."""
    height = state.shape[1] - 2
    image = np.empty((height, width))
    for y in range(height):
        for x in range(width):
            image[y, x] = state[(y + x) % 2, y + 1, field, x // 2 + 1]
    return image


def slow_weights(flow):
    """Weights halfway between neighbours, from a replicated border."""
    padded = np.pad(flow, ((0, 0), (1, 1), (1, 1)), mode="edge")
    _, height, width = flow.shape
    right, down = np.zeros((height, width)), np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            j, i = y + 1, x + 1
            square_right, square_down = EPSILON**2, EPSILON**2
            for f in padded:
                step = f[j, i + 1] - f[j, i]
                slope = (f[j + 1, i] + f[j + 1, i + 1] - f[j - 1, i] - f[j - 1, i + 1]) / 4
                square_right += step**2 + slope**2
                step = f[j + 1, i] - f[j, i]
                slope = (f[j, i + 1] + f[j + 1, i + 1] - f[j, i - 1] - f[j + 1, i - 1]) / 4
                square_down += step**2 + slope**2
            right[y, x] = square_right**-0.5 if x < width - 1 else 0
            down[y, x] = square_down**-0.5 if y < height - 1 else 0
    return right, down


def slow_equations(derivatives, flow, base, joint, alpha, gamma):
    """The data terms' part of the 2x2 system of each pixel: matrix (h, w, 2, 2), right side."""
    _, height, width = flow.shape
    matrix, side = np.zeros((height, width, 2, 2)), np.zeros((height, width, 2))
    for y in range(height):
        for x in range(width):
            t, tx, ty, dx, dy, dxx, dxy, dyy = derivatives[:, y, x]
            rows = [(np.array([dx, dy]), t), (np.array([dxx, dxy]), tx), (np.array([dxy, dyy]), ty)]
            step = flow[:, y, x] - base[:, y, x]
            rest = [gradient @ step + change for gradient, change in rows]
            if joint:
                psi = (rest[0] ** 2 + gamma * (rest[1] ** 2 + rest[2] ** 2) + EPSILON**2) ** -0.5
                weights = [psi, gamma * psi, gamma * psi]
            else:
                psi = (rest[1] ** 2 + rest[2] ** 2 + EPSILON**2) ** -0.5
                weights = [(rest[0] ** 2 + EPSILON**2) ** -0.5, gamma * psi, gamma * psi]
            for weight, (gradient, change) in zip(weights, rows, strict=True):
                matrix[y, x] += weight / alpha * np.outer(gradient, gradient)
                side[y, x] -= weight / alpha * gradient * change
            side[y, x] += matrix[y, x] @ base[:, y, x]
    return matrix, side


def slow_relaxation(flow, matrix, side, right, down, omega, sweeps):
    flow = flow.copy()
    _, height, width = flow.shape
    for _ in range(sweeps):
        for colour in (0, 1):
            for y in range(height):
                for x in range(width):
                    if (y + x) % 2 != colour:
                        continue
                    around = [
                        (right[y, x - 1], flow[:, y, x - 1]) if x else None,
                        (right[y, x], flow[:, y, x + 1]) if x < width - 1 else None,
                        (down[y - 1, x], flow[:, y - 1, x]) if y else None,
                        (down[y, x], flow[:, y + 1, x]) if y < height - 1 else None,
                    ]
                    around = [pair for pair in around if pair is not None]
                    total = sum(weight for weight, _ in around)
                    for i in (0, 1):
                        known = side[y, x, i] - matrix[y, x, 0, 1] * flow[1 - i, y, x]
                        known += sum(weight * other[i] for weight, other in around)
                        solved = known / (matrix[y, x, i, i] + total)
                        flow[i, y, x] += omega * (solved - flow[i, y, x])
    return flow


def scene(height, width, seed=0):
    random = np.random.default_rng(seed)
    base = random.normal(0, 2, (2, height, width))
    flow = base + random.normal(0, 0.3, (2, height, width))
    derivatives = random.normal(0, 0.1, (kernels.TERM_FIELDS, height, width))
    return flow, base, derivatives


@given(height=st.integers(1, 9), width=st.integers(1, 9))
def test_packing_there_and_back(height, width):
    flow = np.random.default_rng(0).normal(size=(2, height, width))
    state = new_state(flow, flow)
    back = np.empty_like(flow)
    kernels.unpack_flow(state, back)
    np.testing.assert_array_equal(back, flow)
    np.testing.assert_array_equal(unpacked(state, kernels.V, width), flow[1])


@pytest.mark.parametrize("size", [(2, 2), (5, 7), (6, 4), (1, 6), (7, 1)])
def test_smoothness_weights(size):
    flow, base, _ = scene(*size)
    state = new_state(flow, base)
    kernels.weigh_smoothness(state, size[1], EPSILON)
    right, down = slow_weights(flow)
    np.testing.assert_allclose(unpacked(state, kernels.RIGHT, size[1]), right)
    np.testing.assert_allclose(unpacked(state, kernels.DOWN, size[1]), down)


@pytest.mark.parametrize("joint", [True, False], ids=["joint", "separate"])
@pytest.mark.parametrize("size", [(6, 9), (7, 8)])
@pytest.mark.parametrize("sweeps", [1, 4])
def test_equations_and_relaxation(size, joint, sweeps):
    flow, base, derivatives = scene(*size)
    alpha, gamma, omega = 0.3, 5.0, 1.7
    state = new_state(flow, base)
    terms = np.full((2, size[0], kernels.TERM_FIELDS, (size[1] + 1) // 2), np.nan)
    inside = (np.random.default_rng(1).random(size) > 0.2).astype(np.float64)
    kernels.pack_terms(derivatives, inside, terms)
    kernels.weigh_smoothness(state, size[1], EPSILON)
    kernels.assemble(terms, state, size[1], joint, alpha, gamma, EPSILON)
    kernels.relax(state, omega, sweeps)
    found = np.empty_like(flow)
    kernels.unpack_flow(state, found)

    matrix, side = slow_equations(derivatives * inside, flow, base, joint, alpha, gamma)
    wanted = slow_relaxation(flow, matrix, side, *slow_weights(flow), omega, sweeps)
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


def test_relaxation_solves_the_equations():
    size = (8, 11)
    flow, base, derivatives = scene(*size)
    state = new_state(flow, base)
    terms = np.empty((2, size[0], kernels.TERM_FIELDS, (size[1] + 1) // 2))
    kernels.pack_terms(derivatives, np.ones(size), terms)
    kernels.weigh_smoothness(state, size[1], 0.5)
    kernels.assemble(terms, state, size[1], True, 1.0, 1.0, 0.5)
    kernels.relax(state, 1.5, 200)
    solved = state.copy()
    kernels.relax(state, 1.5, 1)
    np.testing.assert_allclose(state, solved, atol=1e-9)
