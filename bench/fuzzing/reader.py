"""What a reader under test is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

from stpose.errors import ArtefactError, InputError

REFUSED = (InputError, ArtefactError)


def _nothing(folder: Path) -> None:
    del folder


@dataclass(frozen=True)
class Reader:
    """A function of the library that reads files of others, and the files to give it.

    Attributes:
        name: What it reads.
        file: Where below a folder a case is written.
        read: Reads it, given that folder; says no with InputError or ArtefactError, and with
            nothing else. What it takes must be right: `read` raises AssertionError if not.
        cases: Draws contents, given an empty folder to make whole files in.
        surroundings: Writes the other files that `read` needs.
        weight: Share of the cases, relative to other readers; slow readers get few.
    """

    name: str
    file: str
    read: Callable[[Path], Any]
    cases: Callable[[Path], SearchStrategy[bytes]]
    surroundings: Callable[[Path], None] = _nothing
    weight: float = 1.0
