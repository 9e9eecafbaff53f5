"""Settings of the people stage."""

from typing import Literal

from pydantic import Field, field_validator

from stpose.settings.base import StageSettings


class PeopleSettings(StageSettings):
    """How people are found in frames and followed over time."""

    detector: Literal["hog", "darknet", "onnx", "torchvision", "precomputed"] = Field(
        "hog",
        description="What finds people: OpenCV's `hog` needs no file but sees upright people only; "
        "`darknet` and `onnx` read a network; `torchvision` is a COCO detector; `precomputed` "
        "reads boxes from files.",
    )
    weights: str | None = Field(
        None,
        description="File of a network's weights: .weights for darknet, .onnx for onnx, .pth or "
        ".safetensors for torchvision, which downloads its own when none is given.",
    )
    network: str | None = Field(
        None,
        description="For darknet the .cfg file of the network; for torchvision the name of a "
        "detection model, fasterrcnn_mobilenet_v3_large_320_fpn when none is given.",
    )
    boxes: str | None = Field(
        None,
        description="For precomputed: folder of .bb or .parquet files, searched with all folders "
        "in it for each video's path, name or id.",
    )
    score_threshold: float | None = Field(
        None,
        description="Score from which on a box begins a track; somewhat weaker ones still "
        "carry one on. null takes the detector's own.",
        gt=0.0,
        lt=1.0,
        json_schema_extra={"unit": "1"},
    )
    overlap: float | None = Field(
        None,
        description="Of boxes in a frame that overlap (intersection over union) by more than this "
        "only the best stays. null takes the detector's own.",
        ge=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    max_people: int = Field(
        16,
        description="Only so many people are kept in a frame, the ones with the best scores; of "
        "precomputed boxes all are kept.",
        ge=1,
        le=1000,
    )
    every: int = Field(
        1,
        description="Look for people in every n-th frame; boxes are filled in between.",
        ge=1,
        le=100,
        json_schema_extra={"unit": "frames"},
    )
    max_gap: int = Field(
        12,
        description="Longest run of frames without a box that is filled in; after a longer one "
        "a new track begins.",
        ge=0,
        le=1000,
        json_schema_extra={"unit": "frames"},
    )
    minimum_track: int = Field(
        9,
        description="Shorter tracks are dropped; the default is what the ordering task needs "
        "around one frame.",
        ge=1,
        le=100_000,
        json_schema_extra={"unit": "frames"},
    )
    minimum_share: float = Field(
        0.4,
        description="Tracks in which the person was found in a smaller share of the frames that "
        "were looked at are dropped as chance finds.",
        ge=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    smoothing: int = Field(
        5,
        description="Window over which boxes are smoothed in time, an odd number; 1 is off. "
        "Precomputed boxes stay as they are.",
        ge=1,
        le=101,
        json_schema_extra={"unit": "frames"},
    )

    @field_validator("smoothing")
    @classmethod
    def _window_is_odd(cls, window: int) -> int:
        if window % 2 == 0:
            message = "an odd number of frames"
            raise ValueError(message)
        return window
