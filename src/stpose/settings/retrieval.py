"""Settings of the retrieval stage."""

from pydantic import Field

from stpose.settings.base import StageSettings


class RetrievalSettings(StageSettings):
    """Which examples of nearest neighbours are shown beside those of random weights."""

    queries: int = Field(12, description="Crops whose neighbours are shown.", ge=1, le=1000)
    neighbours: int = Field(6, description="Neighbours of each, no two of one video.", ge=1, le=100)
    gallery: int = Field(
        2000,
        description="Crops, spread evenly over all, among which neighbours are looked for: all "
        "of them pass through the network of random weights.",
        ge=2,
        le=1_000_000,
    )
    seed: int = Field(0, description="Seed of the random weights.", ge=0)
