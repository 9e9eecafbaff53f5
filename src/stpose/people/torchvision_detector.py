"""People by one of torchvision's COCO detectors."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from stpose.errors import InputError
from stpose.people.detections import FAINT, OVERLAP, Detections, Image, keep_best

PERSON = 1
THRESHOLD = 0.5


class Model(Protocol):
    """What is used of a torchvision detection model."""

    def __call__(self, images: list[Any]) -> list[dict[str, Any]]:
        """Answer boxes, labels and scores for each RGB picture (3, H, W) in [0, 1]."""


class TorchvisionDetector:
    """A torchvision model that was trained on COCO, where label 1 is a person."""

    def __init__(
        self,
        model: Model,
        device: str = "cpu",
        threshold: float | None = None,
        overlap: float | None = None,
    ) -> None:
        """Take a model that lies on `device`.

        Args:
            model: The model, ready for inference.
            device: Where it computes.
            threshold: Score of a person; None for the usual one.
            overlap: Largest overlap of two people; None for the usual one.
        """
        self._model, self._device = model, device
        self.threshold = THRESHOLD if threshold is None else threshold
        self._least = self.threshold * FAINT
        self._overlap = OVERLAP if overlap is None else overlap

    def detect(self, image: Image) -> Detections:
        """Find the people in a BGR picture."""
        import torch

        height, width = image.shape[:2]
        picture = torch.from_numpy(np.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1)))
        with torch.inference_mode():
            found = self._model([picture.to(self._device).float() / 255])[0]
        people = found["labels"] == PERSON
        boxes, scores = found["boxes"][people].cpu().numpy(), found["scores"][people].cpu().numpy()
        return keep_best(boxes, scores, (width, height), self._least, self._overlap)


def open_torchvision(
    name: str,
    weights: Path | None,
    threshold: float | None = None,
    overlap: float | None = None,
) -> TorchvisionDetector:
    """Make a torchvision detector; it computes on a GPU if there is one, else on one core.

    Args:
        name: One of `stpose.people.choose.TORCHVISION_MODELS`.
        weights: A state dictionary (.pth or .safetensors) of this model with COCO's 91 labels;
            None for torchvision's own, downloaded into torch's cache when first used.
        threshold: Score of a person; None for the usual one.
        overlap: Largest overlap of two people; None for the usual one.

    Raises:
        InputError: The weights cannot be downloaded or read, or are of another model.
    """
    import torch
    from torchvision.models import get_model

    if weights is not None:
        model = get_model(name, weights=None, weights_backbone=None)
        _load(model, weights, name)
    else:
        try:
            model = get_model(name, weights="COCO_V1")
        except OSError as error:
            message = (
                f"people.weights: none given, and torchvision's for {name} cannot be downloaded "
                f"({error}); expected a network connection or a file of weights"
            )
            raise InputError(message) from error
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        torch.set_num_threads(1)
    return TorchvisionDetector(model.eval().to(device), device, threshold, overlap)


def _load(model: Any, weights: Path, name: str) -> None:
    import pickle

    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if weights.suffix == ".safetensors":
            state = load_file(weights)
        else:
            state = torch.load(weights, map_location="cpu", weights_only=True)
        model.load_state_dict(state)
    except (
        OSError,
        RuntimeError,
        EOFError,
        TypeError,
        AttributeError,
        SafetensorError,
        pickle.UnpicklingError,
    ) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "it ends early"
        message = (
            f"people.weights: {weights} cannot be read ({reason}), "
            f"expected the state dictionary of torchvision's {name}"
        )
        raise InputError(message) from error
