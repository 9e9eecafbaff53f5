"""The curriculum: training frames from clear motion to little, in blocks of growing size.

Paper 3.2 and 4.1: frames are sorted by the ratio of foreground to background flow; training
starts with about five percent of them and takes in more, exponentially, in seven steps.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CURRICULUM, FLOW
from stpose.artefacts.status import Status
from stpose.artefacts.tables import read_table, write_table
from stpose.errors import InputError
from stpose.settings.curriculum import CurriculumSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Samples:
    """Frames that can be trained on, in four columns of one length.

    Attributes:
        video: Index into the list of videos (int32).
        track: Number of the track in its video (int32).
        frame: Source frame number (int64).
        ratio: Foreground to background flow ratio (float32, finite).
    """

    video: NDArray[np.int32]
    track: NDArray[np.int32]
    frame: NDArray[np.int64]
    ratio: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.ratio)

    def take(self, rows: NDArray[np.intp]) -> "Samples":
        """Return the given rows, in that order."""
        return Samples(self.video[rows], self.track[rows], self.frame[rows], self.ratio[rows])


def block_shares(first: float = 0.05, steps: int = 7, largest: float = 0.25) -> tuple[float, ...]:
    """Return the share of all samples that each block adds; they sum to 1 and never shrink.

    Block k holds `min(first * growth**k, largest)`; the growth is solved for by bisection.

    Args:
        first: Share of the first block, in (0, 1].
        steps: Number of blocks; a single block holds everything.
        largest: Share that no block surpasses, in (0, 1].

    Raises:
        InputError: Blocks that grow from `first` to at most `largest` cannot sum to 1.
    """
    if steps == 1:
        return (1.0,)
    most = first + (steps - 1) * largest
    if not (first > 0 and steps * first <= 1 <= most):
        message = (
            f"curriculum: {steps} blocks from {first} to at most {largest} cannot sum to 1; "
            f"expected steps x first <= 1 <= first + (steps - 1) x largest"
        )
        raise InputError(message)
    low, high = 1.0, largest / first
    for _ in range(100):
        growth = (low + high) / 2
        if sum(_blocks(first, steps, largest, growth)) < 1:
            low = growth
        else:
            high = growth
    return _blocks(first, steps, largest, high)


def _blocks(first: float, steps: int, largest: float, growth: float) -> tuple[float, ...]:
    return tuple(min(first * growth**step, largest) for step in range(steps))


def block_numbers(samples: int, shares: tuple[float, ...]) -> NDArray[np.int32]:
    """Return the block of each of `samples` sorted samples, 0 for the first ones.

    Limits are rounded up, so the first block holds a sample as soon as there is one.

    Args:
        samples: Number of samples.
        shares: Share of each block, summing to 1.
    """
    # The slack keeps a limit that is whole but for rounding errors from being rounded up.
    limits = np.ceil(np.array([*accumulate(shares)]) * samples - 1e-9)
    return np.searchsorted(limits[:-1], np.arange(samples), side="right").astype(np.int32)


def sort_samples(samples: Samples, video_ids: list[str]) -> NDArray[np.intp]:
    """Return the order of the samples by falling ratio; ties go by video id, track, frame."""
    rank = np.empty(len(video_ids), dtype=np.int64)
    rank[sorted(range(len(video_ids)), key=video_ids.__getitem__)] = np.arange(len(video_ids))
    return np.lexsort((samples.frame, samples.track, rank[samples.video], -samples.ratio))


def read_samples(flow_paths: Iterable[Path]) -> tuple[Samples, list[str]]:
    """Read the frames with a flow ratio of many videos, one video at a time.

    Only the four numbers of a sample are kept: 20 bytes a frame.

    Returns:
        The samples, and the ids of the videos that their `video` points into.

    Raises:
        ArtefactError: A file is missing, damaged or no flow table.
    """
    parts: list[tuple[NDArray[Any], ...]] = []
    video_ids: list[str] = []
    for path in tqdm(list(flow_paths), desc="curriculum", unit="video", disable=None):
        table = read_table(path, FLOW)
        ratio = table["ratio"].to_numpy(zero_copy_only=False).astype(np.float32)
        usable = np.isfinite(ratio)
        part = [table[name].to_numpy()[usable] for name in ("track", "frame")]
        parts.append((np.full(usable.sum(), len(video_ids), np.int32), *part, ratio[usable]))
        video_ids.append(str(read_header(path).attributes.get("video_id", Path(path).stem)))
    if not parts:
        nothing = np.empty(0)
        parts.append((nothing, nothing, nothing, nothing))
    video, track, frame, ratio = (np.concatenate(column) for column in zip(*parts, strict=True))
    samples = Samples(
        video.astype(np.int32),
        track.astype(np.int32),
        frame.astype(np.int64),
        ratio.astype(np.float32),
    )
    return samples, video_ids


def write_curriculum(
    flow_paths: Iterable[Path], out_path: Path, settings: CurriculumSettings, code: str = ""
) -> None:
    """Sort the frames of all videos by their flow ratio and write the clearest ones in blocks.

    Without a single usable frame the table is empty and its status says so.

    Args:
        flow_paths: The flow table of each video.
        out_path: Where to write the curriculum table.
        settings: Settings of the stage.
        code: Fingerprint of the stage's code.

    Raises:
        ArtefactError: An input is missing, damaged or no flow table.
    """
    paths = [Path(path) for path in flow_paths]
    samples, video_ids = read_samples(paths)
    order = sort_samples(samples, video_ids)[: int(np.ceil(settings.share * len(samples)))]
    used = samples.take(order)
    shares = block_shares(settings.first, settings.blocks, settings.largest)
    blocks = block_numbers(len(used), shares)
    sizes = np.bincount(blocks, minlength=settings.blocks).tolist()
    log.info("%d of %d frames with a flow ratio, blocks of %s", len(used), len(samples), sizes)
    status = Status.ok()
    if not len(used):
        reason = f"none of {len(paths)} videos has a frame with a person and a flow ratio"
        status = Status("no_person", reason)
    write_table(
        out_path,
        CURRICULUM,
        {
            "video_id": pa.array(video_ids, pa.string()).take(pa.array(used.video)),
            "track": used.track,
            "frame": used.frame,
            "ratio": used.ratio,
            "block": blocks,
        },
        derive("curriculum", settings, code, paths),
        status,
        {"videos": len(paths), "frames_with_ratio": len(samples), "block_sizes": sizes},
    )
