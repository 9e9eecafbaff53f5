"""Where decoded crops are held."""

from collections import namedtuple

import pytest
import torch

from stpose import crop_memory
from stpose.crop_memory import ready_for, room_for_crops

SHAPE = (10, 3, 8, 8)
BYTES = 10 * 3 * 8 * 8


def test_memory_comes_first(tmp_path):
    held = room_for_crops(SHAPE, BYTES, tmp_path, "cpu")
    assert (held.shape, held.dtype) == (torch.Size(SHAPE), torch.uint8)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shape", [SHAPE, (0, 3, 8, 8)])
def test_nothing_is_held_without_a_budget_or_crops(tmp_path, shape):
    assert room_for_crops(shape, 0 if shape == SHAPE else BYTES, tmp_path, "cpu") is None


def test_what_does_not_fit_is_mapped_from_a_file_without_a_name(tmp_path):
    held = room_for_crops(SHAPE, BYTES - 1, tmp_path / "new", "cpu")
    held.copy_(torch.arange(BYTES).view(SHAPE) % 251)
    assert list((tmp_path / "new").iterdir()) == []
    rows = torch.tensor([7, 0, 7])
    expected = (torch.arange(BYTES).view(SHAPE) % 251)[rows].to(torch.uint8)
    assert torch.equal(ready_for("cpu", held, rows), expected)


def test_a_disk_with_little_space_is_left_alone(tmp_path, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(crop_memory.shutil, "disk_usage", lambda _: usage(2 * BYTES - 1))
    assert room_for_crops(SHAPE, BYTES - 1, tmp_path, "cpu") is None
    assert room_for_crops(SHAPE, BYTES - 1, None, "cpu") is None
