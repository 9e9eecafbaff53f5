"""`stpose evaluate` on tiny data, as a user calls it."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from stpose.artefacts.provenance import derive
from stpose.cli.main import app
from stpose.errors import InputError
from stpose.network.weights import save_weights


def evaluate(*arguments):
    done = CliRunner().invoke(app, ["evaluate", *[str(one) for one in arguments]])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def evaluate_json(*arguments):
    return json.loads(evaluate(*arguments, "--json").stdout)


@pytest.fixture
def results(tmp_path, tiny_network):
    """A results folder in which the experiment "st" has two rounds."""
    for number in (1, 2):
        path = tmp_path / "results" / "training" / "st" / str(number) / "weights.safetensors"
        path.parent.mkdir(parents=True)
        save_weights(path, tiny_network, derive("training", "{}"), {})
    return tmp_path / "results"


@pytest.mark.parametrize("command", ["olympic-sports", "lsp", "jhmdb-posture", "quva-counting"])
def test_help_has_an_example(command):
    words = " ".join(evaluate(command, "--help").stdout.split())
    assert f"Example: stpose evaluate {command}" in words


def test_a_cue_needs_no_frames(posture_folder):
    (posture_folder.path / "frames").rename(posture_folder.path / "elsewhere")
    found = evaluate_json("olympic-sports", "--data", posture_folder.path, "--embedding", "aspect")
    assert found["exemplars"] == 2
    assert found["categories"]["jump"]["auc_exact"] == pytest.approx(found["auc_exact"])
    assert set(found["categories"]["jump"]) == {"auc_exact", "auc_published", "exemplars"}
    assert found["interval"][0] <= found["auc_exact"] <= found["interval"][1]
    with pytest.raises(InputError, match=r"frames: no such folder"):
        evaluate("olympic-sports", "--data", posture_folder.path, "--embedding", "hog")


def test_an_experiment_is_its_last_round(posture_folder, results):
    common = ("olympic-sports", "--data", posture_folder.path, "--results", results)
    last = evaluate_json(*common, "--embedding", "st")
    assert last["auc_exact"] == evaluate_json(*common, "--embedding", "st/2")["auc_exact"]
    path = results / "training" / "st" / "2" / "weights.safetensors"
    assert last["auc_exact"] == evaluate_json(*common, "--embedding", path)["auc_exact"]


def test_what_is_no_embedding_is_said(posture_folder, results):
    command = ("olympic-sports", "--data", posture_folder.path, "--results", results)
    with pytest.raises(InputError, match=r"embedding 'nothing'.*an experiment \(st\)"):
        evaluate(*command, "--embedding", "nothing")


def test_a_setting_out_of_range_is_said(posture_folder):
    command = ("olympic-sports", "--data", posture_folder.path, "--embedding", "aspect")
    with pytest.raises(InputError, match=r"olympic_sports.crop: 'round'"):
        evaluate(*command, "--crop", "round")


def test_seeds_have_a_mean_and_the_shape_of_weights(posture_folder, results):
    weights = results / "training" / "st" / "1" / "weights.safetensors"
    command = ("olympic-sports", "--data", posture_folder.path, "--embedding", "random")
    found = evaluate_json(*command, "--seeds", 3, "--like", weights)
    assert len(found["seeds"]) == 3
    assert found["auc_exact"] == pytest.approx(np.mean(found["seeds"]))
    other = evaluate_json(*command, "--seeds", 1, "--seed", 2, "--like", weights)
    assert other["auc_exact"] == pytest.approx(found["seeds"][2])


def test_the_difference_is_paired(posture_folder):
    command = ("olympic-sports", "--data", posture_folder.path, "--embedding", "pixels")
    found = evaluate_json(*command, "--against", "hog")
    hog = evaluate_json("olympic-sports", "--data", posture_folder.path, "--embedding", "hog")
    gain = found["auc_exact"] - hog["auc_exact"]
    assert found["difference"]["value"] == pytest.approx(gain)
    assert found["difference"]["against"] == "hog"
    same = evaluate_json(*command, "--against", "pixels")["difference"]
    assert same == {"against": "pixels", "value": 0, "interval": [0, 0]}


def test_lsp_in_percent(lsp_folder, tmp_path):
    lists = ("--gallery", "1-8", "--queries", "9-12")
    command = ("lsp", "--data", lsp_folder, *lists)
    pose = evaluate_json(*command, "--embedding", "pose")
    assert pose["gallery"] == 8
    assert pose["queries"] == 4
    parts = ["head", "torso", "upper_arms", "lower_arms", "upper_legs", "lower_legs"]
    assert list(pose["pcp"]) == parts
    assert pose["mean"] == pytest.approx(np.mean(list(pose["pcp"].values())))
    sheet = tmp_path / "sheet.png"
    hog = evaluate_json(*command, "--embedding", "hog", "--picture", sheet)
    assert 0 <= hog["interval"][0] <= hog["mean"] <= hog["interval"][1] <= 100
    assert sheet.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"'pose' looks at none"):
        evaluate(*command, "--embedding", "pose", "--picture", sheet)


def test_tables_for_a_person(lsp_folder):
    command = ("lsp", "--data", lsp_folder, "--gallery", "1-8", "--queries", "9-12")
    words = evaluate(*command, "--embedding", "aspect").stdout
    assert "gallery: 8" in words
    assert "lower_arms" in words
