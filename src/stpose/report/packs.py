"""The codes as scripts that a page opened from disk may load, which it may not do with data."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stpose.report.collection import Collection
from stpose.report.videos import VideoRow

PACK_BYTES = 1 << 20


@dataclass(frozen=True)
class Pack:
    """Some videos whose codes lie in one file.

    Attributes:
        number: Its number, from 0.
        start: Its first row in the collection.
        stop: The row behind its last.
        videos: Ids of its videos.
    """

    number: int
    start: int
    stop: int
    videos: tuple[str, ...]


def packs_of(collection: Collection, most_bytes: int = PACK_BYTES) -> list[Pack]:
    """Divide the videos into packs of about a size; a large video has one of its own."""
    width = max(1, collection.code.shape[1])
    packs: list[Pack] = []
    waiting: list[str] = []
    start = 0
    for video_id, (first, stop) in collection.rows.items():
        if waiting and (stop - start) * width > most_bytes:
            packs.append(Pack(len(packs), start, first, tuple(waiting)))
            waiting, start = [], first
        waiting.append(video_id)
    if waiting:
        packs.append(Pack(len(packs), start, len(collection), tuple(waiting)))
    return packs


def write_packs(
    collection: Collection, packs: Sequence[Pack], videos: Sequence[VideoRow], folder: Path
) -> None:
    """Write `collection.js`, which says what there is, and `pack-0.js` and so on.

    Args:
        collection: All crops.
        packs: How they are divided.
        videos: The videos by id: their paths and frame rates are shown.
        folder: An existing folder.
    """
    by_id = {video.video_id: video for video in videos}
    entries = []
    for pack in packs:
        for video_id in pack.videos:
            start, stop = collection.rows[video_id]
            video = by_id[video_id]
            entries.append([video_id, video.path, start, stop - start, video.fps])
        content = base64_of(collection.code[pack.start : pack.stop], "int8")
        text = f"stpose.takePack({pack.number}, {pack.start}, {json.dumps(content)});\n"
        (folder / f"pack-{pack.number}.js").write_text(text, encoding="ascii")
    about: Mapping[str, Any] = {
        "crops": len(collection),
        "packs": len(packs),
        "axis": base64_of(collection.axis, "<i4"),
        "scale": base64_of(collection.scale, "<f4"),
        "energy": base64_of(collection.energy, "<f4"),
        "frame": base64_of(collection.frame, "<i4"),
        "track": base64_of(collection.track, "<i4"),
        "videos": entries,
    }
    text = f"stpose.takeCollection({json.dumps(about)});\n"
    (folder / "collection.js").write_text(text, encoding="ascii")


def base64_of(values: NDArray[Any], dtype: str) -> str:
    """Return the bytes of an array, little end first, as text."""
    return base64.b64encode(np.ascontiguousarray(values, np.dtype(dtype)).tobytes()).decode()
