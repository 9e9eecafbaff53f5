"""Settings of the embeddings stage."""

from typing import Literal

from pydantic import Field

from stpose.settings.base import StageSettings


class EmbeddingsSettings(StageSettings):
    """How pool5 of all crops is computed; how they are cut follows from the training."""

    batch: int = Field(
        128, description="Crops that go through the network at once.", ge=1, le=65_536
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="Where to compute; auto takes a GPU if there is one."
    )
