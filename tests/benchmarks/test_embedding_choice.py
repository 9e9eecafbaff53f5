"""What names of embeddings stand for."""

import pytest

from stpose.artefacts.provenance import derive
from stpose.benchmarks.embedding_choice import choose_crop, find_weights
from stpose.errors import InputError
from stpose.network.weights import save_weights


@pytest.fixture
def results(tmp_path, tiny_network):
    for number, mode in (("1", "warp"), ("2", "square")):
        path = tmp_path / "training" / "st" / number / "weights.safetensors"
        path.parent.mkdir(parents=True)
        save_weights(path, tiny_network, derive("training", "{}"), {"crop_mode": mode})
    return tmp_path


def test_an_experiment_is_its_last_round(results):
    assert find_weights("st", results) == results / "training/st/2/weights.safetensors"
    assert find_weights("st/1", results) == results / "training/st/1/weights.safetensors"
    with pytest.raises(InputError, match=r"embedding 'other': no such file.*\(st\)"):
        find_weights("other", results)


def test_pictures_are_cut_as_the_weights_were_trained(results):
    second = results / "training/st/2/weights.safetensors"
    assert choose_crop(None, "st", results) == "square"
    assert choose_crop(None, "st/1", results) == "warp"
    assert choose_crop(None, str(second), results) == "square"
    assert choose_crop(None, "hog", results) == choose_crop(None, "random", results) == "warp"
    assert choose_crop(None, "random", results, second) == "square"
    assert choose_crop("warp", "st", results) == "warp"
