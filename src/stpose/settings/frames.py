"""Settings of the frames stage."""

from pydantic import Field

from stpose.settings.base import StageSettings


class FramesSettings(StageSettings):
    """How videos are decoded and which of their frames are kept."""

    stride: int = Field(
        1,
        description="Keep every n-th frame; all frames are still decoded, so cuts are not missed.",
        ge=1,
        le=1000,
        json_schema_extra={"unit": "frames"},
    )
    longest_side: int = Field(
        0,
        description="Larger frames are shrunk to this longest side when stored; "
        "0 keeps the size of the source.",
        ge=0,
        le=16384,
        json_schema_extra={"unit": "px"},
    )
    quality: int = Field(
        95,
        description="JPEG quality of the stored frames.",
        ge=1,
        le=100,
        json_schema_extra={"unit": "1"},
    )
    minimum_frames: int = Field(
        9,
        description="A video with fewer stored frames is left out as too short; "
        "the default is what the ordering task needs around one frame.",
        ge=1,
        le=1_000_000,
        json_schema_extra={"unit": "frames"},
    )
    cut_threshold: float = Field(
        32.0,
        description="Change of content between two frames that counts as a cut; "
        "lower values find more cuts.",
        gt=0.0,
        le=255.0,
        json_schema_extra={"unit": "grey levels"},
    )
