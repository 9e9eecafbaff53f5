"""Readers of the files that benchmarks are published in."""

import json
from functools import partial
from io import BytesIO
from pathlib import Path

import h5py
import numpy as np
import scipy.io
from hypothesis import strategies as st

from fuzzing.mutations import (
    damaged,
    hdf5_files,
    json_files,
    matlab_files,
    text_files,
)
from fuzzing.reader import Reader
from stpose.benchmarks.jhmdb_posture.data import load_clips
from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.mpii.csv_file import read_csv
from stpose.benchmarks.mpii.hdf5_file import read_hdf5
from stpose.benchmarks.mpii.json_file import read_json
from stpose.benchmarks.mpii.people import JOINTS, MpiiPeople
from stpose.benchmarks.mpii.release_file import read_release
from stpose.benchmarks.olympic_sports.frames import read_frames
from stpose.benchmarks.olympic_sports.labels import read_labels
from stpose.benchmarks.quva_counting.data import load_videos

_FRAMES = 8


def _matlab(**variables: object) -> bytes:
    target = BytesIO()
    scipy.io.savemat(target, variables, do_compression=len(variables) > 1)
    return target.getvalue()


def _lsp(_: Path) -> st.SearchStrategy[bytes]:
    joints = np.arange(3 * 14 * 2, dtype=float).reshape(3, 14, 2)
    whole = [_matlab(joints=joints), _matlab(joints=joints, other=1.0)]
    return st.one_of(damaged(whole), matlab_files(["joints"]))


def _read_lsp(folder: Path) -> None:
    data = load_lsp(folder)
    assert data.joints.shape == (len(data), 14, 2)
    assert np.isfinite(data.joints[data.visible]).all()


def _release(_: Path) -> st.SearchStrategy[bytes]:
    point = {"x": 3.0, "y": 4.0, "id": 1.0, "is_visible": 1.0}
    person = {"x1": 1.0, "y1": 1.0, "x2": 9.0, "y2": 9.0, "scale": 2.0}
    person |= {"objpos": {"x": 5.0, "y": 5.0}, "annopoints": {"point": [point, point]}}
    image = {"image": {"name": "a.jpg"}, "annorect": person}
    release = {"annolist": [image, image], "img_train": np.array([1.0, 0.0])}
    whole = [_matlab(RELEASE=release), _matlab(RELEASE=release, more=2.0)]
    return st.one_of(damaged(whole), matlab_files(["RELEASE"]))


def _people_are_right(people: MpiiPeople) -> None:
    assert people.joints.shape == (len(people.images), len(JOINTS), 2)
    assert np.isfinite(people.joints[people.present]).all()


def _mpii_hdf5(_: Path) -> st.SearchStrategy[bytes]:
    columns = {
        "imgname": np.array([b"a.jpg", b"b.jpg"]),
        "person": np.array([0.0, 1.0]),
        "part": np.ones((2, 16, 2)),
        "visible": np.ones((2, 16)),
        "center": np.ones((2, 2)),
        "scale": np.ones(2),
        "normalize": np.ones(2),
    }
    target = BytesIO()
    with h5py.File(target, "w") as file:
        for name, values in columns.items():
            file[name] = values
    return st.one_of(damaged([target.getvalue()]), hdf5_files(list(columns)))


def _mpii_json(_: Path) -> st.SearchStrategy[bytes]:
    person = {"image": "a.jpg", "joints": [[1.0, 2.0]] * 16, "joints_vis": [1] * 16}
    person |= {"center": [5.0, 5.0], "scale": 1.0}
    return st.one_of(damaged([json.dumps([person] * 2).encode()]), json_files(list(person)))


def _mpii_csv(_: Path) -> st.SearchStrategy[bytes]:
    names = ["NAME", *(f"{joint}_{axis}" for joint in JOINTS for axis in "XY"), "Scale"]
    lines = [",".join(names), ",".join(["a.jpg", *["3"] * 32, "1.5"])]
    return st.one_of(damaged(["\n".join([*lines, lines[1]]).encode()]), text_files(names[:4]))


def _labels(matlab: bool, _: Path) -> st.SearchStrategy[bytes]:
    target = BytesIO()
    with h5py.File(target, "w") as file:
        if matlab:
            references = file.create_group("#refs#")
            for name in ("anchor", "positives", "negatives"):
                field = file.require_group("labels").create_dataset(
                    name, (2, 1), dtype=h5py.ref_dtype
                )
                for row in range(2):
                    if name == "anchor":
                        cell = references.create_dataset(f"a{row}", data=[[row + 1.0]])
                    else:
                        cell = references.create_group(f"{name}{row}")
                        cell["ids"], cell["flipval"] = [[1.0, 2.0]], [[0.0, 1.0]]
                    field[row, 0] = cell.ref
        else:
            file["anchors"] = np.array([0, 3], np.int32)
            for short in ("pos", "neg"):
                file[f"{short}_ids"] = np.array([[1, 2], [4, 5]], np.int32)
                file[f"{short}_flipvals"] = np.array([[0, 1], [0, 0]], np.int32)
    names = ["anchors", "pos_ids", "neg_ids", "pos_flipvals", "neg_flipvals"]
    fields = ["anchor", "positives", "negatives"]
    names = [f"labels/{field}" for field in fields] if matlab else names
    return st.one_of(damaged([target.getvalue()]), hdf5_files(names))


