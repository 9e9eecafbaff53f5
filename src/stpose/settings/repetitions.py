"""Settings of the repetitions stage."""

from typing import Self

from pydantic import Field, model_validator

from stpose.settings.base import StageSettings


class RepetitionsSettings(StageSettings):
    """How repeated poses are found, counted and paired (paper 3.3)."""

    shortest_period: float = Field(
        6.0,
        description="Shortest cycle that is looked for.",
        ge=4.0,
        le=10_000.0,
        json_schema_extra={"unit": "source frames"},
    )
    longest_period: float = Field(
        160.0,
        description="Longest cycle that is looked for; half the track's length at most.",
        ge=4.0,
        le=10_000.0,
        json_schema_extra={"unit": "source frames"},
    )
    minimum_cycles: int = Field(
        3,
        description="A part of a track repeats if it holds at least so many cycles.",
        ge=2,
        le=1000,
        json_schema_extra={"unit": "cycles"},
    )
    evidence: float = Field(
        0.25,
        description="A part of a track repeats if its correlation from cycle to cycle, times the "
        "square root of its cycles, less for an unsteady tempo, is at least this; lower values "
        "find weaker repetitions and more that are none.",
        ge=0.0,
        le=100.0,
        json_schema_extra={"unit": "1"},
    )
    filter_size: int = Field(
        5,
        description="Side of the circulant filter that the self-similarity matrix is convolved "
        "with; odd (5 in the paper).",
        ge=1,
        le=101,
        json_schema_extra={"unit": "frames"},
    )
    threshold: float = Field(
        0.4,
        description="Least filtered similarity of a repetition, on a scale from 0, as alike as "
        "any two frames of the track, to 1, as alike as neighbours in time.",
        ge=-1.0,
        le=1.0,
        json_schema_extra={"unit": "1"},
    )
    queries_per_cycle: int = Field(
        8,
        description="Poses of a cycle whose repetitions are gathered in groups.",
        ge=1,
        le=1000,
        json_schema_extra={"unit": "frames"},
    )
    largest_group: int = Field(
        16,
        description="Repetitions of a query frame that are kept, the most alike first.",
        ge=1,
        le=10_000,
        json_schema_extra={"unit": "frames"},
    )

    @model_validator(mode="after")
    def _ranges_are_not_empty(self) -> Self:
        if self.longest_period < self.shortest_period:
            message = (
                f"`longest_period` {self.longest_period:g} to be at least `shortest_period` "
                f"{self.shortest_period:g}"
            )
            raise ValueError(message)
        if self.filter_size % 2 == 0:
            message = f"`filter_size` to be odd, not {self.filter_size}"
            raise ValueError(message)
        return self
