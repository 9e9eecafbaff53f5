"""Pictures of people in, vectors out: the trained network as an object in Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from stpose.crop_cutting import CropMode, box_transforms, cut_boxes
from stpose.crops import cut_square, source_to_crop
from stpose.embedding_rows import Vectors, unit_vectors
from stpose.errors import InputError
from stpose.geometry import square_around
from stpose.models.cards import shipped_names
from stpose.network.alexnet import PoseNetwork
from stpose.network.devices import choose_device
from stpose.network.features import load_network
from stpose.network.shipped import shipped_weights
from stpose.network.weights import read_weights_header
from stpose.search.neighbours import Neighbours, nearest
from stpose.settings.crops import CropsSettings

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class PoseEmbedder:
    """Turns pictures of people into vectors by which poses are compared; made by `load`.

    Attributes:
        network: The trained network.
        crop_mode: How a person's box becomes a square, as in its training.
        device: Where it is computed.
    """

    network: PoseNetwork
    crop_mode: CropMode
    device: str

    @classmethod
    def load(cls, weights: str | Path, device: str = "auto") -> "PoseEmbedder":
        """Load a trained network.

        Args:
            weights: A `weights.safetensors` of the training stage, or the name of weights that come
                with the package (`shipped_names`).
            device: "auto", "cpu" or "cuda".

        Raises:
            ArtefactError: The file is missing, damaged or something else.
            InputError: A GPU is asked for and there is none.
        """
        chosen = choose_device(device)
        name = str(weights)
        path = shipped_weights(name) if name in shipped_names() else Path(weights)
        network = load_network(path, chosen)
        header = read_weights_header(path)
        return cls(network, header.attributes["crop_mode"], chosen)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self.network.feature_size

    def embed(
        self,
        images: Sequence[str | Path | Image],
        boxes: Sequence[ArrayLike | None] | None = None,
        batch: int = 64,
    ) -> Vectors:
        """Return a vector of length 1 for each picture (n, dimensions).

        Args:
            images: Files, or arrays (height, width, 3) uint8 RGB.
            boxes: For each the person's box, x1, y1, x2, y2 in px; None takes the whole picture.
            batch: Pictures that go through the network at once.

        Raises:
            InputError: A file is no picture, an array has another shape or type, or a box has no
                extent; the message says which.
        """
        chosen = [None] * len(images) if boxes is None else list(boxes)
        if len(chosen) != len(images):
            message = f"{len(chosen)} boxes for {len(images)} images, expected one each"
            raise InputError(message)
        parts = [np.zeros((0, self.dimensions), np.float32)]
        for start in range(0, len(images), batch):
            part = range(start, min(start + batch, len(images)))
            cut = [self._cut(images[place], chosen[place], f"image {place}") for place in part]
            with torch.inference_mode():
                vectors = self.network(torch.cat(cut).to(self.device))
            parts.append(unit_vectors(vectors.float().cpu().numpy()))
        return np.concatenate(parts)

    def nearest(self, queries: Vectors, gallery: Vectors, count: int = 10) -> Neighbours:
        """Return for each query the nearest vectors of a gallery.

        Args:
            queries: (m, D) vectors of `embed`.
            gallery: (n, D) of the same network.
            count: How many are wanted.
        """
        allowed = np.ones((len(queries), len(gallery)), dtype=bool)
        return nearest(queries, [gallery], count, allowed)

    def _cut(self, image: str | Path | Image, box: ArrayLike | None, name: str) -> torch.Tensor:
        """Return a person as the network sees it: (1, 3, S, S) RGB in 0 to 1."""
        if isinstance(image, (str, Path)):
            name = str(image)
            image = read_image(Path(image))
        pixels = checked_image(image, name)
        height, width = pixels.shape[:2]
        person = np.array([0, 0, width, height], np.float64)
        if box is not None:
            person = np.asarray(box, np.float64)
        if person.shape != (4,) or not (person[2:] > person[:2]).all():
            message = f"{name}: box {person.tolist()}, expected x1 < x2 and y1 < y2"
            raise InputError(message)
        # As the crops stage does, so that the vectors are those of the pipeline.
        side = self.network.settings.input_px
        settings = CropsSettings(person_px=side)
        region = square_around(person, settings.context)
        crop = cut_square(pixels, region, settings.size_px)
        inside = source_to_crop(person, region, settings.size_px)[None]
        upright = np.zeros(1)
        transform = box_transforms(inside, settings.size_px, upright > 0, upright, self.crop_mode)
        return cut_boxes(torch.from_numpy(crop).permute(2, 0, 1)[None], transform, side)


def read_image(path: Path) -> Image:
    """Read a picture as RGB (height, width, 3).

    Raises:
        InputError: There is no such file, or it is no picture.
    """
    if not path.is_file():
        message = f"{path}: no such file, expected a picture"
        raise InputError(message)
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        message = f"{path}: not a picture that OpenCV can read"
        raise InputError(message)
    return np.asarray(image[..., ::-1], np.uint8)


def checked_image(image: Any, name: str) -> Image:
    """Return an RGB picture, contiguous.

    Raises:
        InputError: It has another shape or type; the message begins with `name`.
    """
    pixels = np.asarray(image)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        message = f"{name}: {pixels.dtype} {pixels.shape}, expected uint8 (height, width, 3)"
        raise InputError(message)
    return np.ascontiguousarray(pixels)