def _read_labels(ending: str, folder: Path) -> None:
    labels = read_labels(folder / f"labels_x{ending}", _FRAMES)
    for ids in (labels.anchors, labels.frame):
        assert len(ids)
        assert ((ids >= 0) & (ids < _FRAMES)).all()


def _bb(_: Path) -> st.SearchStrategy[bytes]:
    whole = b"".join(b"%d 1 2 30 40\n" % number for number in range(1, 5))
    return st.one_of(damaged([whole]), text_files(["1 1 1 5 5", "2 1 1 5 5", "3 1 1 5 5"]))


def _frame_list(folder: Path) -> None:
    (folder / "image_pathes").mkdir()
    text = "".join(f"./a/I{number:05d}.png\n" for number in range(3))
    (folder / "image_pathes" / "imagePaths_x.txt").write_text(text)
    (folder / "bboxes" / "x").mkdir(parents=True)


def _read_bb(folder: Path) -> None:
    assert np.isfinite(read_frames(folder, "x").aspect()).all()


def _frame_lists(_: Path) -> st.SearchStrategy[bytes]:
    return st.one_of(damaged([b"./a/I00000.png\n./a/I00001.png\n"]), text_files(["./a/I0.png"]))


def _list_boxes(folder: Path) -> None:
    (folder / "bboxes" / "x").mkdir(parents=True)
    (folder / "bboxes" / "x" / "a.bb").write_text("1 1 1 5 5\n2 1 1 5 5\n")
    (folder / "image_pathes").mkdir()


def _npz(_: Path) -> st.SearchStrategy[bytes]:
    target = BytesIO()
    joints = np.ones((3, 15, 2))
    np.savez(target, **{"c/a/pos_world": joints, "c/a/pos_img": joints})
    return damaged([target.getvalue()])


def _clip(folder: Path) -> None:
    (folder / "videos" / "c").mkdir(parents=True)
    (folder / "videos" / "c" / "a.avi").touch()
    (folder / "sources.json").write_text('{"s": ["c/a"]}')


def _sources(_: Path) -> st.SearchStrategy[bytes]:
    return st.one_of(damaged([b'{"part": {"s": ["c/a"]}}']), json_files(["c/a", "s"]))


def _joints(folder: Path) -> None:
    _clip(folder)
    joints = np.ones((3, 15, 2))
    np.savez(folder / "joints.npz", **{"c/a/pos_world": joints, "c/a/pos_img": joints})


def _npy(_: Path) -> st.SearchStrategy[bytes]:
    target = BytesIO()
    np.save(target, np.array([4, 9, 15]))
    return damaged([target.getvalue()])


def _counted(folder: Path) -> None:
    (folder / "videos").mkdir()
    (folder / "annotations").mkdir()
    (folder / "videos" / "a.mp4").touch()


READERS = [
    Reader("LSP joints (.mat)", "joints.mat", _read_lsp, _lsp),
    Reader(
        "MPII release (.mat)",
        "a.mat",
        lambda folder: _people_are_right(read_release(folder / "a.mat")),
        _release,
    ),
    Reader(
        "MPII annotations (.h5)",
        "a.h5",
        lambda folder: _people_are_right(read_hdf5(folder / "a.h5")),
        _mpii_hdf5,
    ),
    Reader(
        "MPII annotations (.json)",
        "a.json",
        lambda folder: _people_are_right(read_json(folder / "a.json")),
        _mpii_json,
    ),
    Reader(
        "MPII annotations (.csv)",
        "a.csv",
        lambda folder: _people_are_right(read_csv(folder / "a.csv")),
        _mpii_csv,
    ),
    Reader(
        "posture labels (.hdf5)",
        "labels_x.hdf5",
        partial(_read_labels, ".hdf5"),
        partial(_labels, False),
    ),
    Reader(
        "posture labels (.mat 7.3)",
        "labels_x.mat",
        partial(_read_labels, ".mat"),
        partial(_labels, True),
    ),
    Reader("posture boxes (.bb)", "bboxes/x/a.bb", _read_bb, _bb, _frame_list, weight=4),
    Reader(
        "posture frame lists (.txt)",
        "image_pathes/imagePaths_x.txt",
        lambda folder: read_frames(folder, "x"),
        _frame_lists,
        _list_boxes,
    ),
    Reader("J-HMDB joints (.npz)", "joints.npz", load_clips, _npz, _clip),
    Reader("J-HMDB sources (.json)", "sources.json", load_clips, _sources, _joints),
    Reader("QUVA cycles (.npy)", "annotations/a.npy", load_videos, _npy, _counted, weight=3),
]
