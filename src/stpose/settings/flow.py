"""Settings of the flow stage."""

from typing import Literal, Self

from pydantic import Field, model_validator

from stpose.settings.base import StageSettings

Backend = Literal["auto", "cpu", "variational", "dis"]
Preset = Literal["default", "joint", "separate", "fast", "opencv"]


class FlowSettings(StageSettings):
    """How optical flow is computed, and its ratio of foreground to background."""

    backend: Backend = Field(
        "auto",
        description="Solver: cpu is Brox et al. 2004, variational a pyramid around OpenCV's "
        "refinement, dis a quick preview; auto takes cpu.",
    )
    preset: Preset = Field(
        "default",
        description="Parameters of the solver; joint, separate and opencv are for cpu only.",
    )
    longest_side: int = Field(
        320,
        description="Frames are shrunk to this longest side before flow is computed, "
        "and never enlarged; magnitudes are given in source pixels all the same.",
        ge=16,
        le=4096,
        json_schema_extra={"unit": "px"},
    )
    epsilon: float = Field(
        0.1,
        description="Added to the mean magnitude inside and outside before they are divided, "
        "so that a still background gives a bounded ratio.",
        ge=0.001,
        le=100.0,
        json_schema_extra={"unit": "px/frame"},
    )

    @model_validator(mode="after")
    def _preset_exists(self) -> Self:
        if self.backend in ("variational", "dis") and self.preset not in ("default", "fast"):
            message = f"preset default or fast with backend {self.backend}, not {self.preset}"
            raise ValueError(message)
        return self
