"""Both layouts of Leeds Sports Pose."""

import numpy as np
import pytest
import scipy.io

from stpose.benchmarks.lsp.data import load_lsp
from stpose.errors import InputError


def test_both_layouts_give_the_same_people(tmp_path, formats):
    generator = np.random.default_rng(2)
    joints, hidden = generator.uniform(5, 50, (5, 14, 2)), generator.random((5, 14)) < 0.3
    formats.write_lsp(tmp_path / "lsp", joints, hidden, extended=False)
    formats.write_lsp(tmp_path / "lspet", joints, hidden, extended=True)
    shapes = [
        scipy.io.loadmat(tmp_path / name / "joints.mat")["joints"].shape
        for name in ("lsp", "lspet")
    ]
    assert shapes == [(3, 14, 5), (14, 3, 5)]
    for name in ("lsp", "lspet"):
        read = load_lsp(tmp_path / name)
        assert len(read) == 5
        # The centre of MATLAB's first pixel, 1, is half a pixel from the edge.
        np.testing.assert_allclose(read.joints, joints - 0.5)
        np.testing.assert_array_equal(read.visible, ~hidden)
        assert read.fully_visible().tolist() == [i + 1 for i in range(5) if not hidden[i].any()]
        assert read.read_image(5).shape == (60, 80, 3)


def test_a_single_image_has_lost_its_axis(tmp_path):
    joints = np.arange(42.0).reshape(3, 14)
    scipy.io.savemat(tmp_path / "joints.mat", {"joints": joints})
    read = load_lsp(tmp_path)
    np.testing.assert_array_equal(read.joints, joints[None, :2].transpose(0, 2, 1) - 0.5)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"no matlab file, though long enough to hold the header of one" * 9, "unreadable"),
        ({"other": np.zeros(3)}, "no variable joints"),
        ({"joints": np.zeros((14, 2, 5))}, r"\(14, 2, 5\), expected numbers 3 x 14 x N \(LSP\)"),
        ({"joints": np.zeros((5, 14, 3))}, r"\(5, 14, 3\)"),
        ({"joints": np.array(["a" * 14] * 3)}, "expected numbers"),
    ],
)
def test_other_files_are_explained(tmp_path, content, message):
    path = tmp_path / "joints.mat"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        scipy.io.savemat(path, content)
    with pytest.raises(InputError, match=message) as caught:
        load_lsp(tmp_path)
    assert str(path) in str(caught.value)


def test_missing_and_broken_images_are_named(lsp_folder):
    read = load_lsp(lsp_folder)
    (lsp_folder / "images" / "im0003.jpg").write_text("no picture")
    with pytest.raises(InputError, match=r"im0003\.jpg: unreadable"):
        read.read_image(3)
    (lsp_folder / "images" / "im0003.jpg").unlink()
    with pytest.raises(InputError, match="no image 3, such as im0003"):
        load_lsp(lsp_folder).read_image(3)
