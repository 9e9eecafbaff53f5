"""Where the convolutions of DeepPose start from: what table 4 compares."""

from pathlib import Path

from stpose.artefacts.header import read_header
from stpose.benchmarks.embedding_choice import find_weights
from stpose.errors import ArtefactError, InputError
from stpose.network.alexnet import PoseNetwork
from stpose.network.initial import load_caffe_weights, load_imagenet_weights
from stpose.network.weights import draw_weights, read_network
from stpose.settings.network import NetworkSettings

_CAFFE_ENDINGS = (".caffemodel", ".h5", ".npz")
_STATE_ENDINGS = (".pth", ".pt", ".safetensors")


def initial_network(
    name: str,
    shape: NetworkSettings,
    seed: int,
    results: Path,
    input_px: int | None = None,
    prototxt: Path | None = None,
) -> PoseNetwork:
    """Return convolutions with the weights that a name stands for.

    Weights of convolutions fit pictures of any size, so the size can be chosen for all of them.

    Args:
        name: "random"; "imagenet" (torchvision's AlexNet, downloaded); a file: weights of this
            project, torchvision's AlexNet (.pth, .pt, .safetensors), or Caffe's (.caffemodel, .h5,
            .npz); or an experiment ("st", its last round) or one of its rounds ("st/1").
        shape: The network, unless the name is a file of this project's, which says its own. For
            other files width has to be 1; the layout is taken from the file's kind.
        seed: Seed of random weights.
        results: The results folder that experiments are looked for in.
        input_px: Side of the pictures; without, the network's own.
        prototxt: Description that goes with a .caffemodel.

    Raises:
        InputError: There is nothing of that name, or weights do not fit.
        ArtefactError: Weights of this project are damaged.
    """
    network = _network(name, shape, seed, results, prototxt)
    if input_px is None or input_px == network.settings.input_px:
        return network
    settings = NetworkSettings.model_validate(
        {**network.settings.model_dump(), "input_px": input_px}
    )
    resized = PoseNetwork(settings)
    resized.load_state_dict(network.state_dict())
    return resized


def _network(
    name: str, shape: NetworkSettings, seed: int, results: Path, prototxt: Path | None
) -> PoseNetwork:
    path = Path(name)
    if name == "random":
        network = PoseNetwork(shape)
        draw_weights(network, seed)
        return network
    if path.suffix in _CAFFE_ENDINGS:
        network = PoseNetwork(shape.model_copy(update={"layout": "caffe"}))
        draw_weights(network, seed)
        load_caffe_weights(network, path, prototxt)
        return network
    if name == "imagenet" or (path.suffix in _STATE_ENDINGS and not _is_own(path)):
        network = PoseNetwork(shape.model_copy(update={"layout": "torchvision"}))
        draw_weights(network, seed)
        load_imagenet_weights(network, None if name == "imagenet" else path)
        return network
    try:
        found = find_weights(name, results)
    except InputError as error:
        message = (
            f"initial {name!r}: no such file, and no weights below {results / 'training' / name}; "
            "expected random, imagenet, a file of weights or an experiment"
        )
        raise InputError(message) from error
    return read_network(found)


def _is_own(path: Path) -> bool:
    """Tell whether a file carries this project's header; one that is not there might."""
    if not path.is_file():
        return True
    try:
        read_header(path)
    except ArtefactError:
        return False
    return True
