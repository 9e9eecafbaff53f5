"""Settings of the crops stage."""

import math

from pydantic import Field

from stpose.settings.base import StageSettings


class CropsSettings(StageSettings):
    """How people are cut out of the frames."""

    person_px: int = Field(
        227,
        description="Length that the longer side of a person's box has in the crop; "
        "the default is the input size of the network.",
        ge=16,
        le=2048,
        json_schema_extra={"unit": "px"},
    )
    context: float = Field(
        1.8,
        description="Side of the crop as a multiple of the longer side of the person's box; "
        "boxes at all overlaps that the placement task draws must fit in.",
        ge=1.0,
        le=4.0,
        json_schema_extra={"unit": "1"},
    )
    smallest_side: float = Field(
        16.0,
        description="People whose box has a longer side below this, in source pixels, "
        "are left out.",
        ge=1.0,
        le=4096.0,
        json_schema_extra={"unit": "px"},
    )
    quality: int = Field(
        95,
        description="JPEG quality of the stored crops.",
        ge=1,
        le=100,
        json_schema_extra={"unit": "1"},
    )

    @property
    def size_px(self) -> int:
        """Side of the stored crops (px)."""
        # The product is rounded first: 100 * 1.1 is a little more than 110 in floating point.
        return math.ceil(round(self.person_px * self.context, 6))
