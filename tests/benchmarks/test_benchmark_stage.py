"""Whole benchmarks on tiny data, from files to a document."""

import shutil

import cv2
import numpy as np
import pytest

from stpose.artefacts.documents import read_document
from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import SCORES
from stpose.artefacts.tables import read_table
from stpose.benchmarks.lsp.stage import run_lsp
from stpose.benchmarks.olympic_sports.stage import run_posture
from stpose.errors import ArtefactError, InputError
from stpose.network.weights import save_weights
from stpose.settings.benchmarks import BenchmarkSettings, LspSettings, OlympicSportsSettings

SETTINGS = BenchmarkSettings(bootstrap_samples=100, device="cpu")
NETWORK_ROWS = ["random weights", "random weights (raw)", "trained", "trained (raw)"]


@pytest.fixture
def weights(tmp_path, tiny_network):
    path = tmp_path / "weights.safetensors"
    save_weights(path, tiny_network, derive("training", "{}"), {})
    return path


def test_posture_has_a_row_for_everything(posture_folder, weights, tmp_path):
    out = tmp_path / "olympic-sports.json"
    run_posture(weights, posture_folder.path, out, SETTINGS, "abc", [weights])
    content = read_document(out, "benchmark")
    rows = {row["name"]: row for row in content["rows"]}
    assert list(rows) == ["aspect", "time", "aspect+time", "pixels", "hog", *NETWORK_ROWS]
    assert content["data"]["exemplars"] == 2
    assert content["data"]["positives"] == 3
    for row in rows.values():
        assert row["value"] == pytest.approx(row["auc_exact"])
        assert row["value"] == pytest.approx(row["by"]["jump"])
        assert row["auc_published"] == pytest.approx(row["published_by"]["jump"])
        assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
        assert row["n"] == 2
    assert [row["headline"] for row in rows.values()] == [True] * 6 + [False, True, False]
    seeds = rows["random weights"]["seeds"]
    assert rows["random weights"]["value"] == pytest.approx(np.mean(seeds))
    gains = {one["against"]: one["value"] for one in content["differences"]}
    assert set(gains) == set(rows) - {"trained"}
    assert gains["hog"] == pytest.approx(rows["trained"]["value"] - rows["hog"]["value"])
    scores = read_table(out.with_suffix(".parquet"), SCORES).to_pandas()
    assert scores["group"].unique().tolist() == [0]
    shown = {name: row["value"] for name, row in rows.items() if row["headline"]}
    assert scores.groupby("row")["score"].mean().to_dict() == pytest.approx(shown)
    provenance = read_header(out).provenance
    assert provenance["code"] == "abc"
    assert set(provenance["inputs"]) == {"labels_jump.hdf5", "weights.safetensors"}


def test_posture_without_frames_has_the_rows_without_pixels(posture_folder, tmp_path):
    shutil.rmtree(posture_folder.path / "frames")
    out = tmp_path / "olympic-sports.json"
    run_posture(None, posture_folder.path, out, SETTINGS)
    content = read_document(out, "benchmark")
    assert [row["name"] for row in content["rows"]] == ["aspect", "time", "aspect+time"]
    assert "no frames" in content["notes"][0]
    assert content["differences"] == []


def test_posture_from_matlab_is_the_same(posture_folder, weights, tmp_path, formats):
    documents = []
    for name in ("hdf5", "mat"):
        if name == "mat":
            shutil.rmtree(posture_folder.path / "labels_hdf5")
            path = posture_folder.path / "labels_mat" / "labels_jump.mat"
            formats.write_mat(path, posture_folder.labels)
        out = tmp_path / f"{name}.json"
        run_posture(weights, posture_folder.path, out, SETTINGS)
        documents.append(read_document(out, "benchmark"))
    assert documents[0] == documents[1]


def test_by_correlation_the_length_of_vectors_does_not_matter(posture_folder, weights, tmp_path):
    posture = OlympicSportsSettings(distance="correlation", crop="square")
    settings = SETTINGS.model_copy(update={"olympic_sports": posture})
    out = tmp_path / "olympic-sports.json"
    run_posture(weights, posture_folder.path, out, settings)
    content = read_document(out, "benchmark")
    assert [row["name"] for row in content["rows"]][-2:] == ["random weights", "trained"]
    assert "correlation" in content["protocol"]


def test_a_labelled_frame_that_is_missing_is_named(posture_folder, tmp_path):
    (posture_folder.path / "frames/jump/B_0_9/I00005.png").unlink()
    out = tmp_path / "olympic-sports.json"
    with pytest.raises(InputError, match=r"I00005\.png: no such frame"):
        run_posture(None, posture_folder.path, out, SETTINGS)
    assert not out.exists()


def test_lsp_has_a_row_for_everything(lsp_folder, weights, tmp_path):
    out, picture = tmp_path / "lsp.json", tmp_path / "lsp.png"
    run_lsp(weights, lsp_folder, out, SETTINGS, "abc", [weights], picture)
    content = read_document(out, "benchmark")
    rows = {row["name"]: row for row in content["rows"]}
    assert set(rows) == {
        *("pose", "random-neighbour", "aspect", "pixels", "hog", *NETWORK_ROWS),
        *("random weights (whitened)", "trained (whitened)"),
    }
    for row in rows.values():
        assert list(row["by"]) == [
            *("head", "torso", "upper_arms", "lower_arms", "upper_legs", "lower_legs")
        ]
        assert row["value"] == pytest.approx(np.mean(list(row["by"].values())))
        assert 0 <= row["k5"] <= 1
        assert row["n"] == 12
    assert content["data"]["gallery"] == 12
    assert content["neighbours"]["row"] == "trained"
    pairs = content["neighbours"]["pairs"]
    assert [query for query, _ in pairs] == list(range(13, 25))
    assert all(1 <= neighbour <= 12 for _, neighbour in pairs)
    assert cv2.imread(str(picture)) is not None
    assert "trained" not in {one["against"] for one in content["differences"]}


def test_lsp_with_the_extended_gallery(lsp_folder, extended_folder, tmp_path):
    lsp = LspSettings(extended=str(extended_folder), gallery="1-6", queries="7-9")
    settings = BenchmarkSettings(
        lsp=lsp, bootstrap_samples=100, random_seeds=1, device="cpu", normalise="none"
    )
    out = tmp_path / "lsp.json"
    run_lsp(None, lsp_folder, out, settings)
    content = read_document(out, "benchmark")
    assert content["data"] | {"folder": ""} == {
        "folder": "",
        "extended": str(extended_folder),
        "gallery": 10,
        "queries": 3,
    }
    assert content["neighbours"]["row"] == "hog"
    assert "random weights (L2)" in {row["name"] for row in content["rows"]}


@pytest.mark.parametrize("run", [run_posture, run_lsp])
def test_missing_data_and_weights_are_named(run, tmp_path, posture_folder, lsp_folder):
    with pytest.raises(InputError, match="nowhere"):
        run(None, tmp_path / "nowhere", tmp_path / "out.json", SETTINGS)
    folder = posture_folder.path if run is run_posture else lsp_folder
    with pytest.raises(ArtefactError, match=r"none\.safetensors"):
        run(tmp_path / "none.safetensors", folder, tmp_path / "out.json", SETTINGS)


@pytest.mark.parametrize("run", [run_posture, run_lsp])
def test_twice_is_the_same(run, tmp_path, posture_folder, lsp_folder, weights):
    folder = posture_folder.path if run is run_posture else lsp_folder
    for name in ("one.json", "two.json"):
        run(weights, folder, tmp_path / name, SETTINGS)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
