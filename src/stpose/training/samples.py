"""What a round of training may draw from: curriculum anchors and mined pairs."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stpose.artefacts.schemas import CURRICULUM, REPETITION_PAIRS
from stpose.artefacts.tables import read_table
from stpose.crop_index import CropIndex, Rows
from stpose.errors import InputError
from stpose.geometry import box_area
from stpose.recipes.ordering import OrderingRecipe, Tau, ordering_recipe
from stpose.recipes.placement import PlacementRecipe, Sigma
from stpose.recipes.repetition_pairs import RepetitionRecipe, repetition_recipe
from stpose.settings.experiment import ExperimentSettings

_log = logging.getLogger(__name__)
Blocks = NDArray[np.int64]


@dataclass(frozen=True)
class Samples:
    """The recipes of a round, and from which curriculum block each of their anchors is.

    Attributes:
        ordering: Temporal ordering.
        ordering_block: (A,) block of each of its anchors, rising.
        calm: (A,) whether an anchor's track holds no mined repetitions.
        placement: Spatial placement.
        placement_block: Block of each of its crops, rising.
        repetition: Mined repetitions; without anchors in round 1.
        blocks: Blocks of the curriculum.
    """

    ordering: OrderingRecipe
    ordering_block: Blocks
    calm: NDArray[np.bool_]
    placement: PlacementRecipe
    placement_block: Blocks
    repetition: RepetitionRecipe
    blocks: int


def collect_samples(
    index: CropIndex,
    size_px: int,
    curriculum_path: Path,
    pairs_path: Path | None,
    settings: ExperimentSettings,
) -> Samples:
    """Read what a round may draw from.

    Raises:
        ArtefactError: A table is damaged or something else.
        InputError: A task has fewer samples than one batch needs; says how many there are.
    """
    crops, block = _curriculum_crops(index, curriculum_path)
    tau = Tau(settings.tau_positive, settings.tau_negative_min, settings.tau_negative_max)
    ordering = ordering_recipe(index, crops, tau, settings.negatives)
    sigma = Sigma(
        (settings.sigma_positive_min, settings.sigma_positive_max),
        (settings.sigma_negative_min, settings.sigma_negative_max),
    )
    has_area = np.flatnonzero(box_area(index.box[crops]) > 0)
    placement = PlacementRecipe(
        crops[has_area],
        index.box[crops[has_area]].astype(np.float64),
        size_px,
        sigma,
        settings.negatives,
    )
    repetition, repeating = _mined(index, pairs_path, settings.negatives)
    samples = Samples(
        ordering,
        block[ordering.kept],
        ~np.isin(_track_keys(index, ordering.anchors), repeating),
        placement,
        block[has_area],
        repetition,
        int(block.max(initial=0)) + 1,
    )
    _expect_enough(samples, curriculum_path, len(crops), settings)
    return samples


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


def _mined(
    index: CropIndex, path: Path | None, count: int
) -> tuple[RepetitionRecipe, NDArray[np.int64]]:
    """Return the recipe of mined pairs, and the keys of the tracks they come from."""
    if path is None:
        none = np.empty(0, np.int64)
        recipe = repetition_recipe(index, none, none, none, none, none.astype(bool), count)
    else:
        table = read_table(path, REPETITION_PAIRS)
        recipe = repetition_recipe(
            index,
            _video_numbers(index, table["video_id"].to_pylist()),
            table["track"].to_numpy().astype(np.int64),
            table["anchor"].to_numpy(),
            table["candidate"].to_numpy(),
            table["similar"].to_numpy(zero_copy_only=False),
            count,
        )
    return recipe, np.unique(_track_keys(index, recipe.anchors))


def _video_numbers(index: CropIndex, videos: list[str]) -> NDArray[np.int64]:
    numbers = {video: number for number, video in enumerate(index.videos)}
    return np.array([numbers.get(video, -1) for video in videos], np.int64)


def _track_keys(index: CropIndex, crops: Rows) -> NDArray[np.int64]:
    return index.video[crops].astype(np.int64) << 32 | index.track[crops]


def _expect_enough(samples: Samples, path: Path, frames: int, settings: ExperimentSettings) -> None:
    needed = settings.anchors
    if settings.ordering_weight and len(samples.ordering.anchors) < needed:
        message = (
            f"{path}: {len(samples.ordering.anchors)} of its {frames} frames have a crop "
            f"{settings.tau_positive} stored frames later and {settings.negatives} crops "
            f"{settings.tau_negative_min} to {settings.tau_negative_max} away in their track, "
            f"at least {needed} are needed for temporal ordering"
        )
        raise InputError(message)
    if settings.placement_weight and len(samples.placement.crops) < needed:
        message = (
            f"{path}: {len(samples.placement.crops)} frames with a person, "
            f"at least {needed} are needed for spatial placement"
        )
        raise InputError(message)
