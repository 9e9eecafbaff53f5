"""Tiny data folders in the published formats."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import cv2
import h5py
import numpy as np
import pytest
import scipy.io

from stpose.network.features import random_network
from stpose.settings.network import NetworkSettings


@dataclass
class Labels:
    """Labels as a test writes them, with ids from 0: (frame id, flip) pairs by exemplar."""

    anchors: list[int] = field(default_factory=lambda: [0, 5])
    positives: list[list[tuple[int, int]]] = field(
        default_factory=lambda: [[(6, 0), (3, 1)], [(1, 0)]]
    )
    negatives: list[list[tuple[int, int]]] = field(
        default_factory=lambda: [[(4, 0), (5, 1)], [(2, 1), (0, 0)]]
    )


# Sequences with gaps, one whose name begins with a dash, not in the order of their names' bytes.
SEQUENCES = {"-a_00001_00009": [2, 3, 7], "B_0_9": [0, 1, 4, 5]}


def write_hdf5(path: Path, labels: Labels, plain: tuple[str, ...] = ()) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file["anchors"] = np.array(labels.anchors, dtype=np.int32)
        for short, rows in (("pos", labels.positives), ("neg", labels.negatives)):
            for place, name in enumerate(("ids", "flipvals")):
                arrays = [np.array([pair[place] for pair in row], np.int32) for row in rows]
                if short in plain:
                    file[f"{short}_{name}"] = np.array(arrays)
                else:
                    kind = h5py.vlen_dtype(np.int32)
                    dataset = file.create_dataset(f"{short}_{name}", (len(rows),), dtype=kind)
                    for row, array in enumerate(arrays):
                        dataset[row] = array


def write_mat(path: Path, labels: Labels) -> None:
    """Write the layout of MATLAB 7.3: fields of an array of structures are references."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        group, store = file.create_group("labels"), file.create_group("#refs#")
        count = len(labels.anchors)

        def references(name, make):
            field = group.create_dataset(name, (count, 1), dtype=h5py.ref_dtype)
            for row in range(count):
                field[row, 0] = make(f"{name}{row}", row).ref

        references(
            "anchor",
            lambda key, row: store.create_dataset(
                key, data=np.array([[labels.anchors[row] + 1]], dtype=np.float64)
            ),
        )
        for name, rows in (("positives", labels.positives), ("negatives", labels.negatives)):

            def make(key, row, rows=rows):
                inner = store.create_group(key)
                pairs = np.array(rows[row]).reshape(-1, 2)
                inner["ids"] = (pairs[:, :1] + 1).astype(np.float64)
                inner["flipval"] = pairs[:, 1:].astype(np.uint8)
                return inner

            references(name, make)


@dataclass(frozen=True)
class PostureFolder:
    """A data folder of one category, "jump", with seven frames."""

    path: Path
    labels: Labels
    boxes: dict[tuple[str, int], tuple[int, int, int, int]]


def draw_frame(sequence: str, number: int) -> np.ndarray:
    """Return a picture (40, 60) that differs from frame to frame and from its mirror image."""
    generator = np.random.default_rng(1000 * len(sequence) + number)
    coarse = generator.integers(0, 255, (5, 6, 3)).astype(np.uint8)
    return cv2.resize(coarse, (60, 40), interpolation=cv2.INTER_CUBIC)


@pytest.fixture
def posture_folder(tmp_path) -> PostureFolder:
    folder = tmp_path / "posture"
    lines, boxes = [], {}
    for offset, (sequence, numbers) in enumerate(SEQUENCES.items()):
        rows = []
        for number in numbers:
            lines.append(f"./{sequence}/I{number:05d}.png")
            box = (3 + number, 2 + offset, 20 + 3 * number, 30 + offset + number)
            boxes[sequence, number] = box
            rows.append(" ".join(str(value) for value in (number + 1, *box)))
            image = folder / "frames" / "jump" / sequence / f"I{number:05d}.png"
            image.parent.mkdir(parents=True, exist_ok=True)
            assert cv2.imwrite(str(image), draw_frame(sequence, number))
        # Rows in another order than the frames: only the index counts.
        path = folder / "bboxes" / "jump" / f"{sequence}.bb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(reversed(rows)) + "\n")
    listing = folder / "image_pathes" / "imagePaths_jump.txt"
    listing.parent.mkdir(parents=True)
    listing.write_text("\n".join(lines) + "\n")
    labels = Labels()
    write_hdf5(folder / "labels_hdf5" / "labels_jump.hdf5", labels)
    return PostureFolder(folder, labels, boxes)


def random_joints(generator: np.random.Generator, count: int) -> np.ndarray:
    """Return joints (count, 14, 2) inside a picture of 80 x 60, from 1."""
    return generator.uniform((5, 5), (75, 55), (count, 14, 2))


def write_lsp(folder: Path, joints: np.ndarray, hidden: np.ndarray, extended: bool) -> None:
    """Write images and joints.mat in the layout of LSP or LSP-extended."""
    flags = ~hidden if extended else hidden
    rows = np.concatenate([joints, flags[..., None]], axis=2)  # image, joint, value
    axes = (1, 2, 0) if extended else (2, 1, 0)
    (folder / "images").mkdir(parents=True)
    scipy.io.savemat(folder / "joints.mat", {"joints": rows.transpose(axes)})
    for number, places in enumerate(joints, start=1):
        image = np.full((60, 80, 3), 40, np.uint8)
        for x, y in places:
            cv2.circle(image, (round(x), round(y)), 3, (200, 180, 90), -1)
        name = f"im{number:05d}.png" if extended else f"im{number:04d}.jpg"
        assert cv2.imwrite(str(folder / "images" / name), image)


@pytest.fixture
def lsp_folder(tmp_path) -> Path:
    generator = np.random.default_rng(5)
    joints = random_joints(generator, 24)
    write_lsp(tmp_path / "lsp", joints, generator.random((24, 14)) < 0.1, extended=False)
    return tmp_path / "lsp"


@pytest.fixture
def extended_folder(tmp_path) -> Path:
    generator = np.random.default_rng(6)
    joints = random_joints(generator, 6)
    hidden = np.zeros((6, 14), bool)
    hidden[[1, 4], 3] = True
    joints[hidden] = 0
    write_lsp(tmp_path / "lspet", joints, hidden, extended=True)
    return tmp_path / "lspet"


@pytest.fixture(scope="session")
def tiny_network():
    return random_network(NetworkSettings(input_px=64, width=0.1, first_stride=2), seed=3)


@pytest.fixture(scope="session")
def formats() -> SimpleNamespace:
    """What writes files in the published formats."""
    return SimpleNamespace(
        Labels=Labels,
        write_hdf5=write_hdf5,
        write_mat=write_mat,
        write_lsp=write_lsp,
        draw_frame=draw_frame,
    )
