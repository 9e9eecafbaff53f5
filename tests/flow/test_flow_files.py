import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stpose.errors import InputError
from stpose.flow.files import UNKNOWN, read_flow, write_flow_file

FLOWS = arrays(
    np.float32,
    st.tuples(st.integers(1, 5), st.integers(1, 6), st.just(2)),
    elements=st.floats(-500, 500, width=32),
)


@given(flow=FLOWS, suffix=st.sampled_from([".flo", ".png"]))
def test_round_trip(tmp_path_factory, flow, suffix):
    path = tmp_path_factory.mktemp("flow") / f"flow{suffix}"
    write_flow_file(path, flow)
    step = 0 if suffix == ".flo" else 0.5 / 64
    np.testing.assert_allclose(read_flow(path), flow, atol=step, rtol=0)


@pytest.mark.parametrize("suffix", [".flo", ".png"])
@pytest.mark.parametrize("missing", [np.nan, 1e10, -1e10, UNKNOWN])
def test_unknown_pixels(tmp_path, suffix, missing):
    flow = np.full((3, 4, 2), 2.5, np.float32)
    flow[1, 2, 0] = missing
    write_flow_file(tmp_path / f"flow{suffix}", flow)
    back = read_flow(tmp_path / f"flow{suffix}")
    assert (back[1, 2] == UNKNOWN).all()
    flow[1, 2] = UNKNOWN
    np.testing.assert_array_equal(back, flow)


def test_flo_layout(tmp_path):
    path = tmp_path / "flow.flo"
    write_flow_file(path, np.array([[[1, 2], [3, 4], [5, 6]]], np.float32))
    assert path.read_bytes() == struct.pack("<fii6f", 202021.25, 3, 1, 1, 2, 3, 4, 5, 6)


def test_kitti_layout(tmp_path):
    path = tmp_path / "flow.png"
    write_flow_file(path, np.array([[[1, -2], [np.nan, 0]]]))
    blue, green, red = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[0].T
    assert red.tolist() == [32768 + 64, 32768]
    assert green.tolist() == [32768 - 128, 32768]
    assert blue.tolist() == [1, 0]


def test_middlebury_truth(shared_data):
    truth = read_flow(shared_data / "flow" / "RubberWhale" / "flow10.flo")
    assert truth.shape == (388, 584, 2)
    assert (truth[..., 0] == UNKNOWN).sum() == 3622


def damaged_files():
    good = struct.pack("<fii4f", 202021.25, 2, 1, 1, 2, 3, 4)
    return [
        ("flow.flo", good[:-1], "bytes, expected 28 for 2x1"),
        ("flow.flo", good + b"x", "29 bytes"),
        ("flow.flo", good[:10], "10 bytes, expected a header"),
        ("flow.flo", b"", "begins with b''"),
        ("flow.flo", b"RIFF" + good[4:], "begins with b'RIFF'"),
        ("flow.flo", struct.pack("<fii", 202021.25, -2, -1), "expected 28 for -2x-1"),
        ("flow.flo", struct.pack("<fii", 202021.25, 0, 0), "expected 12 for 0x0"),
        ("flow.png", b"\x89PNG\r\n\x1a\n", "damaged"),
        ("flow.png", cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes(), "uint8"),
        ("flow.png", cv2.imencode(".png", np.zeros((4, 4), np.uint16))[1].tobytes(), r"\(4, 4\)"),
        ("flow.jpg", good, "ends in '.jpg'"),
    ]


@pytest.mark.parametrize(("name", "content", "words"), damaged_files())
def test_damaged_files(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_flow(tmp_path / name)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_flow(tmp_path / "flow.flo")


def test_refused_flows(tmp_path):
    for path, flow, words in [
        (tmp_path / "flow.png", np.full((2, 2, 2), 600.0), "600 px"),
        (tmp_path / "flow.flo", np.zeros((2, 2)), "shape"),
        (tmp_path / "flow.txt", np.zeros((2, 2, 2)), "ends in"),
    ]:
        with pytest.raises(InputError, match=words):
            write_flow_file(path, flow)
        assert not path.exists()
