"""Settings of the benchmarks."""

import re
from typing import Literal, get_args

from pydantic import Field, field_validator

from stpose.settings.base import StageSettings
from stpose.settings.deeppose import DeepPoseSettings

FIRST_HALF = "first-half"
SECOND_HALF = "second-half"

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def parse_image_numbers(text: str, images: int) -> tuple[int, ...]:
    """Return the image numbers that a setting stands for, in its order.

    Args:
        text: Numbers from 1 and ranges, such as "1-500,700"; or "first-half", "second-half".
        images: How many images the set holds.

    Raises:
        ValueError: The text is no such list, names a number twice or one that does not exist.
    """
    if text == FIRST_HALF:
        return tuple(range(1, images // 2 + 1))
    if text == SECOND_HALF:
        return tuple(range(images // 2 + 1, images + 1))
    numbers: list[int] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part.strip())
        first = int(found[1]) if found else 0
        last = int(found[2] or first) if found else 0
        if first < 1 or last < first:
            message = f"{text!r}, expected numbers from 1 and ranges, such as 1-500,700"
            raise ValueError(message)
        if last > images:
            message = f"{text!r}, expected numbers up to {images}"
            raise ValueError(message)
        numbers += range(first, last + 1)
    if len(set(numbers)) < len(numbers):
        message = f"{text!r}, expected every number once"
        raise ValueError(message)
    return tuple(numbers)


class OlympicSportsSettings(StageSettings):
    """The posture benchmark in the file format of Olympic Sports."""

    folder: str = Field(
        "demo",
        description="Folder with the published label, frame list, box and frame folders; "
        '"demo" is the one that the demo renders.',
    )
    crop: Literal["warp", "square"] = Field(
        "warp",
        description="How a box becomes a square picture: squeezed, or with its surroundings.",
    )
    distance: Literal["euclidean", "correlation"] = Field(
        "euclidean", description="Distance between the vectors of two pictures."
    )


class LspSettings(StageSettings):
    """Pose by nearest neighbour on Leeds Sports Pose."""

    folder: str = Field(
        "demo",
        description="Folder with images/ and joints.mat in the layout of Leeds Sports Pose; "
        '"demo" is the one that the demo renders.',
    )
    extended: str | None = Field(
        None,
        description="Folder of LSP-extended, whose fully visible images join the gallery.",
    )
    gallery: str = Field(
        FIRST_HALF,
        description='Numbers of the images searched, such as "1-500,700", or "first-half".',
    )
    queries: str = Field(
        SECOND_HALF,
        description='Numbers of the images whose pose is asked for, or "second-half".',
    )

    @field_validator("gallery", "queries")
    @classmethod
    def _is_a_list_of_numbers(cls, text: str) -> str:
        parse_image_numbers(text, images=10**9 if text not in (FIRST_HALF, SECOND_HALF) else 2)
        return text


class DeepPoseBenchmarkSettings(StageSettings):
    """DeepPose on MPII, trained with annotated joints from the weights of each experiment."""

    folder: str = Field(description="Folder with images/ and annotations of MPII in any form.")
    train: str | None = Field(
        None,
        description="Annotations to train on, a path or one below the folder; null takes the "
        "release, or the only such file.",
    )
    test: str | None = Field(
        None, description="Annotations to test on; null holds out images of `train`."
    )
    head_boxes: str | None = Field(
        None, description="Head boxes for the rows of `test` (or of `train`), if it has none."
    )
    only_with_pictures: bool = Field(
        False, description="Leave out people whose picture is missing: for a sample of the set."
    )
    input_px: int | None = Field(
        None,
        ge=32,
        le=1024,
        description="Side of the pictures; null takes the network's own.",
        json_schema_extra={"unit": "px"},
    )
    training: DeepPoseSettings = Field(DeepPoseSettings(), description="How joints are learned.")


BenchmarkName = Literal["olympic_sports", "lsp", "deeppose"]
BENCHMARKS: tuple[BenchmarkName, ...] = get_args(BenchmarkName)


class BenchmarkSettings(StageSettings):
    """What is measured of an embedding, and how."""

    olympic_sports: OlympicSportsSettings | None = Field(
        OlympicSportsSettings(), description="The posture benchmark; null leaves it out."
    )
    lsp: LspSettings | None = Field(
        LspSettings(), description="Leeds Sports Pose; null leaves it out."
    )
    deeppose: DeepPoseBenchmarkSettings | None = Field(
        None, description="DeepPose on MPII; null leaves it out."
    )
    normalise: Literal["l2", "none"] = Field(
        "l2",
        description="Scaling of a network's vectors in the headline rows: to length 1, or none; "
        "the other one stands in rows of its own.",
    )
    random_seeds: int = Field(
        2, ge=1, le=20, description="Networks with random weights that their row is the mean of."
    )
    bootstrap_samples: int = Field(
        2000, ge=100, le=100000, description="Resamplings behind the 95% intervals."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of weights and resamplings.")
    batch: int = Field(
        64,
        ge=1,
        le=4096,
        description="Pictures that go through a network at once.",
        json_schema_extra={"unit": "pictures"},
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="Where the networks run; auto is the GPU if there is one."
    )

    def only(self, benchmark: BenchmarkName) -> "BenchmarkSettings":
        """Return these settings with the other benchmarks left out: what one of them depends on."""
        others = set(BENCHMARKS) - {benchmark}
        return self.model_copy(update=dict.fromkeys(others))
