"""Settings of the pictures stage."""

from pydantic import Field

from stpose.settings.base import StageSettings


class PicturesSettings(StageSettings):
    """How many small pictures of a video the report carries, and how large they are."""

    frames: int = Field(
        120,
        description="Frames of a video on its page; of longer ones they are spread evenly.",
        ge=1,
        le=10_000,
    )
    frame_px: int = Field(
        288,
        description="Longer side of a frame on the page of its video.",
        ge=32,
        le=1920,
        json_schema_extra={"unit": "px"},
    )
    flow_px: int = Field(
        144,
        description="Longer side at which flow is computed and drawn for the page.",
        ge=32,
        le=1920,
        json_schema_extra={"unit": "px"},
    )
    crop_px: int = Field(
        64,
        description="Side of the small picture of every crop.",
        ge=16,
        le=512,
        json_schema_extra={"unit": "px"},
    )
    quality: int = Field(
        70,
        description="JPEG quality of all of them.",
        ge=1,
        le=100,
        json_schema_extra={"unit": "1"},
    )
