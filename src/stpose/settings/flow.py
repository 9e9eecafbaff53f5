"""Settings of the flow stage."""

from typing import Literal, Self

from pydantic import Field, model_validator

from stpose.settings.base import StageSettings

Backend = Literal["auto", "cpu", "torch", "variational", "dis"]
Preset = Literal["default", "joint", "separate", "fast", "opencv"]

# Those of the other backends; auto and cpu have all.
_PRESETS = {
    "torch": ("default", "joint", "separate", "fast"),
    "variational": ("default", "fast"),
    "dis": ("default", "fast"),
}


class FlowSettings(StageSettings):
    """How optical flow is computed, and its ratio of foreground to background."""

    backend: Backend = Field(
        "auto",
        description="Solver: cpu is Brox et al. 2004, torch the same for GPUs, variational a "
        "pyramid around OpenCV's refinement, dis a quick preview; auto takes torch if there is "
        "a GPU, else cpu.",
    )
    preset: Preset = Field(
        "default",
        description="Parameters of the solver; joint and separate are for cpu and torch only, "
        "opencv for cpu only.",
    )
    batch: int = Field(
        256,
        description="Frames read before their flow is computed together by torch; the other "
        "backends take one at a time.",
        ge=1,
        le=4096,
        json_schema_extra={"unit": "frames"},
    )
    longest_side: int = Field(
        320,
        description="Frames are shrunk to this longest side before flow is computed, "
        "and never enlarged; magnitudes are given in source pixels all the same.",
        ge=16,
        le=4096,
        json_schema_extra={"unit": "px"},
    )
    map_side: int = Field(
        96,
        description="Longer side of the motion maps that are kept; never larger than the flow.",
        ge=8,
        le=1024,
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
        presets = _PRESETS.get(self.backend)
        if presets is not None and self.preset not in presets:
            known = f"{', '.join(presets[:-1])} or {presets[-1]}"
            message = f"preset {known} with backend {self.backend}, not {self.preset}"
            raise ValueError(message)
        return self
