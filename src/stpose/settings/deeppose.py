"""Settings of DeepPose, trained on joints (paper 4.4)."""

from typing import Literal

from pydantic import Field
from pydantic.config import JsonDict

from stpose.settings.base import StageSettings

_SHARE: JsonDict = {"unit": "1"}


class DeepPoseSettings(StageSettings):
    """How joints are learned on top of AlexNet's convolutions.

    The paper trains the method of Toshev and Szegedy (CVPR 2014) "using the same setup" from every
    initialisation and gives none of these values. Batch, learning rate, solver and length are
    those of the paper's own training; the fully connected layers are DeepPose's.
    """

    hidden_units: int = Field(
        4096,
        description="Units of each of the two fully connected layers, as in DeepPose.",
        ge=1,
        le=65_536,
    )
    dropout: float = Field(
        0.5,
        description="Share of these units silenced in training, as in AlexNet.",
        ge=0.0,
        le=0.9,
        json_schema_extra=_SHARE,
    )
    iterations: int = Field(
        40_000,
        description="Length of the training; the learning rate falls to 0 along a cosine.",
        ge=1,
        le=10_000_000,
        json_schema_extra={"unit": "iterations"},
    )
    batch_size: int = Field(
        48,
        description="People in a batch, drawn with replacement.",
        ge=1,
        le=65_536,
        json_schema_extra={"unit": "people"},
    )
    learning_rate: float = Field(
        1e-4, description="Learning rate of Adam at the start, for all layers.", gt=0.0, le=1.0
    )
    mirror: float = Field(
        0.5,
        description="Share of pictures flipped left to right, with left and right joints swapped.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )
    shift: float = Field(
        0.1,
        description="Largest displacement of a person's square, in its sides.",
        ge=0.0,
        le=0.5,
        json_schema_extra=_SHARE,
    )
    scale: float = Field(
        0.2,
        description="Largest change of its size: from 1 / (1 + scale) to 1 + scale.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )
    test_share: float = Field(
        0.12,
        description="Share of the images that is held out for testing where no test list is "
        "given; about that of the lists in common use.",
        gt=0.0,
        lt=1.0,
        json_schema_extra=_SHARE,
    )
    bootstrap_samples: int = Field(
        2000, ge=100, le=100_000, description="Resamplings behind the 95% intervals."
    )
    seed: int = Field(
        0, description="Seed of weights, batches and resamplings.", ge=0, le=2**31 - 1
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="Where to train; auto is the GPU if there is one."
    )
