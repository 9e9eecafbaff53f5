"""Whole datasets: what is downloaded lies where our loaders read it."""

import io
import tarfile
from dataclasses import replace

import h5py
import numpy as np
import pytest
import scipy.io

from stpose.artefacts.documents import read_document
from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.olympic_sports.protocol import load_categories
from stpose.datasets.catalogue import (
    JHMDB,
    LSP,
    LSP_EXTENDED,
    MIDDLEBURY,
    MPII,
    OLYMPIC_CATEGORIES,
    OLYMPIC_SPORTS_LABELS,
    QUVA,
)
from stpose.datasets.fetch import fetch_dataset
from stpose.errors import InputError


def mat(**variables) -> bytes:
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, variables)
    return buffer.getvalue()


def tarred(members) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def unchecked(dataset):
    """The dataset without what is published of its files, which no test can serve."""
    files = tuple(replace(file, checksum=None, size=None) for file in dataset.files)
    return replace(dataset, files=files)


@pytest.fixture
def fetch(tmp_path, server, haste):
    def run(dataset):
        folder = tmp_path / "datasets" / dataset.name
        fetch_dataset(unchecked(dataset), folder, server.url, haste)
        return folder

    return run


@pytest.fixture
def lsp_zip(zipped):
    joints = np.random.default_rng(0).uniform(1, 50, (3, 14, 2))
    return zipped(
        {
            "joints.mat": mat(joints=joints),
            "images/im0001.jpg": b"1",
            "images/im0002.jpg": b"2",
            "visualized/im0001.jpg": b"v",
            "README.txt": b"Leeds Sports Pose",
        }
    )


def test_lsp_is_what_the_loader_reads(tmp_path, server, fetch, lsp_zip):
    server.offer("lsp_dataset.zip", lsp_zip)
    folder = fetch(LSP)
    assert len(load_lsp(folder)) == 2
    assert sorted(load_lsp(folder).images) == [1, 2]
    source = read_document(folder / "SOURCE.json", "source")
    assert source["licence"] == LSP.licence
    (file,) = source["files"]
    assert file["from"] == f"{server.url}/lsp_dataset.zip"
    assert file["official"] == LSP.files[0].url
    assert (file["bytes"], file["verified"]) == (len(lsp_zip), "first download, trusted")
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == ["lsp"]


def test_lsp_extended_is_what_the_loader_reads(server, fetch, zipped):
    rows = np.ones((14, 3, 2))
    members = {"joints.mat": mat(joints=rows), "images/im00001.jpg": b"1"}
    server.offer("lspet_dataset.zip", zipped(members))
    assert load_lsp(fetch(LSP_EXTENDED)).visible.all()


def labels_hdf5() -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["anchors"] = np.array([0], np.int32)
        for name, row in (("pos", [1]), ("neg", [2])):
            file[f"{name}_ids"] = np.array([row], np.int32)
            file[f"{name}_flipvals"] = np.array([[0]], np.int32)
    return buffer.getvalue()


def test_posture_labels_are_what_the_loader_reads(tmp_path, server, fetch):
    boxes = "\n".join(f"{number} 1 1 9 20" for number in (1, 2, 3)).encode()
    for category in OLYMPIC_CATEGORIES:
        server.offer(f"labels_hdf5_19.02.16/labels_{category}.hdf5", labels_hdf5())
        lines = "".join(f"./a_1_3/I0000{number}.png\n" for number in range(3))
        server.offer(f"image_pathes/imagePaths_{category}.txt", lines.encode(), kind="text/plain")
    members = {f"bboxes/{category}/a_1_3.bb": boxes for category in OLYMPIC_CATEGORIES}
    server.offer("bboxes.tar.gz", tarred(members))
    found = load_categories(fetch(OLYMPIC_SPORTS_LABELS))
    assert [category.name for category in found] == list(OLYMPIC_CATEGORIES)
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == ["olympic_sports_labels"]


