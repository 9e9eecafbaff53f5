"""What is found out about a folder of data."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from stpose.datasets.dataset import Dataset

_SHOWN = 3


@dataclass(frozen=True)
class Finding:
    """A dataset that was found in a folder.

    Attributes:
        title: What it is.
        folder: Where.
        counts: How many there are, by what is counted.
        problems: What is wrong with it; empty if nothing is.
        notes: What is no mistake, but good to know.
    """

    title: str
    folder: Path
    counts: Mapping[str, int]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How a dataset is told from others, and how it is looked at.

    Attributes:
        name: Its name in messages.
        looks_like: What its folder holds, in words.
        is_in: Tells whether a folder has this layout, at a glance.
        check: Looks at all that is in the folder.
    """

    name: str
    looks_like: str
    is_in: Callable[[Path], bool]
    check: Callable[[Path], Finding]


def differences(counts: Mapping[str, int], dataset: Dataset) -> list[str]:
    """Return a sentence for each count that is not the published one."""
    return [
        f"{counts[name]} {name}, published are {number}"
        for name, number in dataset.counts.items()
        if name in counts and counts[name] != number
    ]


def some(what: str, things: Collection[str]) -> list[str]:
    """Return a line with the number of things and the names of the first few; none without any.

    Args:
        what: What they are, for example "missing images".
        things: Their names.
    """
    if not things:
        return []
    names = sorted(things)[:_SHOWN]
    more = ", ..." if len(things) > _SHOWN else ""
    return [f"{what}: {len(things)} ({', '.join(names)}{more})"]
