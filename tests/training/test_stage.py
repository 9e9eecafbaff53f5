"""Whole rounds of training on a world that is easy."""

import json
import logging
import zipfile

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file

from stpose.artefacts.documents import read_document
from stpose.artefacts.header import read_header
from stpose.artefacts.schemas import METRICS
from stpose.artefacts.tables import read_table
from stpose.crop_collection import CropCollection
from stpose.errors import InputError
from stpose.inspect.learning import metrics_picture
from stpose.models.cards import model_card
from stpose.network.features import load_network, random_network
from stpose.network.shipped import shipped_weights
from stpose.settings.experiment import ExperimentSettings
from stpose.training import stage
from stpose.training.checkpoint import save_checkpoint

NETWORK = {
    "input_px": 44,
    "width": 0.25,
    "first_stride": 2,
    "convolution_batch_norm": True,
}
QUICK = {
    "network": NETWORK,
    "head_width": 0.05,
    "iterations": 12,
    "curriculum_update": 5,
    "batch_size": 8,
    "log_every": 4,
    "checkpoint_every": 5,
    "colour_jitter": 0.2,
    "shift": 0.05,
    "scale": 0.1,
    "rotation": 5,
    "schedule": "cosine",
}


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def train(world, folder, weights=None, held_out=(), **changes):
    settings = ExperimentSettings(**{**QUICK, **changes})
    stage.train(
        world.curriculum, world.crops, None, weights, folder, settings, "code", held_out=held_out
    )


def test_a_round_writes_weights_metrics_and_card(world, tmp_path):
    train(world, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "heads.safetensors",
        "metrics.parquet",
        "model.json",
        "weights.safetensors",
    ]
    network = load_network(tmp_path / "weights.safetensors")
    assert network.settings == ExperimentSettings(**QUICK).network
    assert read_header(tmp_path / "weights.safetensors").attributes["crop_mode"] == "warp"
    table = read_table(tmp_path / "metrics.parquet", METRICS).to_pandas()
    assert table["step"].tolist() == [4, 4, 8, 8, 12, 12]
    assert table["task"].tolist() == ["ordering", "placement"] * 3
    assert table["block"].tolist() == [1, 1, 2, 2, 2, 2]
    assert (table["chance"] == 0.75).all()
    assert np.isfinite(table["loss"]).all()
    rates = [1e-4 * 0.5 * (1 + np.cos(np.pi * (step - 1) / 12)) for step in (4, 8, 12)]
    np.testing.assert_allclose(table["learning_rate"][::2], rates)
    card = read_document(tmp_path / "model.json", "model")
    assert card["data"]["crops"] == 480
    assert card["data"]["placement_frames_by_block"] == [240, 240]
    assert card["parameters"]["convolutions"] == sum(
        parameter.numel() for parameter in network.parameters()
    )
    assert card["final"]["ordering"]["step"] == 12


# Decoded for each batch, mapped from a file, in memory.
@pytest.mark.parametrize("resident_gb", [0, 1e-9, 1])
def test_a_killed_training_ends_with_the_same_bits(
    world, tmp_path, monkeypatch, caplog, resident_gb
):
    train(world, tmp_path / "whole", resident_gb=resident_gb)

    def save_and_die(path, progress, digest):
        save_checkpoint(path, progress, digest)
        if progress.step == 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(stage, "save_checkpoint", save_and_die)
    with pytest.raises(KeyboardInterrupt):
        train(world, tmp_path / "killed", resident_gb=resident_gb)
    assert [path.name for path in (tmp_path / "killed").iterdir()] == ["checkpoint.pt"]
    monkeypatch.undo()
    torch.rand(3)  # whatever else the process draws must not matter
    with caplog.at_level(logging.INFO):
        train(world, tmp_path / "killed", resident_gb=resident_gb)
    assert "resuming at iteration 10" in caplog.text
    for name in ("weights.safetensors",):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    tables = [
        read_table(tmp_path / folder / "metrics.parquet", METRICS)
        .to_pandas()
        .drop(columns=["seconds", "images_per_second"])
        for folder in ("whole", "killed")
    ]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("damage", ["other settings", "truncated", "a flipped byte"])
