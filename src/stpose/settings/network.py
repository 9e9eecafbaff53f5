"""Settings of the network."""

from typing import Literal, Self

from pydantic import Field, model_validator

from stpose.settings.base import StageSettings


class NetworkSettings(StageSettings):
    """The shape of AlexNet's convolutions, which turn a picture into pool5."""

    layout: Literal["torchvision", "caffe"] = Field(
        "torchvision",
        description="Whose AlexNet: torchvision's, or Caffe's with two groups and local response "
        "normalisation; weights of the one do not fit the other.",
    )
    input_px: int = Field(
        227,
        description="Side of the square picture that the network sees.",
        ge=32,
        le=1024,
        json_schema_extra={"unit": "px"},
    )
    width: float = Field(
        1.0,
        description="Multiple of AlexNet's number of channels.",
        ge=0.05,
        le=4.0,
        json_schema_extra={"unit": "1"},
    )
    first_stride: int = Field(
        4,
        description="Stride of the first convolution; small pictures need a smaller one.",
        ge=1,
        le=4,
        json_schema_extra={"unit": "px"},
    )
    convolution_batch_norm: bool = Field(
        False,
        description="Batch normalisation behind every convolution, in place of local response "
        "normalisation.",
    )
    negative_slope: float = Field(
        0.1,
        description="Slope for negative values behind the last convolution; 0 is AlexNet's "
        "rectified unit.",
        ge=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    window: float = Field(
        0.0,
        description="Standard deviation of a bell across the picture by which pool5's columns are "
        "weighted, so that what is left and right of a person counts less; 0: all count alike.",
        ge=0.0,
        le=10.0,
        json_schema_extra={"unit": "widths of the picture"},
    )

    @property
    def pool5_side(self) -> int:
        """Side of the pool5 map."""
        padding, ceil = (2, False) if self.layout == "torchvision" else (0, True)
        side = (self.input_px + 2 * padding - 11) // self.first_stride + 1
        for _ in range(3):
            # The pools are 3 wide with stride 2; Caffe rounds up, torchvision down.
            side = (side - 3 + (1 if ceil else 0)) // 2 + 1
        return side

    def with_pictures_of(self, other: "NetworkSettings") -> "NetworkSettings":
        """Return these settings with `input_px` and `window` of others: weights fit all alike."""
        return self.model_copy(update={"input_px": other.input_px, "window": other.window})

    @model_validator(mode="after")
    def _something_is_left(self) -> Self:
        if self.pool5_side < 1:
            message = (
                f"input_px {self.input_px} is too small for first_stride {self.first_stride}: "
                "nothing is left at pool5"
            )
            raise ValueError(message)
        return self
