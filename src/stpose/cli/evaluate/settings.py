"""Settings from the options of a command."""

from typing import Any

from pydantic import ValidationError

from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings


def benchmark_settings(**values: Any) -> BenchmarkSettings:
    """Return checked settings.

    Raises:
        InputError: A value is out of range; the message names option, value and expectation.
    """
    try:
        return BenchmarkSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = f"{key}: {first['input']!r}, {first['msg']}"
        raise InputError(message) from error
