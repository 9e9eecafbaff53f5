"""Settings of the curriculum stage."""

from typing import Self

from pydantic import Field, model_validator

from stpose.settings.base import StageSettings


class CurriculumSettings(StageSettings):
    """Which frames are trained on, and in how many steps of growing difficulty (paper 4.1)."""

    share: float = Field(
        0.57,
        description="Share of all frames with a flow ratio that is used, the clearest motion "
        "first (80,000 of 140,000 in the paper).",
        gt=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    blocks: int = Field(
        7,
        description="Number of blocks; training takes in one more at each curriculum update.",
        ge=1,
        le=100,
        json_schema_extra={"unit": "blocks"},
    )
    first: float = Field(
        0.05,
        description="Share of the used frames that the first block holds.",
        gt=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    largest: float = Field(
        0.25,
        description="Share of the used frames that no block surpasses.",
        gt=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )

    @model_validator(mode="after")
    def _blocks_can_add_up(self) -> Self:
        most = self.first + (self.blocks - 1) * self.largest
        if self.blocks > 1 and not self.blocks * self.first <= 1 <= most:
            message = (
                "blocks that grow from `first` to at most `largest` and hold all frames together: "
                f"blocks x first = {self.blocks * self.first:.3g} at most 1, "
                f"first + (blocks - 1) x largest = {most:.3g} at least 1"
            )
            raise ValueError(message)
        return self
