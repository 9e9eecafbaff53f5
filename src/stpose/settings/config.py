"""All settings of a run together, and the messages for those that are wrong."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError, field_validator

from stpose.errors import InputError
from stpose.settings.base import StageSettings
from stpose.settings.bases import with_bases
from stpose.settings.benchmarks import BenchmarkSettings
from stpose.settings.crops import CropsSettings
from stpose.settings.curriculum import CurriculumSettings
from stpose.settings.datasets import DatasetName
from stpose.settings.demo import DemoSettings
from stpose.settings.embeddings import EmbeddingsSettings
from stpose.settings.experiment import ExperimentSettings
from stpose.settings.flow import FlowSettings
from stpose.settings.frames import FramesSettings
from stpose.settings.people import PeopleSettings
from stpose.settings.pictures import PicturesSettings
from stpose.settings.repetitions import RepetitionsSettings
from stpose.settings.retrieval import RetrievalSettings
from stpose.settings.search import SearchSettings

EXPERIMENT_NAME = r"^[A-Za-z0-9_-]+$"


class Config(StageSettings):
    """Everything a run can be told: where things are, and the settings of each stage."""

    videos: str = Field(
        "demo",
        description="Folder of videos, searched with all folders in it; "
        '"demo" is footage that the project renders itself.',
    )
    results: str = Field("results", description="Folder for everything that is made.")
    datasets: str = Field(
        "datasets",
        description="Folder for published datasets, one folder each; "
        "`snakemake download_lsp` and its like fill it, nothing else does.",
    )
    mirrors: dict[DatasetName, str] = Field(
        {},
        description="By dataset: an address to download it from instead of the official one, such "
        "as https://server/folder, which holds the files under their own names.",
    )
    sources: str = Field(
        "",
        description="JSON file that says which videos were cut from one recording, lists of "
        "videos by recording: an experiment's `held_out_share` takes whole recordings. Empty "
        "takes each video for itself.",
    )
    demo: DemoSettings = Field(DemoSettings(), description="The rendered footage.")
    frames: FramesSettings = Field(FramesSettings(), description="Decoding of videos.")
    people: PeopleSettings = Field(PeopleSettings(), description="Finding and following people.")
    crops: CropsSettings = Field(CropsSettings(), description="Cutting people out of frames.")
    flow: FlowSettings = Field(FlowSettings(), description="Optical flow and its ratio.")
    curriculum: CurriculumSettings = Field(
        CurriculumSettings(), description="Sorting of training frames from easy to hard."
    )
    experiments: dict[str, ExperimentSettings] = Field(
        {"st": ExperimentSettings()},
        description="Trainings by name, each a network of its own on the same crops; null leaves "
        "one out that another file names.",
        min_length=1,
    )
    embeddings: EmbeddingsSettings = Field(
        EmbeddingsSettings(), description="Vectors of all crops."
    )
    repetitions: RepetitionsSettings = Field(
        RepetitionsSettings(), description="Mining of repeated poses."
    )
    benchmarks: BenchmarkSettings = Field(
        BenchmarkSettings(), description="Measuring what was learned."
    )
    pictures: PicturesSettings = Field(
        PicturesSettings(), description="Small pictures of each video for the report."
    )
    search: SearchSettings = Field(SearchSettings(), description="Search by pose in the report.")
    retrieval: RetrievalSettings = Field(
        RetrievalSettings(), description="Examples of nearest neighbours in the report."
    )

    @field_validator("mirrors")
    @classmethod
    def _mirrors_are_addresses(cls, mirrors: dict[DatasetName, str]) -> dict[DatasetName, str]:
        for name, address in mirrors.items():
            if not address.startswith(("http://", "https://")):
                message = f"an address that begins with http:// or https:// for {name}"
                raise ValueError(message)
        return mirrors

    @field_validator("experiments", mode="before")
    @classmethod
    def _without_those_left_out(cls, experiments: Any) -> Any:
        if not isinstance(experiments, Mapping):
            return experiments
        return {name: one for name, one in experiments.items() if one is not None}

    @field_validator("experiments")
    @classmethod
    def _names_are_safe(
        cls, experiments: dict[str, ExperimentSettings]
    ) -> dict[str, ExperimentSettings]:
        safe = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
        for name in experiments:
            if not name or set(name) - safe:
                message = f"name {name!r} may hold letters, digits, _ and - only"
                raise ValueError(message)
        return experiments


def parse_config(raw: Mapping[str, Any]) -> Config:
    """Check a configuration and fill in defaults.

    Args:
        raw: Nested settings as read from YAML and the command line; numbers may be strings.

    Raises:
        InputError: Names every key that is unknown, missing or out of range, what was found
            there and what was expected.
    """
    try:
        values = _with_nulls(dict(raw))
    except RecursionError as error:
        message = "settings: nested too deeply, or within themselves"
        raise InputError(message) from error
    if isinstance(values.get("experiments"), Mapping):
        values["experiments"] = with_bases(values["experiments"])
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        lines = [_explain(problem) for problem in error.errors()]
        message = "settings:\n  " + "\n  ".join(lines)
        raise InputError(message) from error


def _with_nulls(value: Any) -> Any:
    """Return nested settings with the text "null", as the command line gives it, made None."""
    if isinstance(value, Mapping):
        return {key: _with_nulls(inner) for key, inner in value.items()}
    return None if value == "null" else value


def _explain(problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key{_suggestion(problem['loc'])}"
    expected = problem["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{key}: found {problem['input']!r}, expected {expected}"


def _suggestion(location: tuple[str | int, ...]) -> str:
    model: Any = Config
    for part in location[:-1]:
        if model is None:
            return ""
        if part in getattr(model, "model_fields", {}):
            annotation = model.model_fields[str(part)].annotation
            model = ExperimentSettings if part == "experiments" else annotation
    known = list(getattr(model, "model_fields", {}))
    near = difflib.get_close_matches(str(location[-1]), known, n=1)
    if near:
        return f", perhaps {near[0]!r} is meant"
    return f"; known keys here: {', '.join(known)}" if known else ""
