"""The packed equations against slow ones on plain images, with masks."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stpose.flow.parameters import BroxParameters
from stpose.flow.torch_board import Board
from stpose.flow.torch_equations import Equations

EPSILON = 1e-3

sides = st.integers(1, 7)
boards = st.builds(Board, count=st.integers(1, 3), height=sides, width=sides)


@given(board=boards)
def test_packing_onto_the_board_and_back(board):
    images = torch.rand(2, board.count, board.height, board.width)
    fields = torch.full((2, 2, board.places), torch.nan)
    board.pack(images, fields)
    assert torch.equal(board.unpack(fields), images)
    assert fields.sum() == pytest.approx(float(images.sum()), rel=1e-5)  # nothing else is there


@given(board=boards)
def test_what_is_seen_is_the_neighbour(board):
    images = 1 + torch.arange(board.count * board.height * board.width).double()
    images = images.view(1, board.count, board.height, board.width)
    fields, wanted = (torch.zeros(1, 2, board.places).double() for _ in range(2))
    board.pack(images, fields)
    for right, down in [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (1, 1), (-1, 1), (1, -1)]:
        seen = torch.zeros_like(fields)
        for colour in (0, 1):
            board.seen(seen, colour)[:] = board.seen(fields, colour, right, down)
        moved = np.zeros((board.count, board.height, board.width))
        for y in range(board.height):
            for x in range(board.width):
                if 0 <= y + down < board.height and 0 <= x + right < board.width:
                    moved[:, y, x] = images[0, :, y + down, x + right]
        board.pack(torch.from_numpy(moved)[None], wanted)
        inside = board.unpack(seen)
        np.testing.assert_array_equal(inside[0], moved)


@given(board=boards)
def test_colours_are_those_of_a_chequerboard(board):
    fields = torch.zeros(1, 2, board.places)
    fields[:, 1] = 1
    y, x = np.mgrid[: board.height, : board.width]
    for image in board.unpack(fields)[0].numpy():
        np.testing.assert_array_equal(image, (y + x) % 2)


@given(board=boards)
def test_frame_repeats_the_outermost_pixels(board):
    images = torch.rand(1, board.count, board.height, board.width)
    fields = torch.zeros(1, 2, board.places)
    board.pack(images, fields)
    frame, edge = board.frame(fields.device)
    fields.view(-1)[frame] = fields.view(-1)[edge]
    line = fields.transpose(1, 2).reshape(board.count, board.rows, board.row)
    found = line[:, : board.height + 2, : board.width + 2].clone()
    wanted = torch.nn.functional.pad(images[0][None], (1, 1, 1, 1), mode="replicate")[0]
    for corner in [(0, 0), (0, -1), (-1, 0), (-1, -1)]:
        found[:, corner[0], corner[1]] = wanted[:, corner[0], corner[1]] = 0
    assert torch.equal(found, wanted)


def weigh(flow):
    """Weights of the smoothness to the right and downwards of (2, height, width)."""
    padded = np.pad(flow, ((0, 0), (1, 1), (1, 1)), mode="edge")
    y, x = (
        (padded[:, 2:] - padded[:, :-2])[..., 1:-1],
        (padded[..., 2:] - padded[..., :-2])[:, 1:-1],
    )
    right, down = np.zeros(flow.shape[1:]), np.zeros(flow.shape[1:])
    step, slope = np.diff(flow, axis=2), (y[..., 1:] + y[..., :-1]) / 4
    right[:, :-1] = (step**2 + slope**2 + EPSILON**2 / 2).sum(0) ** -0.5
    step, slope = np.diff(flow, axis=1), (x[:, 1:] + x[:, :-1]) / 4
    down[:-1] = (step**2 + slope**2 + EPSILON**2 / 2).sum(0) ** -0.5
    return right, down


def assemble(derivatives, flow, base, parameters):
    """Matrices (height, width, 2, 2) and right sides (height, width, 2) of the data terms."""
    t, x, y, tx, ty, xx, xy, yy = derivatives
    rows = np.array([[x, y], [xx, xy], [xy, yy]])
    change = np.array([t, tx, ty])
    rest2 = (change + np.einsum("rihw,ihw->rhw", rows, flow - base)) ** 2
    gamma = parameters.gamma
    if parameters.joint:
        psi = (rest2[0] + gamma * (rest2[1] + rest2[2]) + EPSILON**2) ** -0.5
        weights = np.array([psi, gamma * psi, gamma * psi])
    else:
        psi = gamma * (rest2[1] + rest2[2] + EPSILON**2) ** -0.5
        weights = np.array([(rest2[0] + EPSILON**2) ** -0.5, psi, psi])
    matrix = np.einsum("rhw,rihw,rjhw->hwij", weights, rows, rows) / parameters.alpha
    known = np.einsum("rihw,ihw->rhw", rows, base) - change
    return matrix, np.einsum("rhw,rihw,rhw->hwi", weights, rows, known) / parameters.alpha


def relax(flow, matrix, side, right, down, parameters):
    """Red-black sweeps on whole images, of which each half sweep keeps one colour."""
    flow = flow.copy()
    y, x = np.mgrid[: flow.shape[1], : flow.shape[2]]
    left, up = np.pad(right, ((0, 0), (1, 0)))[:, :-1], np.pad(down, ((1, 0), (0, 0)))[:-1]
    for half in range(2 * parameters.sweeps):
        mask = (y + x) % 2 == half % 2
        for i in (0, 1):
            beside = np.pad(flow[i], 1)
            around = left * beside[1:-1, :-2] + right * beside[1:-1, 2:]
            around += up * beside[:-2, 1:-1] + down * beside[2:, 1:-1]
            known = side[..., i] + around - matrix[..., 0, 1] * flow[1 - i]
            solved = known / (matrix[..., i, i] + left + right + up + down)
            flow[i][mask] += parameters.omega * (solved - flow[i])[mask]
    return flow


@pytest.mark.parametrize("joint", [True, False], ids=["joint", "separate"])
@pytest.mark.parametrize("size", [(6, 9), (7, 8), (5, 5), (8, 4), (1, 6), (7, 1)])
@pytest.mark.parametrize("sweeps", [1, 4])
def test_half_sweeps_are_those_on_masked_images(size, joint, sweeps):
    random = np.random.default_rng(0)
    count = 3
    base = random.normal(0, 2, (2, count, *size))
    derivatives = random.normal(0, 0.1, (8, count, *size))
    derivatives *= random.random((count, *size)) > 0.2
    parameters = BroxParameters(
        alpha=0.3, gamma=5.0, joint=joint, epsilon=EPSILON, sweeps=sweeps, omega=1.7
    )
    equations = Equations(Board(count, *size), parameters, like=torch.zeros(1).double())
    equations.linearise(torch.from_numpy(derivatives.copy()), torch.from_numpy(base))
    wanted = base.copy()
    for _ in range(2):  # the second time the flow is no longer that of the warping
        equations.weigh_smoothness()
        equations.assemble()
        equations.relax()
        for n in range(count):
            flow = wanted[:, n]
            system = assemble(derivatives[:, n], flow, base[:, n], parameters)
            wanted[:, n] = relax(flow, *system, *weigh(flow), parameters)
    np.testing.assert_allclose(equations.flow(), wanted, rtol=1e-8, atol=1e-8)


def test_fields_take_as_many_bytes_as_stated():
    board = Board(4, 40, 61)  # a row and its frame of 63, 42 rows
    for joint, numbers in ((False, 38), (True, 33)):
        parameters = BroxParameters(alpha=1.0, gamma=1.0, joint=joint)
        equations = Equations(board, parameters, like=torch.zeros(1))
        owned = [*vars(equations).values(), *vars(equations._fields).values()]
        tensors = [value for value in owned if isinstance(value, torch.Tensor)]
        storages = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}
        bytes_a_pixel = sum(storages.values()) / (4 * 42 * 63)
        assert bytes_a_pixel == pytest.approx(4 * numbers, rel=0.04)
