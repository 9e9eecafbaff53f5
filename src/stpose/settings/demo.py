"""Settings of the demo footage."""

from pydantic import Field

from stpose.settings.base import StageSettings


class DemoSettings(StageSettings):
    """What demo footage is rendered: how many videos, how large, from which seed."""

    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of everything that is drawn.")
    videos: int = Field(
        24, ge=1, le=2000, description="Training videos, spread evenly over the seven motions."
    )
    heldout_videos: int = Field(
        21,
        ge=14,
        le=2000,
        description="Videos of other people from which the benchmarks are made; never trained on.",
    )
    frames: int = Field(84, ge=24, le=10000, description="Frames of a video.")
    width: int = Field(
        320, ge=64, le=1920, multiple_of=2, description="Width.", json_schema_extra={"unit": "px"}
    )
    height: int = Field(
        240, ge=64, le=1080, multiple_of=2, description="Height.", json_schema_extra={"unit": "px"}
    )
    fps: float = Field(
        25.0, ge=5, le=120, description="Frame rate.", json_schema_extra={"unit": "1/s"}
    )
    two_people: float = Field(
        0.2, ge=0, le=1, description="Share of the training videos with a second person."
    )
    occluders: float = Field(
        0.2, ge=0, le=1, description="Share of the training videos with something passing in front."
    )
    exemplars: int = Field(
        70, ge=1, le=1000, description="Exemplar frames of the posture benchmark, at most."
    )
    labels: int = Field(
        10, ge=1, le=50, description="Positives, and negatives, of an exemplar, at most."
    )
    label_stride: int = Field(
        3, ge=1, le=50, description="Every how many frames one may be labelled in the benchmark."
    )
    same_posture: float = Field(
        0.06,
        gt=0,
        le=0.5,
        description="Mean joint distance below which two postures are the same, in statures.",
    )
    other_posture: float = Field(
        0.085,
        gt=0,
        le=1,
        description="Mean joint distance above which two postures differ clearly, in statures.",
    )
    lsp_images: int = Field(
        240, ge=2, le=10000, multiple_of=2, description="Images of the LSP-format set."
    )
