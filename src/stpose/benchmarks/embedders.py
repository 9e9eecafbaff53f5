"""What turns pictures into vectors: grey pixels, HOG, networks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.network.alexnet import PoseNetwork
from stpose.network.features import load_network, pool5_features, random_network
from stpose.settings.benchmarks import BenchmarkSettings
from stpose.settings.network import NetworkSettings

Vectors = NDArray[np.float32]
Kind = Literal["no-pixel", "hand-made", "random", "trained", "oracle"]

# Pictures that are in memory at once.
_CHUNK = 128


class Embedder(Protocol):
    """Turns RGB pictures (N, input_px, input_px, 3) into vectors (N, D)."""

    @property
    def name(self) -> str:
        """What a table calls it."""

    @property
    def input_px(self) -> int:
        """Side of the pictures it takes (px)."""

    def __call__(self, crops: NDArray[np.uint8]) -> Vectors:
        """Return the vectors (N, D)."""


@dataclass(frozen=True)
class Pixels:
    """The grey values of a small picture."""

    name: str = "pixels"
    input_px: int = 32

    def __call__(self, crops: NDArray[np.uint8]) -> Vectors:
        """Return grey values, 0 to 255 (N, input_px ** 2)."""
        grey = [cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).ravel() for crop in crops]
        return np.asarray(grey, dtype=np.float32)


@dataclass(frozen=True)
class Hog:
    """Histograms of oriented gradients of the grey picture: cells of 8, blocks of 16, 9 bins."""

    name: str = "hog"
    input_px: int = 128

    def __call__(self, crops: NDArray[np.uint8]) -> Vectors:
        """Return normalised blocks (N, 8100)."""
        side = self.input_px
        descriptor = cv2.HOGDescriptor((side, side), (16, 16), (8, 8), (8, 8), 9)
        found = [descriptor.compute(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)) for crop in crops]
        return np.asarray(found, dtype=np.float32).reshape(len(crops), -1)


@dataclass(frozen=True)
class Pool5:
    """A network's pool5 (paper 4.1)."""

    name: str
    network: PoseNetwork
    batch: int
    device: str

    @property
    def input_px(self) -> int:
        """Side of the pictures that the network takes (px)."""
        return self.network.settings.input_px

    def __call__(self, crops: NDArray[np.uint8]) -> Vectors:
        """Return pool5, not normalised (N, D)."""
        return pool5_features(self.network, crops, self.batch, self.device)


@dataclass(frozen=True)
class Contender:
    """A row of a table: an embedder, or several of which the row is the mean.

    Attributes:
        name: What the table calls it.
        kind: What sort of thing it is.
        embedders: One, or one a seed.
    """

    name: str
    kind: Kind
    embedders: tuple[Embedder, ...]

    @property
    def is_network(self) -> bool:
        """Tell whether its vectors may be scaled: pixels and HOG are taken as they are."""
        return self.kind in ("random", "trained")


def contenders(weights_path: Path | None, settings: BenchmarkSettings) -> tuple[Contender, ...]:
    """Return everything a table compares: pixels, HOG, random weights, and the trained network.

    Args:
        weights_path: Weights of a training; without, random weights in the paper's network.
        settings: Seeds, batch and device.

    Raises:
        ArtefactError: The weights are missing or damaged.
    """
    device = settings.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    trained = None if weights_path is None else load_network(weights_path, device)
    shape = NetworkSettings() if trained is None else trained.settings
    random = tuple(
        Pool5(f"random weights {seed}", random_network(shape, seed), settings.batch, device)
        for seed in range(settings.seed, settings.seed + settings.random_seeds)
    )
    found = [
        Contender("pixels", "hand-made", (Pixels(),)),
        Contender("hog", "hand-made", (Hog(),)),
        Contender("random weights", "random", random),
    ]
    if trained is not None:
        embedder = Pool5("trained", trained, settings.batch, device)
        found.append(Contender("trained", "trained", (embedder,)))
    return tuple(found)


def embed(
    embedders: Sequence[Embedder],
    count: int,
    cutter: Callable[[int], Callable[[int], NDArray[np.uint8]]],
    label: str,
) -> dict[str, Vectors]:
    """Turn pictures into the vectors of several embedders, reading each picture once.

    Args:
        embedders: The embedders, with names of their own.
        count: Number of pictures.
        cutter: Opens picture i, and returns what cuts it to a wanted side (RGB, uint8).
        label: What the progress bar says.

    Returns:
        Vectors (count, D) by the embedder's name.
    """
    parts: dict[str, list[Vectors]] = {embedder.name: [] for embedder in embedders}
    sides = {embedder.input_px for embedder in embedders}
    for start in tqdm(range(0, count, _CHUNK), desc=label, disable=None):
        cutters = [cutter(picture) for picture in range(start, min(count, start + _CHUNK))]
        for side in sides:
            crops = np.stack([cut(side) for cut in cutters])
            for embedder in embedders:
                if embedder.input_px == side:
                    parts[embedder.name].append(embedder(crops))
    return {name: np.concatenate(vectors) for name, vectors in parts.items()}
