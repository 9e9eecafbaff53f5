"""What recipes draw from: curriculum frames with their crops, and pairs mined the round before."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CURRICULUM, REPETITION_PAIRS
from stpose.artefacts.tables import read_table
from stpose.crop_index import CropIndex, Rows
from stpose.errors import InputError
from stpose.geometry import box_area

_log = logging.getLogger(__name__)
Blocks = NDArray[np.int64]


@dataclass(frozen=True)
class MinedPairs:
    """Pairs of crops of one track that show the same pose, or do not.

    Attributes:
        anchor: (P,) numbers of crops.
        candidate: (P,) numbers of crops.
        similar: (P,) whether they show the same pose.
    """

    anchor: Rows
    candidate: Rows
    similar: NDArray[np.bool_]


@dataclass(frozen=True)
class Footage:
    """Everything that a round may draw from.

    Attributes:
        index: All crops.
        size_px: Side of the crops.
        crops: (C,) numbers of the crops of curriculum frames, easiest first.
        block: (C,) curriculum block of each, rising.
        blocks: Blocks of the curriculum.
        mined: Pairs of the round before; empty in round 1.
        curriculum_path: The curriculum, named in messages.
        crops_paths: Crops of all videos.
        motion_paths: Motion maps of all videos; empty if no recipe needs them.
    """

    index: CropIndex
    size_px: int
    crops: Rows
    block: Blocks
    blocks: int
    mined: MinedPairs
    curriculum_path: Path
    crops_paths: Sequence[Path]
    motion_paths: Sequence[Path]

    def only(self, videos: Collection[str], *, others: bool = False) -> "Footage":
        """Return what there is to draw from in some videos, or in all others.

        Args:
            videos: Their ids.
            others: Leave these out and take the rest.
        """
        wanted = np.isin(self.index.videos, sorted(videos), invert=others)
        kept = wanted[self.index.video[self.crops]]
        mined = self.mined
        both = wanted[self.index.video[mined.anchor]]
        pairs = MinedPairs(mined.anchor[both], mined.candidate[both], mined.similar[both])
        return replace(self, crops=self.crops[kept], block=self.block[kept], mined=pairs)

    def people(self, least: int, task: str) -> tuple[Rows, Blocks]:
        """Return the crops with a person in them, easiest first, and the block of each.

        Args:
            least: Crops that one batch needs.
            task: What they are for, named in the message.

        Raises:
            InputError: There are fewer.
        """
        has_area = box_area(self.index.box[self.crops]) > 0
        crops = self.crops[has_area]
        if len(crops) < least:
            message = (
                f"{self.curriculum_path}: {len(crops)} frames with a person, "
                f"at least {least} are needed for {task}"
            )
            raise InputError(message)
        return crops, self.block[has_area]

    def tracks_of(self, crops: Rows) -> NDArray[np.int64]:
        """Return a number for the track of each crop, different ones for different tracks."""
        return self.index.video[crops].astype(np.int64) << 32 | self.index.track[crops]


def read_footage(
    index: CropIndex,
    size_px: int,
    curriculum_path: Path,
    pairs_path: Path | None,
    crops_paths: Sequence[Path] = (),
    motion_paths: Sequence[Path] = (),
) -> Footage:
    """Read what a round may draw from.

    Raises:
        ArtefactError: A table is damaged or something else.
    """
    crops, block = _curriculum_crops(index, curriculum_path)
    return Footage(
        index,
        size_px,
        crops,
        block,
        int(block.max(initial=0)) + 1,
        _mined(index, pairs_path),
        curriculum_path,
        crops_paths,
        motion_paths,
    )


def open_places(blocks: Blocks, in_use: int, least: int) -> int:
    """Return how many samples, easiest first, are in the blocks in use; `least` if there are.

    Args:
        blocks: (A,) block of each sample, counted from 0, rising.
        in_use: Number of blocks in use.
        least: Samples of one batch.
    """
    return min(len(blocks), max(least, int(np.searchsorted(blocks, in_use))))


def counts_by_block(blocks: Blocks, number: int) -> list[int]:
    """Return how many samples there are in each of `number` blocks."""
    return [int(count) for count in np.bincount(blocks, minlength=number)]


def _curriculum_crops(index: CropIndex, path: Path) -> tuple[Rows, Blocks]:
    table = read_table(path, CURRICULUM)
    video = _video_numbers(index, table["video_id"].to_pylist())
    track = table["track"].to_numpy().astype(np.int64)
    crops = index.find(video, track, table["frame"].to_numpy())
    block = table["block"].to_numpy().astype(np.int64)
    has_crop = crops >= 0
    if not has_crop.all():
        _log.info("%d of %d curriculum frames have no crop", (~has_crop).sum(), len(crops))
    crops, block = crops[has_crop], block[has_crop]
    order = np.argsort(block, kind="stable")
    return crops[order], block[order]


def _mined(index: CropIndex, path: Path | None) -> MinedPairs:
    if path is None:
        none = np.empty(0, np.int64)
        return MinedPairs(none, none, none.astype(bool))
    table = read_table(path, REPETITION_PAIRS)
    video = _video_numbers(index, table["video_id"].to_pylist())
    track = table["track"].to_numpy().astype(np.int64)
    first = index.find(video, track, table["anchor"].to_numpy())
    second = index.find(video, track, table["candidate"].to_numpy())
    known = (first >= 0) & (second >= 0)
    similar = table["similar"].to_numpy(zero_copy_only=False)
    return MinedPairs(first[known], second[known], similar[known])


def _video_numbers(index: CropIndex, videos: list[str]) -> NDArray[np.int64]:
    numbers = {video: number for number, video in enumerate(index.videos)}
    return np.array([numbers.get(video, -1) for video in videos], np.int64)
