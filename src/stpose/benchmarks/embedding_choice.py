"""What `stpose evaluate --embedding` can name, besides cues: hand-made vectors and networks."""

from pathlib import Path

import torch

from stpose.benchmarks.embedders import Contender, Hog, Pixels, Pool5
from stpose.errors import InputError
from stpose.models.cards import shipped_names
from stpose.network.features import load_network, random_network
from stpose.network.shipped import shipped_weights
from stpose.network.weights import read_weights_header
from stpose.settings.benchmarks import BenchmarkSettings
from stpose.settings.network import NetworkSettings

_WEIGHTS = "weights.safetensors"
_CROP = "warp"  # the paper's


def choose_embedding(
    name: str, settings: BenchmarkSettings, results: Path, like: Path | None = None
) -> Contender:
    """Return the embedding that a name stands for.

    Args:
        name: "pixels", "hog", "random", weights that come with the package (`shipped_names`),
            a file of weights, an experiment ("st", its last round) or one of its rounds ("st/1").
        settings: Seeds, batch and device.
        results: The results folder that experiments are looked for in.
        like: Weights whose network is the shape of the random one; without, the paper's AlexNet.

    Raises:
        InputError: There is nothing of that name.
        ArtefactError: The weights are damaged or something else.
    """
    device = settings.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "pixels":
        return Contender(name, "hand-made", (Pixels(),))
    if name == "hog":
        return Contender(name, "hand-made", (Hog(),))
    if name == "random":
        shape = NetworkSettings() if like is None else load_network(like).settings
        seeds = range(settings.seed, settings.seed + settings.random_seeds)
        networks = tuple(
            Pool5(f"random {seed}", random_network(shape, seed), settings.batch, device)
            for seed in seeds
        )
        return Contender(name, "random", networks)
    network = load_network(find_weights(name, results), device)
    return Contender(name, "trained", (Pool5(name, network, settings.batch, device),))


def choose_crop(asked: str | None, name: str, results: Path, like: Path | None = None) -> str:
    """Return how a box becomes a square: as asked, else as the weights were trained, else warp.

    Args:
        asked: "warp" or "square", or None.
        name: The embedding; cues and hand-made vectors have no weights.
        results: The results folder that experiments are looked for in.
        like: Weights whose network is the shape of the random one, and whose pictures it gets.

    Raises:
        ArtefactError: The weights are damaged or something else.
    """
    if asked is not None:
        return asked
    try:
        path = like if name == "random" and like else find_weights(name, results)
    except InputError:
        return _CROP
    return str(read_weights_header(path).attributes.get("crop_mode", _CROP))


def find_weights(name: str, results: Path) -> Path:
    """Return the file of weights that a name stands for.

    Args:
        name: Weights that come with the package, a path, an experiment, or an experiment and
            round. The first win: an experiment of the same name is asked for with its round.
        results: The results folder that experiments are looked for in.

    Raises:
        InputError: There is no such file, and no such experiment with weights.
        ArtefactError: Weights of the package are damaged.
    """
    if name in shipped_names():
        return shipped_weights(name)
    path = Path(name)
    if path.is_file():
        return path
    folder = results / "training" / name
    rounds = [one for one in folder.glob(f"*/{_WEIGHTS}") if one.parent.name.isdecimal()]
    if rounds:
        return max(rounds, key=lambda one: int(one.parent.name))
    if (folder / _WEIGHTS).is_file():
        return folder / _WEIGHTS
    known = sorted(str(one.parent.name) for one in results.glob("training/*/1"))
    message = (
        f"embedding {name!r}: no such file, and no weights below {folder}; expected pixels, hog, "
        f"random, paper, best, a cue, a file of weights or an experiment "
        f"({', '.join(known) or 'none here'})"
    )
    raise InputError(message)
