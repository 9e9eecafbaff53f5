"""Settings of the recipes beyond the paper's two tasks; a weight of 0 leaves a recipe out."""

from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from stpose.settings.base import StageSettings

_SHARE: JsonDict = {"unit": "1"}


class RecipeSettings(StageSettings):
    """What all recipes have."""

    weight: float = Field(
        0.0,
        description="Weight in the joint loss; 0 leaves the recipe out.",
        ge=0.0,
        le=100.0,
        json_schema_extra=_SHARE,
    )


class MotionSettings(RecipeSettings):
    """From one still picture, the map of where its person moves."""

    side: int = Field(
        12,
        description="Side of the map that is predicted.",
        ge=2,
        le=64,
        json_schema_extra={"unit": "px"},
    )
    head: Literal["whole", "local"] = Field(
        "whole",
        description="whole: one linear layer from all of pool5 to the map. local: each place of "
        "pool5 says what moves there and nowhere else; `side` is then a multiple of pool5's.",
    )
    full_share: float = Field(
        0.9,
        description="Motion is measured against what is not surpassed in this share of the map.",
        gt=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )


class OffsetSettings(RecipeSettings):
    """Spatial placement as a regression: how far and how large the person is in a shifted box."""

    shift: float = Field(
        0.25,
        description="Largest displacement of the box, in sizes of the person's box.",
        ge=0.0,
        le=0.5,
        json_schema_extra=_SHARE,
    )
    scale: float = Field(
        0.3,
        description="Largest change of its size: from 1 / (1 + scale) to 1 + scale.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )


class ComparingSettings(RecipeSettings):
    """What recipes have that compare pictures by vectors."""

    dimensions: int = Field(
        128, description="Length of the vectors that are compared.", ge=2, le=4096
    )
    temperature: float = Field(
        0.1,
        description="Similarities are divided by it: low values look at the hardest negative.",
        gt=0.0,
        le=10.0,
        json_schema_extra=_SHARE,
    )


class ContrastSettings(ComparingSettings):
    """Of several pictures of a track, the one near in time or alike by repetition is nearest."""

    negatives: int = Field(7, description="Negatives to a positive, at most.", ge=1, le=63)


class ViewsSettings(ComparingSettings):
    """Which two of many pictures are cuts of the same person at the same moment?"""

    shift: float = Field(
        0.12,
        description="Largest displacement of either cut, in sizes of the person's box.",
        ge=0.0,
        le=0.5,
        json_schema_extra=_SHARE,
    )
    scale: float = Field(
        0.5,
        description="Largest change of its size: from 1 / (1 + scale) to 1 + scale.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )
    hidden: int = Field(512, description="Width of the head's first layer.", ge=2, le=8192)


class GradientsSettings(RecipeSettings):
    """Crops whose histograms of gradients are alike have vectors that are alike."""

    cells: int = Field(12, description="Cells to a side of the person's picture.", ge=2, le=64)
    temperature: float = Field(
        0.1,
        description="Similarities are divided by it: low values look at the nearest ones alone.",
        gt=0.0,
        le=10.0,
        json_schema_extra=_SHARE,
    )
