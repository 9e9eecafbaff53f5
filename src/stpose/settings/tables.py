"""What the tables stage depends on, put together from the settings of a run."""

from pydantic import Field

from stpose.settings.base import StageSettings
from stpose.settings.benchmarks import BenchmarkName
from stpose.settings.experiment import ExperimentSettings


class TablesSettings(StageSettings):
    """Which trainings and benchmarks there are, and how intervals are drawn."""

    experiments: dict[str, ExperimentSettings] = Field(description="Trainings by name.")
    benchmarks: tuple[BenchmarkName, ...] = Field(description="Benchmarks of each training.")
    bootstrap_samples: int = Field(2000, description="Resamplings behind the 95% intervals.")
    seed: int = Field(0, description="Seed of the resamplings.")