@pytest.mark.parametrize(
    ("dataset", "archives", "expected"),
    [
        (
            MPII,
            {
                "mpii_human_pose_v1_u12_2.zip": {
                    "mpii_human_pose_v1_u12_2/mpii_human_pose_v1_u12_1.mat": b"m",
                    "mpii_human_pose_v1_u12_2/bsd.txt": b"b",
                },
                "mpii_human_pose_v1.tar.gz": {"images/015601864.jpg": b"j"},
            },
            ["bsd.txt", "images/015601864.jpg", "mpii_human_pose_v1_u12_1.mat"],
        ),
        (
            QUVA,
            {
                "QUVARepetitionDataset.tar.gz": {
                    "QUVARepetitionDataset/videos/000_rope.mp4": b"v",
                    "QUVARepetitionDataset/videos/._000_rope.mp4": b"junk",
                    "QUVARepetitionDataset/annotations/000_rope.npy": b"a",
                }
            },
            ["annotations/000_rope.npy", "videos/000_rope.mp4"],
        ),
        (
            JHMDB,
            {
                "JHMDB_video.zip": {"ReCompress_Videos/clap/a.avi": b"v"},
                "joint_positions.zip": {"joint_positions/clap/a/joint_positions.mat": b"j"},
            },
            ["joint_positions/clap/a/joint_positions.mat", "videos/clap/a.avi"],
        ),
        (
            MIDDLEBURY,
            {
                "other-color-twoframes.zip": {
                    "other-data/Venus/frame10.png": b"0",
                    "other-data/Venus/frame11.png": b"1",
                },
                "other-gt-flow.zip": {"other-gt-flow/Venus/flow10.flo": b"f"},
            },
            ["Venus/flow10.flo", "Venus/frame10.png", "Venus/frame11.png"],
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_other_datasets_lie_where_they_should(server, fetch, zipped, dataset, archives, expected):
    for name, members in archives.items():
        server.offer(name, zipped(members) if name.endswith(".zip") else tarred(members))
    folder = fetch(dataset)
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert sorted(found) == sorted(["SOURCE.json", *expected])


def test_published_checksums_are_enforced(tmp_path, server, haste, zipped):
    members = {"m/mpii_human_pose_v1_u12_1.mat": b"not the published one"}
    server.offer("mpii_human_pose_v1_u12_2.zip", zipped(members))
    with pytest.raises(InputError, match="expected 12340483"):
        fetch_dataset(MPII, tmp_path / "mpii", server.url, haste)
    assert not (tmp_path / "mpii").exists()


def test_a_failure_leaves_no_half_dataset_and_keeps_what_came(tmp_path, server, fetch, zipped):
    color = zipped({"other-data/Venus/frame10.png": b"0"})
    server.offer("other-color-twoframes.zip", color)
    with pytest.raises(InputError, match=r"other-gt-flow\.zip: answered 404") as caught:
        fetch(MIDDLEBURY)
    assert MIDDLEBURY.by_hand in str(caught.value)
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == ["downloads"]
    server.offer("other-gt-flow.zip", zipped({"other-gt-flow/Venus/flow10.flo": b"f"}))
    folder = fetch(MIDDLEBURY)
    asked = [one.path for one in server.asked]
    assert asked.count("other-color-twoframes.zip") == 1
    assert (folder / "Venus" / "frame10.png").is_file()


def test_an_archive_of_something_else_leaves_nothing(tmp_path, server, fetch, zipped):
    server.offer("lsp_dataset.zip", zipped({"cats/cat.jpg": b"c"}))
    with pytest.raises(InputError, match="holds cats, expected a folder with joints") as caught:
        fetch(LSP)
    assert LSP.by_hand in str(caught.value)
    assert not [path for path in (tmp_path / "datasets").rglob("*") if path.is_file()]


def test_a_later_download_is_compared_with_the_first(server, fetch, zipped, lsp_zip):
    server.offer("lsp_dataset.zip", lsp_zip)
    folder = fetch(LSP)
    (folder / "mine").mkdir()
    (folder / "mine" / "notes.txt").write_text("kept")
    (folder / "images" / "im0001.jpg").write_bytes(b"spoilt")
    fetch(LSP)
    assert (folder / "images" / "im0001.jpg").read_bytes() == b"1"
    assert (folder / "mine" / "notes.txt").read_text() == "kept"
    (file,) = read_document(folder / "SOURCE.json", "source")["files"]
    assert file["verified"] == "recorded"
    server.offer("lsp_dataset.zip", zipped({"joints.mat": b"other", "images/im0001.jpg": b"x"}))
    with pytest.raises(InputError, match=r"as at the first download .*SOURCE\.json"):
        fetch(LSP)
    assert (folder / "images" / "im0001.jpg").read_bytes() == b"1"


def test_a_folder_that_someone_filled_is_left_alone(tmp_path, server, fetch, lsp_zip):
    server.offer("lsp_dataset.zip", lsp_zip)
    mine = tmp_path / "datasets" / "lsp" / "joints.mat"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(InputError, match="stpose check-data"):
        fetch(LSP)
    assert mine.read_text() == "mine"
    assert server.asked == []


def test_an_archive_brought_along_needs_no_server_and_stays(tmp_path, server, fetch, lsp_zip):
    archive = tmp_path / "datasets" / "downloads" / "lsp" / "lsp_dataset.zip"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(lsp_zip)
    assert len(load_lsp(fetch(LSP))) == 2
    assert server.asked == []
    assert archive.is_file()
