"""Weights in half precision, and those that come with the package."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from stpose.artefacts.provenance import derive
from stpose.errors import ArtefactError, InputError
from stpose.models import cards
from stpose.models.cards import SHIPPED, initial_files, model_card
from stpose.network import shipped
from stpose.network.features import load_network, pool5_features, random_network
from stpose.network.half_precision import export_weights
from stpose.network.shipped import shipped_weights
from stpose.network.weights import read_weights_header, save_weights
from stpose.settings.experiment import ExperimentSettings
from stpose.settings.network import NetworkSettings

MODELS = Path(shipped.__file__).parent.parent / "models"
PRESENT = sorted(path.stem for path in MODELS.glob("*.safetensors"))
SMALL = NetworkSettings(input_px=67, width=0.125, convolution_batch_norm=True)


@pytest.fixture
def weights(tmp_path):
    network = random_network(SMALL, seed=1)
    with torch.no_grad():
        # Out of the range of half precision, as running variances may be.
        network.following[0][0].running_var.fill_(1e6)
    path = tmp_path / "weights.safetensors"
    save_weights(path, network, derive("training", "{}"), {"crop_mode": "square"})
    return path


@pytest.fixture
def package(tmp_path, weights, monkeypatch):
    """A package with weights `best` and their card."""
    folder = tmp_path / "models"
    folder.mkdir()
    export_weights(weights, folder / "best.safetensors")
    digest = hashlib.sha256((folder / "best.safetensors").read_bytes()).hexdigest()
    (folder / "best.json").write_text(json.dumps({"sha256": digest}))
    monkeypatch.setattr(cards, "_file", lambda name: folder / name)
    return folder


def test_half_precision_gives_nearly_the_same_vectors(weights, tmp_path):
    out = tmp_path / "half.safetensors"
    export_weights(weights, out)
    pictures = np.random.default_rng(0).integers(0, 256, (8, 67, 67, 3), dtype=np.uint8)
    one, other = (pool5_features(load_network(path), pictures, 8, "cpu") for path in (weights, out))
    assert np.abs(one - other).max() < 5e-3 * np.abs(one).max()
    assert not np.array_equal(one, other)
    assert out.stat().st_size < 0.7 * weights.stat().st_size


def test_running_statistics_keep_their_range(weights, tmp_path):
    export_weights(weights, tmp_path / "half.safetensors")
    tensors = load_file(tmp_path / "half.safetensors")
    assert tensors["convolutions.0.weight"].dtype == torch.float16
    assert tensors["following.0.0.running_var"].max() == 1e6


def test_preprocessing_is_inside_the_file(weights, tmp_path):
    export_weights(weights, tmp_path / "half.safetensors")
    inside = read_weights_header(tmp_path / "half.safetensors").attributes["preprocessing"]
    assert (inside["input_px"], inside["crop_mode"]) == (67, "square")
    assert inside["mean"] == [0.485, 0.456, 0.406]


def test_weights_of_the_package_are_found(package):
    assert shipped_weights("best") == package / "best.safetensors"
    assert load_network(shipped_weights("best")).settings == SMALL


def test_weights_without_a_card_are_refused(package):
    (package / "best.json").unlink()
    with pytest.raises(ArtefactError, match=r"best\.json: no card of the weights 'best'"):
        shipped_weights("best")


def test_other_weights_than_the_card_describes_are_refused(package, weights):
    (package / "best.safetensors").write_bytes(weights.read_bytes())
    with pytest.raises(ArtefactError, match=r"best\.safetensors: sha256 .*, its card says"):
        shipped_weights("best")


def test_missing_weights_are_named(package):
    (package / "best.safetensors").unlink()
    with pytest.raises(ArtefactError, match=r"best\.safetensors: no such file"):
        shipped_weights("best")


@pytest.mark.usefixtures("package")
def test_other_preprocessing_is_refused(monkeypatch):
    monkeypatch.setattr(shipped, "RGB_MEAN", (0.5, 0.5, 0.5))
    with pytest.raises(ArtefactError, match=r"best\.safetensors: made for .*0.485.*, pictures"):
        shipped_weights("best")


def test_an_experiment_that_starts_from_the_package_has_its_network():
    theirs = {**model_card("best")["network"], "input_px": 100}
    settings = ExperimentSettings(initial_weights="best", network=theirs)
    assert initial_files(settings) == (MODELS / "best.safetensors",)
    other = ExperimentSettings(initial_weights="best", network={**theirs, "width": 1.0})
    with pytest.raises(
        InputError, match=r"initial_weights best: another network.*\"width\": 0.375"
    ):
        initial_files(other)
    assert initial_files(ExperimentSettings()) == ()


@pytest.mark.parametrize("name", PRESENT)
def test_the_package_holds_what_its_cards_say(name):
    path = shipped_weights(name)
    card = model_card(name)
    network = load_network(path)
    assert sum(parameter.numel() for parameter in network.parameters()) == card["parameters"]
    assert card["network"] == network.settings.model_dump(mode="json")
    wanted = {"data", "settings", "benchmarks", "limits", "retrain", "recipe", "licence"}
    assert wanted <= set(card)
    for row in card["benchmarks"]:
        assert row["low"] <= row["value"] <= row["high"]


def test_all_shipped_weights_together_are_small():
    assert sum(path.stat().st_size for path in MODELS.glob("*.safetensors")) < 25e6


def test_weights_have_cards_and_names_that_can_be_asked_for():
    assert {path.stem for path in MODELS.glob("*.json")} == set(PRESENT)
    assert set(PRESENT) <= set(SHIPPED)
