"""Weights that others trained, checked against the libraries that run them."""

import struct

import cv2
import h5py
import numpy as np
import pytest
import torch
from torchvision.models import alexnet

from stpose.errors import InputError
from stpose.network.alexnet import RGB_MEAN, RGB_STD, PoseNetwork
from stpose.network.initial import CAFFE_MEAN, load_caffe_weights, load_imagenet_weights
from stpose.settings.network import NetworkSettings

SIDE = 99
CAFFE_SHAPES = {
    1: (96, 3, 11, 11),
    2: (256, 48, 5, 5),
    3: (384, 256, 3, 3),
    4: (384, 192, 3, 3),
    5: (256, 192, 3, 3),
}
CAFFE_LAYERS = [
    ("conv1", "num_output: 96 kernel_size: 11 stride: 4"),
    ("norm1", ""),
    ("pool1", ""),
    ("conv2", "num_output: 256 kernel_size: 5 pad: 2 group: 2"),
    ("norm2", ""),
    ("pool2", ""),
    ("conv3", "num_output: 384 kernel_size: 3 pad: 1"),
    ("conv4", "num_output: 384 kernel_size: 3 pad: 1 group: 2"),
    ("conv5", "num_output: 256 kernel_size: 3 pad: 1 group: 2"),
    ("pool5", ""),
]


def pictures():
    return np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), dtype=np.uint8)


def features_of(network, crops):
    images = torch.tensor(crops.transpose(0, 3, 1, 2) / 255.0, dtype=torch.float32)
    with torch.inference_mode():
        return network.eval()(images).numpy()


@pytest.fixture(scope="module")
def reference():
    torch.manual_seed(0)
    return alexnet(weights=None).eval()


@pytest.fixture(scope="module")
def alexnet_file(reference, tmp_path_factory):
    path = tmp_path_factory.mktemp("torchvision") / "alexnet.pth"
    state = reference.state_dict()
    torch.save({name: state[name] for name in state if name.startswith("features.")}, path)
    return path


def test_torchvision_weights_give_torchvision_features(reference, alexnet_file):
    network = PoseNetwork(NetworkSettings(input_px=SIDE, negative_slope=0))
    load_imagenet_weights(network, alexnet_file)

    crops = pictures()
    normal = (crops / 255.0 - np.array(RGB_MEAN)) / np.array(RGB_STD)
    with torch.inference_mode():
        wanted = reference.features(torch.tensor(normal.transpose(0, 3, 1, 2)).float()).flatten(1)
    assert wanted.std() > 0.005
    np.testing.assert_allclose(features_of(network, crops), wanted.numpy(), atol=1e-5)


def caffe_blobs():
    generator = np.random.default_rng(1)
    blobs = {}
    for number, shape in CAFFE_SHAPES.items():
        scale = (2 / np.prod(shape[1:])) ** 0.5
        blobs[f"conv{number}.weight"] = (generator.standard_normal(shape) * scale).astype("f4")
        blobs[f"conv{number}.bias"] = (generator.standard_normal(shape[0]) * 0.1).astype("f4")
    return blobs


def write_prototxt(path):
    lines = [f'name: "net" input: "data" input_shape {{ dim: 2 dim: 3 dim: {SIDE} dim: {SIDE} }}']
    below = "data"
    for name, details in CAFFE_LAYERS:
        if name.startswith("conv"):
            kind = f'type: "Convolution" convolution_param {{ {details} }}'
        elif name.startswith("norm"):
            kind = 'type: "LRN" lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }'
        else:
            kind = 'type: "Pooling" pooling_param { pool: MAX kernel_size: 3 stride: 2 }'
        lines.append(f'layer {{ name: "{name}" bottom: "{below}" top: "{name}" {kind} }}')
        if name.startswith("conv"):
            lines.append(
                f'layer {{ name: "relu_{name}" type: "ReLU" bottom: "{name}" top: "{name}" }}'
            )
        below = name
    path.write_text("\n".join(lines))


