"""Who is trained on, asked for and searched in retrieval (paper 4.3): drawn once, kept in a file.

The paper has 10,000 people to train on, 1,919 queries and 8,000 to search, all with all 16 joints,
and does not publish its lists. Where fewer such people are known, the three parts keep their
proportions. No image is in two parts. Frames of one video can be: most forms of the annotations do
not name the video.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.documents import read_document, write_document
from stpose.artefacts.provenance import derive, input_identity
from stpose.benchmarks.mpii.people import MpiiPeople
from stpose.errors import InputError

KIND, VERSION = "mpii-split", 1

# In the order in which they are filled; what is lost between two parts is lost by the last.
PARTS = {"queries": 1919, "gallery": 8000, "train": 10_000}

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Rows of people, by part.

    Attributes:
        train: Who may be trained on; nothing here does.
        queries: Who is asked for.
        gallery: Who is searched.
        origin: How it came about: "seed 0", or the file it was read from.
    """

    train: Rows
    queries: Rows
    gallery: Rows
    origin: str

    def counts(self) -> dict[str, int]:
        """Return the number of people of each part."""
        return {part: len(getattr(self, part)) for part in ("train", "queries", "gallery")}


def draw_split(people: MpiiPeople, seed: int) -> Split:
    """Draw the three parts from the people with all joints.

    The images, sorted by name, are shuffled, and their people taken in turn; where a part ends
    within an image, the rest of that image's people are left out. So the order of the file does
    not matter.

    Args:
        people: The people.
        seed: Equal seeds and people give equal parts.

    Raises:
        InputError: There are too few people for a query.
    """
    complete = people.complete()
    wanted = _counts(len(complete))
    if wanted["queries"] < 1:
        message = (
            f"{people.source}: {len(complete)} people with all joints, expected at least "
            f"{-(-sum(PARTS.values()) // PARTS['queries'])} to draw parts from"
        )
        raise InputError(message)
    keys = [(people.images[row], int(people.person[row])) for row in complete.tolist()]
    names = sorted({name for name, _ in keys})
    place = dict(zip(names, np.random.default_rng(seed).permutation(len(names)), strict=True))
    order = sorted(range(len(keys)), key=lambda item: (place[keys[item][0]], keys[item][1]))
    parts, used = {}, 0
    for part, count in wanted.items():
        chosen = order[used : used + count]
        parts[part] = np.sort(complete[chosen])
        used += len(chosen)
        while 0 < used < len(order) and keys[order[used]][0] == keys[order[used - 1]][0]:
            used += 1
    return Split(**parts, origin=f"seed {seed}")


def write_split(path: Path, people: MpiiPeople, split: Split, seed: int) -> None:
    """Write a split as a document that names people by image and number.

    Args:
        path: A .json file.
        people: The people it was drawn from.
        split: The split.
        seed: What it was drawn with.
    """
    complete = len(people.complete())
    content: dict[str, Any] = {
        "annotations": people.source.name,
        "seed": seed,
        "complete_people": complete,
        "counts": split.counts(),
        "notes": [
            f"Drawn from {complete} people with all 16 joints, in the proportions 10000 to train "
            "on, 1919 queries, 8000 to search; an image is in one part only.",
            "A person is named by image and by number in it, from 0.",
        ],
        "parts": {
            part: [
                [people.images[row], int(people.person[row])]
                for row in getattr(split, part).tolist()
            ]
            for part in split.counts()
        },
    }
    sources = [(people.source.name, input_identity(people.source))]
    provenance = derive("benchmarks", json.dumps({"mpii_split_seed": seed}), sources=sources)
    write_document(path, KIND, VERSION, content, provenance)


def read_split(path: Path, people: MpiiPeople) -> Split:
    """Read a split and find its people.

    Raises:
        ArtefactError: The file is missing, damaged or no split.
        InputError: It names a person who is not known or lacks joints, or an image in two parts.
    """
    content = read_document(path, KIND, VERSION)
    keys = zip(people.images, people.person.tolist(), strict=True)
    row_of = {key: row for row, key in enumerate(keys)}
    complete = set(people.complete().tolist())
    parts: dict[str, Rows] = {}
    owner: dict[str, str] = {}
    for part in PARTS:
        rows = []
        for image, number in _listed(content, part, path):
            row = row_of.get((image, number), -1)
            if row not in complete:
                what = "lacks joints in" if row >= 0 else "is not in"
                message = f"{path}: {part}: person {number} of {image} {what} {people.source}"
                raise InputError(message)
            if owner.setdefault(image, part) != part:
                message = f"{path}: {image} is in {owner[image]} and in {part}, expected one part"
                raise InputError(message)
            rows.append(row)
        parts[part] = np.array(sorted(rows), dtype=np.int64)
        if len(set(rows)) < len(rows):
            message = f"{path}: {part} names a person twice, expected everyone once"
            raise InputError(message)
    return Split(**parts, origin=str(path))


def _counts(complete: int) -> dict[str, int]:
    """Return how many people each part gets out of so many."""
    share = min(1.0, complete / sum(PARTS.values()))
    return {part: int(count * share) for part, count in PARTS.items()}


def _listed(content: dict[str, Any], part: str, path: Path) -> Sequence[tuple[str, int]]:
    try:
        return [(str(image), int(number)) for image, number in content["parts"][part]]
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path}: no list {part!r} of [image, number] in its parts"
        raise InputError(message) from error