def test_a_checkpoint_that_does_not_fit_is_ignored(world, tmp_path, monkeypatch, caplog, damage):
    train(world, tmp_path / "whole")

    def save_and_die(path, progress, digest):
        save_checkpoint(path, progress, digest)
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, "save_checkpoint", save_and_die)
    changes = {"seed": 1} if damage == "other settings" else {}
    with pytest.raises(KeyboardInterrupt):
        train(world, tmp_path / "again", **changes)
    monkeypatch.undo()
    if damage == "truncated":
        path = tmp_path / "again" / "checkpoint.pt"
        path.write_bytes(path.read_bytes()[:-1000])
    if damage == "a flipped byte":
        path = tmp_path / "again" / "checkpoint.pt"
        with zipfile.ZipFile(path) as file:
            largest = max(file.infolist(), key=lambda one: one.file_size)
        content = bytearray(path.read_bytes())
        content[largest.header_offset + largest.file_size // 2] ^= 0x40
        path.write_bytes(content)
    with caplog.at_level(logging.INFO):
        train(world, tmp_path / "again")
    assert "ignored" in caplog.text
    assert (tmp_path / "again" / "weights.safetensors").read_bytes() == (
        tmp_path / "whole" / "weights.safetensors"
    ).read_bytes()


def test_the_second_round_starts_from_the_first(world, tmp_path):
    train(world, tmp_path / "1")
    # Nothing moves in one iteration at this rate.
    train(
        world,
        tmp_path / "2",
        weights=tmp_path / "1" / "weights.safetensors",
        iterations=1,
        convolution_learning_rate=0,
    )
    before = load_file(tmp_path / "1" / "weights.safetensors")
    after = load_file(tmp_path / "2" / "weights.safetensors")
    assert all(torch.equal(before[name], after[name]) for name in before if name.endswith("weight"))
    with pytest.raises(InputError, match="another network"):
        train(
            world,
            tmp_path / "3",
            weights=tmp_path / "1" / "weights.safetensors",
            network={**NETWORK, "negative_slope": 0.3},
        )


def test_vectors_can_be_taken_from_larger_pictures(world, tmp_path):
    larger_with = {"vector_px": 60, "vector_window": 0.3}
    for folder, more in (("as trained", {}), ("larger", larger_with)):
        train(world, tmp_path / folder, **more)
    trained, larger = (
        load_network(tmp_path / folder / "weights.safetensors")
        for folder in ("as trained", "larger")
    )
    assert (trained.settings.input_px, larger.settings.input_px) == (44, 60)
    assert (trained.settings.window, larger.settings.window) == (0.0, 0.3)
    assert larger.feature_size > trained.feature_size
    for name, values in trained.state_dict().items():
        assert torch.equal(larger.state_dict()[name], values)
    # The next round trains with the pictures of training again.
    weights = tmp_path / "larger" / "weights.safetensors"
    train(world, tmp_path / "next", weights=weights, iterations=1, vector_px=60)
    assert load_network(tmp_path / "next" / "weights.safetensors").settings.window == 0.0
    with pytest.raises(ValidationError, match=r"vector_px 40 is below network\.input_px 44"):
        ExperimentSettings(**QUICK, vector_px=40)


def test_vectors_can_be_taken_about_the_mean_of_the_footage(world, tmp_path):
    """Every crop of this world is in its curriculum, and fewer than are looked at."""
    for folder, more in (("as is", {}), ("centred", {"centre": True, "vector_px": 60})):
        train(world, tmp_path / folder, **more)
    plain, centred = (
        load_network(tmp_path / folder / "weights.safetensors") for folder in ("as is", "centred")
    )
    for name, values in plain.named_parameters():
        assert torch.equal(dict(centred.named_parameters())[name], values)
    assert not plain.centre.any()

    collection = CropCollection(world.crops)
    index, upright = collection.index, np.zeros(len(collection.index))
    rows = np.arange(len(index))
    pictures = collection.sample(rows, index.box, 60, upright > 0, upright, "cpu", "warp")
    with torch.inference_mode():
        vectors = centred(pictures).view(len(rows), len(centred.centre), -1)
    assert vectors.std() > 0.01
    assert torch.allclose(vectors.mean((0, 2)), torch.zeros(len(centred.centre)), atol=1e-4)

    # The next round trains about 0 again.
    for folder in ("as is", "centred"):
        weights = tmp_path / folder / "weights.safetensors"
        train(world, tmp_path / f"after {folder}", weights=weights)
    after = [
        load_file(tmp_path / f"after {name}" / "weights.safetensors")
        for name in ("as is", "centred")
    ]
    assert all(torch.equal(after[0][name], values) for name, values in after[1].items())


def test_heads_go_on_where_the_recipe_stays(world, tmp_path):
    train(world, tmp_path / "1", placement_weight=0)
    train(
        world,
        tmp_path / "2",
        weights=tmp_path / "1" / "weights.safetensors",
        iterations=0,
        seed=5,
    )
    before, after = (load_file(tmp_path / n / "heads.safetensors") for n in ("1", "2"))
    assert before
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert {name.split(".")[0] for name in set(after) - set(before)} == {"placement"}


def test_nothing_is_learned_from_videos_held_out(world, tmp_path, monkeypatch):
    drawn = set()
    sample = stage.CropCollection.sample

    def spy(self, indices, *rest):
        drawn.update(self.index.videos[video] for video in self.index.video[indices])
        return sample(self, indices, *rest)

    monkeypatch.setattr(stage.CropCollection, "sample", spy)
    apart = ("video-0", "video-5")
    monkeypatch.setattr(stage, "measure_held_out", lambda *_: None)
    train(world, tmp_path / "learned", held_out=apart, iterations=30)
    assert drawn == {f"video-{number}" for number in (1, 2, 3, 4, 6, 7)}
    monkeypatch.undo()

    drawn.clear()
    monkeypatch.setattr(stage.CropCollection, "sample", spy)
    train(world, tmp_path / "none", held_out=apart, iterations=0)
    assert drawn == set(apart)
    card = read_document(tmp_path / "none" / "model.json", "model")
    assert card["data"]["videos_held_out"] == 2
    assert card["held_out"]["placement"]["videos"] == 2
    assert card["held_out"]["ordering"]["samples"] == 50 * 8


def test_the_number_of_rounds_is_not_part_of_a_round(world, tmp_path):
    headers = []
    for rounds in (1, 2):
        train(world, tmp_path / str(rounds), iterations=1, rounds=rounds)
        headers.append(read_header(tmp_path / str(rounds) / "weights.safetensors"))
    assert headers[0].identity == headers[1].identity
    assert "rounds" not in json.loads(headers[0].provenance["settings"])


LEARNING = {
    "head_width": 0.1,
    "batch_size": 48,
    "optimiser": "adamw",
    "learning_rate": 2e-3,
    "convolution_learning_rate": 2e-3,
    "placement_weight": 1,
    "mirror": 0,
    "rotation": 0,
    "shift": 0,
    "scale": 0,
    "dropout": 0,
    "log_every": 15,
}


def last_rows(folder):
    table = read_table(folder / "metrics.parquet", METRICS).to_pandas()
    return table.groupby("task").last()


def test_both_tasks_are_learned_on_an_easy_world(world, tmp_path):
    apart = ("video-1", "video-6")
    train(world, tmp_path, held_out=apart, **LEARNING, iterations=75, curriculum_update=20)
    last = last_rows(tmp_path)
    assert last.loc["ordering", "accuracy"] > 0.9
    assert last.loc["placement", "accuracy"] > 0.88
    assert last.loc["ordering", "rank1"] > 0.85
    for found in read_document(tmp_path / "model.json", "model")["held_out"].values():
        assert 0.85 < found["auc_low"] <= found["auc"] <= found["auc_high"] <= 1


def test_the_mean_of_the_footage_is_taken_before_any_window(world, tmp_path):
    for window in (0.0, 0.3):
        network = {**NETWORK, "input_px": 99, "window": window}
        more = {"network": network, "centre": True, "vector_px": 132}
        train(world, tmp_path / str(window), iterations=0, **more)
    plain, windowed = (
        load_network(tmp_path / name / "weights.safetensors") for name in ("0.0", "0.3")
    )
    assert plain.centre.any()
    assert torch.equal(plain.centre, windowed.centre)


def test_a_few_frames_can_be_learned_by_heart(make_world, tmp_path):
    few = make_world(tmp_path, videos=1, frames=33, blocks=1)
    train(few, tmp_path / "out", **{**LEARNING, "placement_weight": 0}, iterations=60)
    assert last_rows(tmp_path / "out").loc["ordering", "accuracy"] > 0.97


def test_a_round_can_start_from_weights_of_the_package(world, tmp_path):
    theirs = model_card("best")["network"]
    network = {**theirs, "input_px": 100, "window": 0.0}
    vectors = {"vector_px": theirs["input_px"], "vector_window": theirs["window"]}
    train(world, tmp_path, iterations=0, initial_weights="best", network=network, **vectors)
    kept = load_network(tmp_path / "weights.safetensors")
    shipped = load_network(shipped_weights("best"))
    assert kept.settings == shipped.settings
    for name, values in shipped.state_dict().items():
        if name != "centre":  # that is the footage's
            assert torch.equal(kept.state_dict()[name], values), name
    assert not kept.centre.any()


def test_no_iterations_leave_the_initial_weights(world, tmp_path):
    train(world, tmp_path, iterations=0, seed=3)
    settings = ExperimentSettings(**QUICK, seed=3)
    network = random_network(settings.network, 3)
    kept = load_file(tmp_path / "weights.safetensors")
    assert set(kept) == set(network.state_dict())
    for name, values in network.state_dict().items():
        assert torch.equal(kept[name], values), name
    assert len(read_table(tmp_path / "metrics.parquet", METRICS)) == 0
    assert metrics_picture(tmp_path / "metrics.parquet").ndim == 3
    card = read_document(tmp_path / "model.json", "model")
    assert (card["iterations"], card["final"]) == (0, {})


def test_a_gpu_out_of_memory_ends_with_the_settings_to_change(world, tmp_path, monkeypatch):
    def run(*_):
        raise torch.cuda.OutOfMemoryError

    monkeypatch.setattr(stage, "run", run)
    with pytest.raises(InputError, match=r"lower batch_size \(8\), network\.input_px \(44\)"):
        train(world, tmp_path)
