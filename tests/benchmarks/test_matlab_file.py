"""MATLAB files, of which some end the process that reads them."""

import faulthandler
import struct
import sys

import numpy as np
import pytest
import scipy.io

from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.matlab_file import load_matlab, matlab_shapes
from stpose.benchmarks.mpii.release_file import read_release
from stpose.errors import InputError

_INT8, _INT32, _UINT32, _MATRIX, _CELL = 1, 5, 6, 14, 1


def element(kind, content):
    return struct.pack("<II", kind, len(content)) + content + bytes(-len(content) % 8)


def nested_cells(path, name, depth):
    """A cell in a cell in a cell: SciPy's reader goes down by recursion, and its stack ends."""
    head = element(_UINT32, struct.pack("<II", _CELL, 0))
    head += element(_INT32, struct.pack("<ii", 1, 1))
    named, unnamed = head + element(_INT8, name), head + element(_INT8, b"")
    step = len(element(_MATRIX, unnamed))
    sizes = range(len(unnamed) + step * (depth - 1), 0, -step)
    inner = b"".join(struct.pack("<II", _MATRIX, size) + unnamed for size in sizes)
    start = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H2s", 0x0100, b"IM")
    path.write_bytes(start + element(_MATRIX, named + inner))


@pytest.fixture
def crashing(tmp_path):
    path = tmp_path / "joints.mat"
    nested_cells(path, b"joints", 150_000)
    faulthandler.disable()  # the child's crash is told by its parent
    yield path
    faulthandler.enable(sys.__stderr__)


@pytest.mark.parametrize("read", [load_matlab, read_release, lambda path: load_lsp(path.parent)])
def test_a_file_that_crashes_the_reader_is_named(crashing, read):
    with pytest.raises(InputError, match=r"joints\.mat: .*the reader: crashed \(SIGSEGV\)"):
        read(crashing)


def test_variables_come_back(tmp_path):
    path = tmp_path / "a.mat"
    scipy.io.savemat(path, {"joints": np.arange(6.0).reshape(2, 3), "more": 1.0})
    assert matlab_shapes(path) == {"joints": (2, 3), "more": (1, 1)}
    assert set(load_matlab(path)) == {"joints", "more"}
    only = load_matlab(path, ("joints",))
    assert set(only) == {"joints"}
    np.testing.assert_array_equal(only["joints"], np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("read", [load_matlab, matlab_shapes])
def test_no_file_and_a_truncated_one_are_refused(tmp_path, read):
    path = tmp_path / "a.mat"
    with pytest.raises(InputError, match=r"a\.mat: no such file"):
        read(path)
    scipy.io.savemat(path, {"joints": np.ones((20, 30))})
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(InputError, match=r"a\.mat: unreadable, expected a MATLAB file"):
        read(path)
