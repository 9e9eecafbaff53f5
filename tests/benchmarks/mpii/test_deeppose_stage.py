"""DeepPose as the workflow runs it, from weights to a table."""

import numpy as np
import pytest
from sklearn.utils import resample

from stpose.artefacts.documents import read_document
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import SCORES
from stpose.artefacts.tables import read_table
from stpose.benchmarks.check import check
from stpose.benchmarks.mpii.deeppose.stage import run_deeppose
from stpose.benchmarks.mpii.pckh import TOTAL, pckh, person_scores
from stpose.errors import InputError
from stpose.network.features import random_network
from stpose.network.weights import save_weights
from stpose.settings.benchmarks import BenchmarkSettings
from stpose.settings.network import NetworkSettings

RELEASE = "mpii_human_pose_v1_u12_1.mat"
TRAINING = {
    "iterations": 4,
    "batch_size": 4,
    "hidden_units": 32,
    "device": "cpu",
    "bootstrap_samples": 100,
}


@pytest.fixture(scope="module")
def data(tmp_path_factory, mpii):
    folder = tmp_path_factory.mktemp("deeppose-stage")
    generator = np.random.default_rng(3)
    people = []
    for number in range(3):
        one = mpii.draw_person(generator, f"{number}.png", width=120, height=120)
        people.append(
            mpii.replace(one, head=(10.0, 10.0, 40.0, 50.0), scale=0.5, centre=(61.0, 53.5))
        )
    mpii.write_release(folder / RELEASE, people)
    mpii.write_pictures(folder, people, size=(120, 120))
    return folder


def settings_of(folder, **changes):
    deeppose = {"folder": str(folder), "test": RELEASE, "training": TRAINING, **changes}
    return BenchmarkSettings.model_validate({"bootstrap_samples": 100, "deeppose": deeppose})


def test_the_table_has_what_was_trained_and_the_mean_pose(data, tmp_path):
    weights = tmp_path / "weights.safetensors"
    network = random_network(NetworkSettings(input_px=64, width=0.1, first_stride=2), 1)
    save_weights(weights, network, derive("training", "{}"), {})
    out = tmp_path / "deeppose.json"
    run_deeppose(weights, out, settings_of(data), "abc", [weights])
    content = read_document(out, "benchmark")
    rows = {row["name"]: row for row in content["rows"]}
    assert list(rows) == ["trained", "mean pose"]
    for row in rows.values():
        assert 0 <= row["low"] <= row["value"] <= row["high"]
        assert row["value"] == pytest.approx(np.mean(list(row["by"].values())))
        assert row["n"] == 3
    assert content["data"]["people"] == 6
    assert content["data"]["images_trained_on_and_tested"] == 3
    assert "trained on and tested" in content["notes"][1]
    (gain,) = content["differences"]
    assert gain["against"] == "mean pose"
    assert gain["value"] == pytest.approx(rows["trained"]["value"] - rows["mean pose"]["value"])
    assert len(read_table(out.with_suffix(".parquet"), SCORES)) == 6


def test_parts_of_people_add_up_to_the_total():
    generator = np.random.default_rng(4)
    found = (generator.random((40, 16)) < 0.6).astype(float)
    found[generator.random((40, 16)) < 0.2] = np.nan
    found[:, 8] = np.nan  # a group that nobody has
    assert person_scores(found).mean() == pytest.approx(pckh(found)[TOTAL])


def test_parts_of_people_spread_as_the_total_does():
    """Resampling them is close to resampling people and taking the total each time."""
    generator = np.random.default_rng(5)
    found = (generator.random((200, 16)) < generator.random((200, 1))).astype(float)
    found[generator.random((200, 16)) < 0.1] = np.nan
    scores = person_scores(found)
    draws = [resample(np.arange(200), random_state=seed) for seed in range(400)]
    slow = np.std([pckh(found[rows])[TOTAL] for rows in draws])
    fast = np.std([scores[rows].mean() for rows in draws])
    assert fast == pytest.approx(slow, rel=0.1)


def test_what_is_missing_is_told_before_work_starts(data, mpii, tmp_path):
    check(settings_of(data))
    with pytest.raises(InputError, match="nowhere"):
        check(settings_of(tmp_path / "nowhere"))
    headless = mpii.draw_person(np.random.default_rng(6), "0.png", width=120, height=120)
    mpii.write_json(data / "headless.json", [mpii.replace(headless, centre=(61.0, 53.5))])
    with pytest.raises(InputError, match="no head box of the 1 people tested, expected some"):
        check(settings_of(data, train=RELEASE, test="headless.json"))
    with pytest.raises(InputError, match=r"benchmarks\.deeppose: found null"):
        run_deeppose(tmp_path / "w", tmp_path / "out.json", BenchmarkSettings())
