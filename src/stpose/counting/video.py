"""Counting the cycles of a video's main person, from the file to a number."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.status import Status
from stpose.artefacts.stores import StoreReader, open_store
from stpose.counting.cutting import cut_people
from stpose.counting.main_person import main_person, main_rows
from stpose.counting.steady import people_of
from stpose.crops import cut_square
from stpose.errors import ArtefactError
from stpose.geometry import square_around
from stpose.repetitions.counting import find_repetition
from stpose.repetitions.similarity import Matrix
from stpose.repetitions.stage import even_track
from stpose.settings.counting import CountingSettings

Floats = NDArray[np.float64]

# Pictures that are in memory at once.
_CHUNK = 64

_SAME_PERIOD = 0.2  # octaves by which two looks at one person may differ in the period


class Embedder(Protocol):
    """Turns RGB pictures (N, input_px, input_px, 3) into vectors (N, D)."""

    @property
    def input_px(self) -> int:
        """Side of the pictures it takes (px)."""

    def __call__(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vectors (N, D)."""


@dataclass(frozen=True)
class Count:
    """What the main person of a video repeats.

    Attributes:
        count: Cycles; 0 if nothing repeats, or nobody is there.
        period: Median length of a cycle, in source frames; 0 if nothing repeats.
        strength: How clear the repetition is, 0 to 1.
        status: How the video fared.
        frames: (n,) source frame numbers at which the person was looked at, rising.
        local_period: (n,) length of the cycle there, in source frames; NaN where nothing repeats.
        step: Source frames from one of them to the next.
        view: What was looked at: "crops", where the box follows the person, or "steady".
        crops: (n,) rows of the person's pictures in the store of that name.
        vectors: (n, D) what the embedder made of them, of length 1.
    """

    count: int
    period: float
    strength: float
    status: Status
    frames: NDArray[np.int64]
    local_period: Floats
    step: float
    view: str
    crops: NDArray[np.int64]
    vectors: Matrix


def count_video(
    path: Path, embedder: Embedder, settings: CountingSettings, work: Path | None = None
) -> Count:
    """Count the cycles of the main person in a video (paper 3.3).

    The video goes through the stages frames, people and crops; the crops of the main person
    (`stpose.counting.main_person`) become vectors, in which the repetitions stage looks for what
    repeats. So do crops through a steady window (`stpose.counting.steady`); which of both counts
    says `clearer`. Two steps, left and right, are one cycle.

    Args:
        path: The video.
        embedder: What turns pictures of the person into vectors.
        settings: Settings of the stages.
        work: Folder in which people and crops are kept, so that another embedder on the same
            video does not find them again; without, nothing is kept.

    Raises:
        InputError: There is no such file, or a file that the detector needs is missing.
        ArtefactError: What `work` holds is damaged.
    """
    if work is None:
        with TemporaryDirectory(prefix="stpose-") as folder:
            return count_crops(cut_people(path, settings, Path(folder)), embedder, settings)
    return count_crops(cut_people(path, settings, work), embedder, settings)


def count_crops(folder: Path, embedder: Embedder, settings: CountingSettings) -> Count:
    """Count the cycles of the main person in crops that were cut before.

    Args:
        folder: What `cut_people` returned.
        embedder: What turns pictures of the person into vectors.
        settings: Settings of the stages.

    Raises:
        ArtefactError: An artefact in the folder is missing or damaged.
    """
    followed = _count(folder, "crops", "people.parquet", embedder, settings)
    if not followed.status.is_ok:
        return followed
    return clearer(followed, _count(folder, "steady", "window.parquet", embedder, settings))


def clearer(followed: Count, steady: Count) -> Count:
    """Return which of two looks at one person counts.

    Where both find the same period, it is the one that finds more cycles: each loses parts that
    the other sees. Where they disagree, or only one finds anything, it is the stronger one.
    """
    if not (followed.count and steady.count):
        return steady if steady.count else followed
    if abs(np.log2(followed.period / steady.period)) < _SAME_PERIOD:
        return steady if steady.count > followed.count else followed
    return steady if steady.strength > followed.strength else followed


def _count(
    folder: Path, view: str, people: str, embedder: Embedder, settings: CountingSettings
) -> Count:
    with open_store(folder / f"{view}.h5", CROPS) as store:
        if not store.status.is_ok:
            return _nothing(store.status, view)
        person = main_person(people_of(folder / people))
        rows = main_rows(store["frame"], store["track"], person)
        if not len(rows):
            return _nothing(Status("no_person", "the main person is too small to be cut out"), view)
        vectors = _vectors(store, rows, embedder, settings)
        frames = store["frame"][rows]
        even = even_track(frames, vectors)
    found = find_repetition(even.vectors, settings.repetitions, even.step)
    return Count(
        found.count,
        found.period * even.step,
        found.strength,
        Status.ok(),
        even.frames,
        found.local_period * even.step,
        even.step,
        view,
        rows[np.searchsorted(frames, even.frames)],
        even.vectors,
    )


def _nothing(status: Status, view: str) -> Count:
    none = np.empty(0, np.int64)
    vectors = np.empty((0, 0), np.float32)
    return Count(0, 0.0, 0.0, status, none, np.empty(0), 1.0, view, none, vectors)


def _vectors(
    store: StoreReader, rows: NDArray[np.int64], embedder: Embedder, settings: CountingSettings
) -> NDArray[np.float32]:
    boxes = store["box"][rows].astype(np.float64)
    regions = square_around(boxes) if settings.crop == "square" else boxes
    parts = []
    for start in range(0, len(rows), _CHUNK):
        chunk = range(start, min(start + _CHUNK, len(rows)))
        pictures = [
            cut_square(_picture(store, int(rows[place])), regions[place], embedder.input_px)
            for place in chunk
        ]
        parts.append(embedder(np.stack([picture[..., ::-1] for picture in pictures])))
    return np.concatenate(parts)


def _picture(store: StoreReader, row: int) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(store.encoded("image", row), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        message = f"{store.path}: crop {row} cannot be decoded"
        raise ArtefactError(message)
    return np.asarray(picture, dtype=np.uint8)
