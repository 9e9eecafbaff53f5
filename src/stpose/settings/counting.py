"""Settings of counting what one person repeats in a video."""

from typing import Literal

from pydantic import Field

from stpose.settings.base import StageSettings
from stpose.settings.crops import CropsSettings
from stpose.settings.frames import FramesSettings
from stpose.settings.people import PeopleSettings
from stpose.settings.repetitions import RepetitionsSettings


class CountingSettings(StageSettings):
    """How the repetitions in a video are counted: the settings of the stages it goes through."""

    frames: FramesSettings = Field(FramesSettings(), description="Decoding of the video.")
    people: PeopleSettings = Field(PeopleSettings(), description="Finding and following people.")
    # Nothing is drawn from a person's surroundings here, so none are kept.
    crops: CropsSettings = Field(CropsSettings(context=1.0), description="Cutting people out.")
    crop: Literal["warp", "square"] = Field(
        "warp",
        description="How a box becomes a square picture: squeezed, or with its surroundings.",
    )
    repetitions: RepetitionsSettings = Field(
        RepetitionsSettings(), description="Finding and counting cycles."
    )
