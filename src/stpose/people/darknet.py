"""People by a Darknet network (YOLO and relatives) through OpenCV."""

import configparser
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.errors import InputError
from stpose.people.detections import FAINT, OVERLAP, Detections, Image, keep_best

# Columns of an output row: centre, size, objectness, then the classes; people are the first.
PERSON = 5
COCO_COLUMNS = 85
PERSON_ONLY_COLUMNS = 6
# Thresholds at which these networks were measured; one-class networks are surer of themselves.
THRESHOLDS = {COCO_COLUMNS: 0.3, PERSON_ONLY_COLUMNS: 0.4}
# Three 32-bit version numbers and the count of pictures seen, 32 bits in old files.
HEADER_BYTES = (16, 20)


class DarknetDetector:
    """A Darknet network, trained on COCO's 80 classes or on people only.

    The picture is stretched to the network's input, scaled to [0, 1] and given as RGB. Output
    rows hold fractions of the picture, and class scores already multiplied by objectness.
    OpenCV's importer sets scores below 0.2 to 0.
    """

    def __init__(
        self,
        network: Path,
        weights: Path,
        threshold: float | None = None,
        overlap: float | None = None,
    ) -> None:
        """Read the network.

        Args:
            network: The `.cfg` file.
            weights: The `.weights` file.
            threshold: Score of a person; None takes the one that suits the network.
            overlap: Largest overlap of two people; None for the usual one.

        Raises:
            InputError: A file is no Darknet file, or the two do not belong together.
        """
        self._size = input_size(network)
        self._net = _read(network, weights)
        self._outputs = self._net.getUnconnectedOutLayersNames()
        self._overlap = OVERLAP if overlap is None else overlap
        blank = np.zeros((self._size[1], self._size[0], 3), np.uint8)
        columns = self._forward(blank).shape[1]
        if columns not in THRESHOLDS:
            message = (
                f"people.network: {network} has {columns - PERSON} classes, expected the 80 of "
                "COCO (person first) or one"
            )
            raise InputError(message)
        self.threshold = THRESHOLDS[columns] if threshold is None else threshold
        self._least = self.threshold * FAINT

    def detect(self, image: Image) -> Detections:
        """Find the people in a BGR picture."""
        height, width = image.shape[:2]
        rows = self._forward(image)
        centre, extent = rows[:, :2], rows[:, 2:4]
        boxes = np.concatenate([centre - extent / 2, centre + extent / 2], axis=1)
        boxes = boxes * [width, height, width, height]
        return keep_best(boxes, rows[:, PERSON], (width, height), self._least, self._overlap)

    def _forward(self, image: Image) -> NDArray[np.float32]:
        blob = cv2.dnn.blobFromImage(image, 1 / 255, self._size, swapRB=True)
        self._net.setInput(blob)
        return np.concatenate([np.asarray(rows) for rows in self._net.forward(self._outputs)])


def input_size(network: Path) -> tuple[int, int]:
    """Return the width and height (px) of a Darknet network's input.

    Raises:
        InputError: The file is no Darknet configuration.
    """
    parser = configparser.ConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(network.read_text(encoding="utf-8"), str(network))
        section = parser["net"] if "net" in parser else parser["network"]
        sides = int(section["width"]), int(section["height"])
    except (
        OSError,
        UnicodeDecodeError,
        configparser.Error,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,  # of configparser itself, at a line that goes on from a key without value
    ) as error:
        message = (
            f"people.network: {network} is no Darknet configuration ({error}), expected a .cfg "
            "file with width and height under [net]"
        )
        raise InputError(message) from error
    if min(sides) < 1:
        message = f"people.network: {network}: input of {sides} px, expected 1 px or more"
        raise InputError(message)
    return sides


def _read(network: Path, weights: Path) -> cv2.dnn.Net:
    if not hasattr(cv2.dnn, "readNetFromDarknet"):
        message = (
            f"people.detector: OpenCV {cv2.__version__} cannot read Darknet files, "
            "expected OpenCV 4 or people.detector=onnx"
        )
        raise InputError(message)
    try:
        net = cv2.dnn.readNetFromDarknet(str(network), str(weights))
    except cv2.error as error:
        message = (
            f"people.weights: {weights} cannot be read with {network} ({error.err}), "
            "expected the weights of just this network"
        )
        raise InputError(message) from error
    _check_length(net, network, weights)
    return net


def _check_length(net: cv2.dnn.Net, network: Path, weights: Path) -> None:
    """Refuse weights of another length than the network needs: the importer reads them anyhow."""
    layers = [net.getLayer(name) for name in net.getLayerNames()]
    # The blobs of the last layers are anchors, which stand in the configuration.
    trained = [blob for layer in layers if layer.type != "Region" for blob in layer.blobs]
    needed = 4 * sum(int(np.asarray(blob).size) for blob in trained)
    found = weights.stat().st_size
    if found not in {needed + header for header in HEADER_BYTES}:
        message = (
            f"people.weights: {weights} has {found} bytes, expected {needed + HEADER_BYTES[-1]} "
            f"for {network}: truncated, or of another network"
        )
        raise InputError(message)
