"""Settings from the options of a command."""

from typing import Any, TypeVar

from pydantic import ValidationError

from stpose.errors import InputError
from stpose.settings.base import StageSettings
from stpose.settings.benchmarks import BenchmarkSettings

Settings = TypeVar("Settings", bound=StageSettings)


def checked_settings(model: type[Settings], values: dict[str, Any]) -> Settings:
    """Return checked settings of any kind.

    Raises:
        InputError: A value is out of range; the message names option, value and expectation.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = f"{key}: {first['input']!r}, {first['msg']}"
        raise InputError(message) from error


def benchmark_settings(**values: Any) -> BenchmarkSettings:
    """Return checked settings of the benchmarks.

    Raises:
        InputError: A value is out of range; the message names option, value and expectation.
    """
    return checked_settings(BenchmarkSettings, values)
