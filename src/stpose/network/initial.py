"""Weights that others trained: torchvision's AlexNet, and Caffe's in its own file formats."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from stpose.errors import InputError
from stpose.network.alexnet import RGB_MEAN, RGB_STD, PoseNetwork

# Mean of ImageNet's pictures as the Caffe models subtract it: blue, green, red, 0 to 255.
CAFFE_MEAN = (104.0, 117.0, 123.0)
_TORCHVISION_LAYERS = (0, 3, 6, 8, 10)

Blobs = dict[str, NDArray[np.float32]]


def load_imagenet_weights(network: PoseNetwork, path: Path | None) -> None:
    """Fill the convolutions with torchvision's AlexNet, trained on ImageNet with labels.

    Args:
        network: A network of layout "torchvision" and width 1.
        path: A state dict (.pth or .safetensors); None downloads torchvision's own.

    Raises:
        InputError: The file cannot be read or its weights do not fit.
    """
    _expect_layout(network, "torchvision")
    state = _downloaded() if path is None else _read_state(path)
    blobs: dict[str, Tensor] = {}
    for number, layer in enumerate(_TORCHVISION_LAYERS, start=1):
        for kind in ("weight", "bias"):
            key = f"features.{layer}.{kind}"
            if key not in state:
                message = f"{path}: no {key!r}, expected a state dict of torchvision's alexnet"
                raise InputError(message)
            blobs[f"conv{number}.{kind}"] = state[key]
    _fill(network, blobs, str(path or "torchvision's AlexNet"))


def load_caffe_weights(network: PoseNetwork, path: Path, prototxt: Path | None) -> None:
    """Fill the convolutions with an AlexNet from Caffe.

    Caffe's networks see blue, green, red from 0 to 255 less a mean; the first layer is rewritten
    so that it gives the same answers to this network's normalised RGB.

    Args:
        network: A network of layout "caffe" and width 1.
        path: A .caffemodel; or .h5 as Caffe writes it (data/conv1/0 and data/conv1/1, ...); or
            .npz with conv1.weight, conv1.bias, ...
        prototxt: The description of the network; needed for a .caffemodel only.

    Raises:
        InputError: The file cannot be read or its weights do not fit.
    """
    _expect_layout(network, "caffe")
    if not path.is_file():
        message = f"{path}: no such file, expected weights of Caffe's AlexNet"
        raise InputError(message)
    try:
        match path.suffix:
            case ".caffemodel":
                blobs = _read_caffemodel(path, prototxt)
            case ".h5":
                blobs = _read_caffe_h5(path)
            case ".npz":
                blobs = _read_npz(path)
            case other:
                message = f"{path}: ends in {other!r}, expected .caffemodel, .h5 or .npz"
                raise InputError(message)
    except InputError:
        raise
    # Damaged files bring up errors of any kind, from zip to arrays.
    except Exception as error:
        message = f"{path}: cannot read conv1 to conv5 of Caffe's AlexNet ({error})"
        raise InputError(message) from error
    weight = blobs["conv1.weight"]
    if weight.ndim != 4 or weight.shape[1] != 3:
        message = f"{path}: conv1 has shape {weight.shape}, expected 3 input channels"
        raise InputError(message)
    weight = weight[:, ::-1] * np.float32(255)
    shift = np.asarray(RGB_MEAN, np.float32) - np.asarray(CAFFE_MEAN[::-1], np.float32) / 255
    blobs["conv1.bias"] = blobs["conv1.bias"] + np.einsum("oihw,i->o", weight, shift)
    blobs["conv1.weight"] = weight * np.asarray(RGB_STD, np.float32)[None, :, None, None]
    _fill(network, {name: torch.from_numpy(blob) for name, blob in blobs.items()}, str(path))


def _read_state(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        message = f"{path}: no such file, expected a state dict of torchvision's alexnet"
        raise InputError(message)
    try:
        if path.suffix == ".safetensors":
            state: Any = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    # Damaged files bring up errors of any kind, from zip to pickle.
    except Exception as error:
        message = f"{path}: cannot be read as a state dict of tensors ({error})"
        raise InputError(message) from error
    if not isinstance(state, Mapping) or not all(isinstance(one, Tensor) for one in state.values()):
        message = f"{path}: holds {type(state).__name__}, expected a state dict of tensors"
        raise InputError(message)
    return dict(state)


def _downloaded() -> dict[str, Tensor]:
    from torchvision.models import AlexNet_Weights

    weights = AlexNet_Weights.IMAGENET1K_V1
    return dict(weights.get_state_dict(progress=False, check_hash=True))


def _read_caffemodel(path: Path, prototxt: Path | None) -> Blobs:
    if prototxt is None or not prototxt.is_file():
        message = f"{path}: needs its prototxt beside it, found {prototxt}"
        raise InputError(message)
    caffe = cv2.dnn.readNetFromCaffe(str(prototxt), str(path))
    blobs: Blobs = {}
    for number in range(1, 6):
        for index, kind in enumerate(("weight", "bias")):
            blobs[f"conv{number}.{kind}"] = np.asarray(
                caffe.getParam(f"conv{number}", index), np.float32
            )
    return _flat_biases(blobs)


def _read_caffe_h5(path: Path) -> Blobs:
    blobs: Blobs = {}
    with h5py.File(path, "r") as file:
        for number in range(1, 6):
            for index, kind in enumerate(("weight", "bias")):
                blob = file[f"data/conv{number}/{index}"][()]
                blobs[f"conv{number}.{kind}"] = np.asarray(blob, np.float32)
    return _flat_biases(blobs)


def _read_npz(path: Path) -> Blobs:
    # Opened here: of a file that is no zip, NumPy closes nothing that it has opened.
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        names = [f"conv{number}.{kind}" for number in range(1, 6) for kind in ("weight", "bias")]
        return _flat_biases({name: np.asarray(file[name], np.float32) for name in names})


def _flat_biases(blobs: Blobs) -> Blobs:
    """Old Caffe files hold biases as (1, 1, 1, n)."""
    return {
        name: blob.reshape(-1) if name.endswith("bias") else blob for name, blob in blobs.items()
    }


def _expect_layout(network: PoseNetwork, layout: str) -> None:
    found = network.settings.layout
    if found != layout:
        message = f"network.layout: found {found!r}, these initial weights need {layout!r}"
        raise InputError(message)


def _fill(network: PoseNetwork, blobs: dict[str, Tensor], source: str) -> None:
    for number, convolution in enumerate(network.convolutions, start=1):
        assert isinstance(convolution, nn.Conv2d)
        for kind in ("weight", "bias"):
            parameter = getattr(convolution, kind)
            blob = blobs[f"conv{number}.{kind}"]
            if parameter is None:
                continue  # batch normalisation behind the convolution has a shift of its own
            if parameter.shape != blob.shape:
                message = (
                    f"{source}: conv{number}.{kind} has shape {tuple(blob.shape)}, the network "
                    f"needs {tuple(parameter.shape)}; width must be 1"
                )
                raise InputError(message)
            with torch.no_grad():
                parameter.copy_(blob)
