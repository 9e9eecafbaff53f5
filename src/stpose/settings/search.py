"""Settings of the search stage."""

from pydantic import Field

from stpose.settings.base import StageSettings


class SearchSettings(StageSettings):
    """How far vectors are shrunk for the search by pose in the report."""

    loss: float = Field(
        0.02,
        description="Part of the ten nearest crops that may be missed against an exact search; "
        "the fewest dimensions that keep to it are taken.",
        ge=0.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    dimensions: int = Field(
        3072, description="Most dimensions that are kept, whatever is lost.", ge=1, le=4096
    )
    queries: int = Field(
        300,
        description="Crops, spread evenly over all, by which the loss is measured.",
        ge=1,
        le=100_000,
    )
