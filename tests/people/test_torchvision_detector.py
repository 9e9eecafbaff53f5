"""torchvision's detectors: what is asked of a model, and files of weights."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from stpose.errors import InputError
from stpose.people.torchvision_detector import TorchvisionDetector, open_torchvision

SMALLEST = "ssdlite320_mobilenet_v3_large"


def test_people_are_label_1_and_pictures_are_rgb():
    seen = []

    def model(images):
        seen.extend(images)
        boxes = torch.tensor([[1.0, 2, 8, 20], [1, 2, 9, 21], [3, 3, 9, 9], [20, 1, 28, 20]])
        labels, scores = torch.tensor([1, 1, 2, 1]), torch.tensor([0.7, 0.9, 0.99, 0.2])
        return [{"boxes": boxes, "labels": labels, "scores": scores}]

    picture = np.zeros((24, 32, 3), np.uint8)
    picture[:, :, 0] = 255  # blue
    found = TorchvisionDetector(model).detect(picture)
    np.testing.assert_allclose(found.boxes, [[1, 2, 9, 21]])
    assert seen[0].shape == (3, 24, 32)
    assert seen[0].mean(dim=(1, 2)).tolist() == [0, 0, 1]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    from torchvision.models import get_model

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "random.pth"
    torch.save(get_model(SMALLEST, weights=None, weights_backbone=None).state_dict(), path)
    return path


@pytest.mark.parametrize("ending", [".pth", ".safetensors"])
def test_weights_from_a_file(weights, tmp_path, ending):
    path = weights
    if ending == ".safetensors":
        path = tmp_path / "random.safetensors"
        save_file(torch.load(weights, weights_only=True), path)
    detector = open_torchvision(SMALLEST, path)
    assert detector.threshold == 0.5
    assert len(detector.detect(np.full((16, 16, 3), 90, np.uint8))) == 0


def test_wrong_weights_are_refused(weights, tmp_path):
    torn = tmp_path / "torn.pth"
    torn.write_bytes(weights.read_bytes()[:1000])
    text = tmp_path / "text.pth"
    text.write_text("no weights")
    empty = tmp_path / "empty.safetensors"
    empty.write_bytes(b"")
    other = tmp_path / "other.pth"
    torch.save({"layer.weight": torch.zeros(3)}, other)
    for path in (torn, text, empty, other):
        with pytest.raises(InputError, match=rf"people\.weights: .*{path.name} cannot be read"):
            open_torchvision(SMALLEST, path)


def test_no_network_connection_is_told(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr("torchvision.models.get_model", refuse)
    with pytest.raises(InputError, match=r"no route to host.*a file of weights"):
        open_torchvision(SMALLEST, None)
