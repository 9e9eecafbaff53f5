"""What becomes of a batch that does not fit in the memory of a GPU."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

from stpose.errors import InputError

Value = TypeVar("Value")

_log = logging.getLogger(__name__)


def in_parts_that_fit(
    compute: Callable[[slice], Value], count: int, advice: str
) -> list[tuple[slice, Value]]:
    """Compute a batch at once, or in halves, quarters and so on where memory does not suffice.

    Args:
        compute: Gives the values of some rows of the batch, each of which does not depend on the
            others.
        count: Number of rows.
        advice: What to change if a single row is too much.

    Returns:
        The parts, in order, and what came of each.

    Raises:
        InputError: A single row does not fit.
    """
    waiting, done = [slice(0, count)], []
    while waiting:
        part = waiting.pop()
        rows = part.stop - part.start
        with out_of_memory_told(advice):
            try:
                done.append((part, compute(part)))
                continue
            except torch.cuda.OutOfMemoryError:
                if rows <= 1:
                    raise
        # Out here nothing holds on to what the failed attempt had allocated.
        torch.cuda.empty_cache()
        middle = part.start + rows // 2
        _log.warning("the GPU is out of memory: a batch of %d is computed in halves", rows)
        waiting += [slice(middle, part.stop), slice(part.start, middle)]
    return done


@contextmanager
def out_of_memory_told(advice: str) -> Iterator[None]:
    """Say which setting to change when a GPU is out of memory.

    Raises:
        InputError: It is, within.
    """
    try:
        yield
    except torch.cuda.OutOfMemoryError as error:
        said = str(error).splitlines()[0] if str(error) else ""
        message = f"the GPU is out of memory: {advice} ({said})"
        raise InputError(message) from error
