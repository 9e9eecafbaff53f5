"""Which detector the settings ask for. Imports nothing heavy: a workflow asks `check` first."""

from pathlib import Path
from typing import TYPE_CHECKING

from stpose.errors import InputError
from stpose.settings.people import PeopleSettings

if TYPE_CHECKING:
    from stpose.people.detections import Detector

DEFAULT_TORCHVISION_MODEL = "fasterrcnn_mobilenet_v3_large_320_fpn"
TORCHVISION_MODELS = (
    DEFAULT_TORCHVISION_MODEL,
    "fasterrcnn_mobilenet_v3_large_fpn",
    "fasterrcnn_resnet50_fpn",
    "fasterrcnn_resnet50_fpn_v2",
    "fcos_resnet50_fpn",
    "retinanet_resnet50_fpn",
    "retinanet_resnet50_fpn_v2",
    "ssd300_vgg16",
    "ssdlite320_mobilenet_v3_large",
)


def check(settings: PeopleSettings) -> None:
    """Check that every file that the detector needs is there, before any work starts.

    Raises:
        InputError: Names the setting, the file and what was expected.
    """
    match settings.detector:
        case "darknet":
            _need(settings.weights, "weights", "the .weights file of a Darknet network")
            _need(settings.network, "network", "the .cfg file of a Darknet network")
        case "onnx":
            _need(settings.weights, "weights", "an .onnx file")
        case "torchvision":
            if settings.weights is not None:
                _need(settings.weights, "weights", "a state dictionary, .pth or .safetensors")
            if settings.network is not None and settings.network not in TORCHVISION_MODELS:
                message = (
                    f"people.network: found {settings.network!r}, expected for torchvision one of "
                    f"{', '.join(TORCHVISION_MODELS)}"
                )
                raise InputError(message)
        case "precomputed":
            _check_boxes(settings.boxes)


def needed_files(settings: PeopleSettings) -> list[Path]:
    """Return the files beside the videos that the result depends on, sorted."""
    match settings.detector:
        case "darknet":
            named = [settings.weights, settings.network]
        case "onnx" | "torchvision":
            named = [settings.weights]
        case "precomputed":
            from stpose.people.precomputed import box_files

            return box_files(Path(settings.boxes)) if settings.boxes else []
        case _:
            named = []
    return sorted(Path(name) for name in named if name)


def open_detector(settings: PeopleSettings) -> "Detector":
    """Make the detector that the settings ask for; "precomputed" is none.

    Raises:
        InputError: A file is missing, or not what it should be.
    """
    check(settings)
    limits = (settings.score_threshold, settings.overlap)
    weights = Path(settings.weights) if settings.weights else None
    if settings.detector == "darknet" and weights and settings.network:
        from stpose.people.darknet import DarknetDetector

        return DarknetDetector(Path(settings.network), weights, *limits)
    if settings.detector == "onnx" and weights:
        from stpose.people.onnx import open_onnx

        return open_onnx(weights, *limits)
    if settings.detector == "torchvision":
        from stpose.people.torchvision_detector import open_torchvision

        return open_torchvision(settings.network or DEFAULT_TORCHVISION_MODEL, weights, *limits)
    if settings.detector == "hog":
        from stpose.people.hog import HogDetector

        return HogDetector(*limits)
    message = f"people.detector: {settings.detector} looks at no pictures"
    raise InputError(message)


def _need(path: str | None, key: str, expected: str) -> None:
    if path is None:
        message = f"people.{key}: none given, expected {expected}"
        raise InputError(message)
    if not Path(path).is_file():
        kind = "is a folder" if Path(path).is_dir() else "does not exist"
        message = f"people.{key}: {path} {kind}, expected {expected}"
        raise InputError(message)


def _check_boxes(folder: str | None) -> None:
    from stpose.people.precomputed import box_files, check_file

    expected = "a folder of .bb or .parquet files"
    if folder is None:
        message = f"people.boxes: none given, expected {expected}"
        raise InputError(message)
    if not Path(folder).is_dir():
        message = f"people.boxes: {folder} is no folder, expected {expected}"
        raise InputError(message)
    files = box_files(Path(folder))
    if not files:
        message = f"people.boxes: {folder} holds no such files, expected {expected}"
        raise InputError(message)
    for path in files:
        check_file(path)
