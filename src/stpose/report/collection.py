"""All crops of a run with their codes, in the order of the embeddings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import EMBEDDINGS, SEARCH
from stpose.artefacts.stores import open_store
from stpose.errors import ArtefactError


@dataclass(frozen=True)
class Collection:
    """The N crops of a run, sorted by video, track and frame.

    Attributes:
        rows: First and last row (exclusive) of each video's crops, by its id; of those with any.
        track: (N,) number of the track in its video.
        frame: (N,) source frame number.
        code: (N, c) reduced vectors in steps of `scale`.
        energy: (N,) squared lengths of the whole vectors less their mean.
        axis: (c,) the axis that each column of the codes belongs to.
        scale: (c,) length of a step in it.
        recall: Part of the ten nearest crops that a search by these codes finds.
        queries: Number of crops by which that was measured.
    """

    rows: Mapping[str, tuple[int, int]]
    track: NDArray[np.int32]
    frame: NDArray[np.int64]
    code: NDArray[np.int8]
    energy: NDArray[np.float32]
    axis: NDArray[np.int32]
    scale: NDArray[np.float32]
    recall: float
    queries: int

    def __len__(self) -> int:
        """Return the number of crops."""
        return len(self.frame)

    def place(self, video_id: str, track: int, frame: int) -> int | None:
        """Return the number of a crop among those of its video; None if there is none."""
        start, stop = self.rows.get(video_id, (0, 0))
        here = (self.track[start:stop] == track) & (self.frame[start:stop] == frame)
        found = np.flatnonzero(here)
        return int(found[0]) if len(found) else None


def read_collection(embeddings_path: Path, search_path: Path) -> Collection:
    """Read the crops of a run and their codes.

    Raises:
        ArtefactError: A store is missing or damaged, or the two do not belong together.
    """
    with open_store(embeddings_path, EMBEDDINGS) as store:
        names = [str(name) for name in store.attributes["videos"]]
        video, track, frame = store["video"], store["track"], store["frame"]
    with open_store(search_path, SEARCH) as store:
        if len(store) != len(frame):
            message = f"{search_path}: {len(store)} codes, expected {len(frame)} as in "
            message += str(embeddings_path)
            raise ArtefactError(message)
        has = store.attributes
        code, energy = store["code"], store["energy"]
    starts = np.searchsorted(video, np.arange(len(names)), side="left")
    stops = np.searchsorted(video, np.arange(len(names)), side="right")
    rows = zip(names, starts.tolist(), stops.tolist(), strict=True)
    return Collection(
        rows={name: (start, stop) for name, start, stop in rows if stop > start},
        track=track,
        frame=frame,
        code=code,
        energy=energy,
        axis=np.asarray(has["axis"], np.int32),
        scale=np.asarray(has["scale"], np.float32),
        recall=float(has["recall"]),
        queries=int(has["queries"]),
    )