def message(number, content):
    """A protobuf field that holds bytes: key, length, content."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_caffemodel(path, blobs):
    """Write the fields of caffe.proto that hold weights: layer 100, blobs 7, data 5, shape 7."""
    layers = b""
    for number in CAFFE_SHAPES:
        layer = message(1, f"conv{number}".encode()) + message(2, b"Convolution")
        for kind in ("weight", "bias"):
            blob = blobs[f"conv{number}.{kind}"]
            shape = message(1, b"".join(varint(side) for side in blob.shape))
            values = struct.pack(f"<{blob.size}f", *blob.ravel())
            layer += message(7, message(5, values) + message(7, shape))
        layers += message(100, layer)
    path.write_bytes(message(1, b"net") + layers)


@pytest.fixture(scope="module")
def caffe_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("caffe")
    blobs = caffe_blobs()
    write_prototxt(folder / "net.prototxt")
    write_caffemodel(folder / "net.caffemodel", blobs)
    np.savez(folder / "net.npz", **blobs)
    with h5py.File(folder / "net.h5", "w") as file:
        for number in CAFFE_SHAPES:
            file[f"data/conv{number}/0"] = blobs[f"conv{number}.weight"]
            file[f"data/conv{number}/1"] = blobs[f"conv{number}.bias"].reshape(1, 1, 1, -1)
    return folder


@pytest.fixture(scope="module")
def caffe_features(caffe_files):
    """What Caffe's network, run by OpenCV, says of the pictures."""
    reference = cv2.dnn.readNetFromCaffe(
        str(caffe_files / "net.prototxt"), str(caffe_files / "net.caffemodel")
    )
    bgr = pictures()[..., ::-1].astype("f4") - np.array(CAFFE_MEAN, "f4")
    reference.setInput(np.ascontiguousarray(bgr.transpose(0, 3, 1, 2)))
    return reference.forward("pool5").reshape(len(bgr), -1)


@pytest.mark.parametrize("name", ["net.caffemodel", "net.npz", "net.h5"])
def test_caffe_weights_give_caffe_features(caffe_files, caffe_features, name):
    network = PoseNetwork(NetworkSettings(layout="caffe", input_px=SIDE, negative_slope=0))
    load_caffe_weights(network, caffe_files / name, caffe_files / "net.prototxt")
    assert caffe_features.std() > 1
    np.testing.assert_allclose(
        features_of(network, pictures()), caffe_features, atol=2e-3, rtol=1e-3
    )


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"layout": "caffe"}, "network.layout: found 'caffe'"),
        ({"width": 0.5}, r"conv1.weight has shape \(64, 3, 11, 11\)"),
    ],
)
def test_networks_that_do_not_fit_are_refused(alexnet_file, chosen, expected):
    network = PoseNetwork(NetworkSettings(input_px=SIDE, **chosen))
    with pytest.raises(InputError, match=expected):
        load_imagenet_weights(network, alexnet_file)


def test_files_that_cannot_be_read_are_named(tmp_path):
    path = tmp_path / "alexnet.pth"
    path.write_text("not weights")
    network = PoseNetwork(NetworkSettings(input_px=SIDE))
    with pytest.raises(InputError, match=r"alexnet\.pth: cannot be read"):
        load_imagenet_weights(network, path)
    with pytest.raises(InputError, match=r"gone\.pth: no such file"):
        load_imagenet_weights(network, tmp_path / "gone.pth")
    caffe = PoseNetwork(NetworkSettings(layout="caffe", input_px=SIDE))
    path = tmp_path / "net.npz"
    np.savez(path, other=np.zeros(3))
    with pytest.raises(InputError, match=r"net\.npz: cannot read conv1 to conv5"):
        load_caffe_weights(caffe, path, None)
    with pytest.raises(InputError, match=r"net\.caffemodel: no such file"):
        load_caffe_weights(caffe, tmp_path / "net.caffemodel", None)
