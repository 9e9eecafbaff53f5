"""What is known of the crops of all videos without their pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CROPS
from stpose.artefacts.stores import open_store
from stpose.errors import InputError

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class CropIndex:
    """What is known of N crops without their pictures, sorted by video, track and frame.

    Attributes:
        videos: Ids of the videos, sorted; those without crops are left out.
        video: (N,) index into `videos`.
        track: (N,) number of the track in its video.
        frame: (N,) source frame number.
        row: (N,) row in the video's file.
        box: (N, 4) the person (crop px).
        valid: (N, 4) the part of the crop with real pixels (crop px).
        stride: One a video: source frames from one stored frame to the next.
    """

    videos: tuple[str, ...]
    video: NDArray[np.int32]
    track: NDArray[np.int32]
    frame: NDArray[np.int64]
    row: NDArray[np.int64]
    box: NDArray[np.float32]
    valid: NDArray[np.float32]
    stride: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of crops."""
        return len(self.frame)

    def find(self, video: NDArray[np.int64], track: NDArray[np.int64], frame: Rows) -> Rows:
        """Return the numbers of crops by their keys, -1 where there is no such crop.

        Args:
            video: Indices into `videos`; anything negative is no video.
            track: Numbers of tracks.
            frame: Source frame numbers. All three broadcast together.
        """
        video, track, frame = np.broadcast_arrays(video, track, frame)
        if not len(self):
            return np.full(frame.shape, -1, np.int64)
        low = int(self.frame.min())
        span = int(self.frame.max()) - low + 1
        tracks = int(self.track.max()) + 1
        keys = (self.video.astype(np.int64) * tracks + self.track) * span + self.frame - low
        wanted = (video.astype(np.int64) * tracks + track) * span + frame - low
        known = (frame >= low) & (frame < low + span) & (track >= 0) & (track < tracks)
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(known & (keys[places] == wanted), places, -1)


def read_crop_index(paths: Sequence[Path]) -> tuple[CropIndex, tuple[Path, ...], int]:
    """Read the index of crop stores.

    Args:
        paths: Crop stores, one a video; those without crops add nothing.

    Returns:
        The index, the store of each of its videos, and the side of the crops (px; 1 without any).

    Raises:
        ArtefactError: A store is damaged or something else.
        InputError: The stores hold crops of different sizes.
    """
    found: dict[str, tuple[Path, int, dict[str, NDArray[Any]]]] = {}
    sizes: dict[int, Path] = {}
    for path in paths:
        with open_store(path, CROPS) as store:
            if not len(store):
                continue
            columns = {name: store[name] for name in ("track", "frame", "box", "valid")}
            order = np.lexsort((columns["frame"], columns["track"]))
            columns = {name: values[order] for name, values in columns.items()}
            stride = int(store.attributes.get("stride", 1))
            found[str(store.attributes["video_id"])] = path, stride, {**columns, "row": order}
            sizes.setdefault(int(store.attributes["size_px"]), path)
    if len(sizes) > 1:
        (one, first), (two, second), *_ = sizes.items()
        message = f"{second}: crops of {two} px, expected {one} px as in {first}"
        raise InputError(message)
    videos = tuple(sorted(found))
    parts = [found[video] for video in videos]

    def joined(name: str, dtype: str, width: tuple[int, ...] = ()) -> NDArray[Any]:
        columns = [part[2][name] for part in parts]
        return np.concatenate([np.empty((0, *width), dtype), *columns], dtype=dtype)

    index = CropIndex(
        videos=videos,
        video=np.repeat(np.arange(len(videos), dtype=np.int32), [len(p[2]["row"]) for p in parts]),
        track=joined("track", "int32"),
        frame=joined("frame", "int64"),
        row=joined("row", "int64"),
        box=joined("box", "float32", (4,)),
        valid=joined("valid", "float32", (4,)),
        stride=np.array([part[1] for part in parts], np.int64),
    )
    return index, tuple(part[0] for part in parts), next(iter(sizes), 1)
