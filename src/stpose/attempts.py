"""What a job asks of a cluster, and asks for when it is tried again."""

from collections.abc import Callable
from typing import Any


def doubling(amount: int | Callable[[Any], int]) -> Callable[[Any, int], int]:
    """Return a resource of a rule that doubles with every attempt.

    A cluster kills a job that needs more memory or time than it asked for. What a video needs
    is hard to tell beforehand; so a rule asks for what nearly all need, and a job that failed
    asks for twice as much when it is tried again (`retries` in a profile).

    Args:
        amount: What the first attempt asks for, in the resource's unit: a number, or what gives it
            for the wildcards of a job.
    """
    if isinstance(amount, int) and amount < 1:
        message = f"a resource that doubles: found {amount}, expected 1 or more"
        raise ValueError(message)

    # Snakemake hands over by name: these names are its own.
    def resource(wildcards: Any, attempt: int) -> int:
        first = amount if isinstance(amount, int) else amount(wildcards)
        return first << (attempt - 1)

    return resource
