"""`stpose evaluate mpii` on tiny data, as a user calls it."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from stpose.artefacts.documents import write_document
from stpose.artefacts.header import KEY
from stpose.artefacts.provenance import derive
from stpose.benchmarks.mpii.curves import curves_figure
from stpose.benchmarks.mpii.data import load_mpii
from stpose.benchmarks.mpii.evaluation import make_task
from stpose.benchmarks.mpii.figures import Retrieval
from stpose.benchmarks.mpii.retrieval import METRICS
from stpose.benchmarks.mpii.split import Split
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


@pytest.fixture(scope="module")
def data(tmp_path_factory, mpii):
    """130 people with all joints, two in each image, and pictures of them."""
    folder = tmp_path_factory.mktemp("mpii")
    generator = np.random.default_rng(0)
    people = [
        mpii.draw_person(generator, f"{number // 2:03d}.jpg", number % 2, width=90, height=70)
        for number in range(130)
    ]
    mpii.write_json(folder / "annot" / "valid.json", people)
    mpii.write_pictures(folder, people, size=(70, 90))
    return folder


@pytest.mark.parametrize("command", ["mpii", "mpii-split"])
def test_help_of_mpii_has_an_example(command):
    words = " ".join(evaluate(command, "--help").stdout.split())
    assert f"Example: stpose evaluate {command} --data" in words


def test_figures_without_pictures(data):
    pose = evaluate_json("mpii", "--data", data, "--embedding", "pose")
    assert (pose["queries"], pose["gallery"]) == (12, 52)
    assert pose["split"] == "seed 0"
    assert "Fewer people than the paper's" in pose["note"]
    assert set(pose["curves"]) == set(METRICS)
    for metric in METRICS:
        assert len(pose["curves"][metric]) == 50
        for k in (1, 10, 50):
            value = pose["summary"][metric][str(k)]
            assert value == pose["curves"][metric][k - 1]
            low, high = pose["intervals"][metric][str(k)]
            assert low <= value <= high
    assert pose["summary"]["hit_rate_nearest"] == {"1": 1, "10": 1, "50": 1}
    chance = evaluate_json("mpii", "--data", data, "--embedding", "random-neighbour")
    assert chance["summary"]["hit_rate_nearest"]["1"] == pytest.approx(50 / 52)
    better = pose["summary"]["mean_pose_distance"]["50"]
    assert better < chance["summary"]["mean_pose_distance"]["1"]
    assert evaluate_json("mpii", "--data", data, "--embedding", "aspect")["queries"] == 12


def test_a_split_is_written_and_read(data, tmp_path):
    path = tmp_path / "split.json"
    words = evaluate("mpii-split", "--data", data, "--out", path, "--seed", 3).stdout
    assert "queries 12, gallery 52" in words
    common = ("mpii", "--data", data, "--embedding", "pose")
    read = evaluate_json(*common, "--split", path)
    assert read["split"] == str(path)
    assert read["curves"] == evaluate_json(*common, "--seed", 3)["curves"]
    assert read["curves"] != evaluate_json(*common)["curves"]


def test_twins_are_found_in_pictures(tmp_path, mpii):
    """Queries whose very pictures are searched too: nearest is the twin, at no distance."""
    generator = np.random.default_rng(1)
    people = [mpii.draw_person(generator, f"{n:02d}.png", width=90, height=70) for n in range(60)]
    twins = [mpii.replace(people[n], image=f"twin{n:02d}.png") for n in range(5)]
    mpii.write_json(tmp_path / "valid.json", [*people, *twins])
    mpii.write_pictures(tmp_path, [*people, *twins], size=(70, 90))
    named = [[one.image, 0] for one in [*people, *twins]]
    split = tmp_path / "split.json"
    evaluate("mpii-split", "--data", tmp_path, "--annotations", "valid.json", "--out", split)
    content = json.loads(split.read_text())
    header = content.pop(KEY)
    content["parts"] = {"train": [], "gallery": named[:60], "queries": named[60:]}
    write_document(split, header["kind"], header["version"], content, derive("test", "{}"))
    common = ("mpii", "--data", tmp_path, "--annotations", "valid.json", "--split", split)
    pixels = evaluate_json(*common, "--embedding", "pixels", "--against", "random-neighbour")
    assert pixels["summary"]["mean_pose_distance"]["1"] == pytest.approx(0, abs=1e-9)
    assert pixels["summary"]["hit_rate_relative"]["1"] == 1
    gain = pixels["difference"]["mean_pose_distance"]["1"]
    assert gain < -20
    low, high = pixels["difference_intervals"]["mean_pose_distance"]["1"]
    assert low <= gain <= high < 0
    assert pixels["difference"]["against"] == "random-neighbour"


def test_networks_are_averaged_over_seeds(data, tmp_path, tiny_network):
    save_weights(tmp_path / "tiny.safetensors", tiny_network, derive("training", "{}"), {})
    evaluate("mpii-split", "--data", data, "--out", tmp_path / "split.json")
    like = ("--like", tmp_path / "tiny.safetensors", "--split", tmp_path / "split.json")

    def scored(*more):
        found = evaluate_json("mpii", "--data", data, "--embedding", "random", *like, *more)
        assert set(found["by_scaling"]) == {"l2", "none"}
        first = found["summary"]["hit_rate_relative"]["10"]
        assert found["by_scaling"]["l2"]["hit_rate_relative@10"] == first
        return found["curves"]["mean_pose_distance"]

    mean = np.mean([scored("--seed", seed) for seed in (0, 1)], axis=0)
    np.testing.assert_allclose(scored("--seeds", 2), mean)


def test_curves_of_several_embeddings(data, tmp_path):
    path = tmp_path / "curves.png"
    common = ("mpii", "--data", data, "--embedding", "aspect", "--overlay", "pixels")
    evaluate(*common, "--picture", path)
    assert path.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"curves\.txt: ends in '\.txt', expected one of"):
        evaluate(*common, "--picture", tmp_path / "curves.txt")


def test_each_panel_has_a_line_an_embedding():
    generator = np.random.default_rng(0)
    found = [
        Retrieval(name, {metric: generator.random((4, 50)) for metric in METRICS}, {})
        for name in ("st", "hog", "pose")
    ]
    panels = curves_figure(found).axes
    assert len(panels) == 3
    for axes, metric in zip(panels, METRICS, strict=True):
        for line, one in zip(axes.lines, found, strict=True):
            assert line.get_label() == one.embedding
            np.testing.assert_allclose(line.get_ydata(), one.samples[metric].mean(axis=0))
            assert line.get_xdata()[[0, -1]].tolist() == [1, 50]


def test_tables_of_retrieval(data):
    words = evaluate("mpii", "--data", data, "--embedding", "pose").stdout
    assert "queries: 12" in words
    assert "hit_rate_relative" in words
    assert "curves" not in words


def test_lacking_pictures_are_counted_before_work(data, tmp_path):
    (tmp_path / "annot").symlink_to(data / "annot")
    with pytest.raises(InputError, match=r"no such picture; \d\d of \d\d are missing"):
        evaluate("mpii", "--data", tmp_path, "--embedding", "pixels")


def test_too_few_to_search_are_explained(data):
    people = load_mpii(data / "annot" / "valid.json")
    rows = np.arange(60)
    few = Split(train=rows[:1], queries=rows[1:2], gallery=rows[2:51], origin="seed 9")
    with pytest.raises(InputError, match=r"49 people to search .seed 9., expected at least 1 and"):
        make_task(data, people, few)


def test_real_annotations_have_figures(shared_data):
    common = ("mpii", "--data", shared_data / "mpii", "--annotations", "annot/valid_first_half.h5")
    found = {name: evaluate_json(*common, "--embedding", name) for name in ("pose", "aspect")}
    assert found["pose"]["queries"] == 96
    assert found["pose"]["gallery"] == 400
    distance = {name: one["summary"]["mean_pose_distance"]["1"] for name, one in found.items()}
    assert distance["pose"] == pytest.approx(18.2127, abs=1e-3)
    assert distance["pose"] < distance["aspect"]
