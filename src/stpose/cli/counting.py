"""What the commands that count repetitions share: options of the detector, and settings."""

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from stpose.errors import InputError
from stpose.settings.counting import CountingSettings

Detector = Annotated[
    str,
    typer.Option(help="What finds people: hog, darknet, onnx, torchvision or precomputed."),
]
Weights = Annotated[Path | None, typer.Option(help="File of the detector's weights.")]
Network = Annotated[
    str | None, typer.Option(help="The .cfg file of darknet, or the name of torchvision's model.")
]
Boxes = Annotated[Path | None, typer.Option(help="Folder of precomputed boxes.")]
ScoreThreshold = Annotated[
    float | None, typer.Option(help="Score from which on a box begins a track.")
]
Work = Annotated[
    Path | None,
    typer.Option(help="Keep people and crops here; another embedding does not find them again."),
]


def counting_settings(
    crop: str,
    detector: str,
    weights: Path | None,
    network: str | None,
    boxes: Path | None,
    score_threshold: float | None,
) -> CountingSettings:
    """Return checked settings.

    Raises:
        InputError: A value is out of range; the message names option, value and expectation.
    """
    values: dict[str, Any] = {
        "crop": crop,
        "people": {
            "detector": detector,
            "weights": None if weights is None else str(weights),
            "network": network,
            "boxes": None if boxes is None else str(boxes),
            "score_threshold": score_threshold,
        },
    }
    try:
        return CountingSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = f"{key}: {first['input']!r}, {first['msg']}"
        raise InputError(message) from error
