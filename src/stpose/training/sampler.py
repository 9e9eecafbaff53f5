"""From (seed, step) to a batch: no state, so that a training resumes exactly where it stopped."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import CropIndex, Rows
from stpose.recipes.augmentation import draw_colour_factors, draw_turns, jitter_boxes
from stpose.recipes.groups import Floats, PairGroups
from stpose.settings.experiment import ExperimentSettings
from stpose.training.samples import Blocks, Samples


@dataclass(frozen=True)
class Batch:
    """The pictures of one iteration: first pairs' anchors, then their candidates, then boxes.

    Attributes:
        block: Curriculum blocks in use.
        pairs: Groups of temporal ordering and repetitions, each 1 + K candidates; 0 without them.
        repetitions: How many of these groups, the first ones, come from mined repetitions.
        placements: Groups of spatial placement, each 1 + K boxes; 0 without them.
        crops: (N,) numbers of crops.
        boxes: (N, 4) what to cut out (crop px).
        mirror: (N,) flips.
        rotation: (N,) turns (degrees).
        colours: (N, 3) brightness, contrast, saturation.
    """

    block: int
    pairs: int
    repetitions: int
    placements: int
    crops: Rows
    boxes: Floats
    mirror: NDArray[np.bool_]
    rotation: Floats
    colours: Floats


@dataclass(frozen=True)
class Sampler:
    """Draws the batch of any iteration.

    Attributes:
        index: All crops.
        samples: What may be drawn.
        settings: How.
    """

    index: CropIndex
    samples: Samples
    settings: ExperimentSettings

    def block_at(self, step: int) -> int:
        """Return how many curriculum blocks are in use in an iteration, counted from 0."""
        return self._stage(step) if self.settings.curriculum else self.samples.blocks

    def _stage(self, step: int) -> int:
        return min(1 + step // self.settings.curriculum_update, self.samples.blocks)

    def batch(self, step: int) -> Batch:
        """Draw the batch of an iteration, counted from 0; the same each time it is asked for."""
        # The step stands in the highest word of the counter: no two steps share random numbers.
        bits = np.random.Philox(key=self.settings.seed, counter=[0, 0, 0, step])
        generator = np.random.Generator(bits)
        block, group = self.block_at(step), 1 + self.settings.negatives
        parts: list[_Part] = []
        pairs = repetitions = placements = 0
        if self.settings.ordering_weight:
            # Mined repetitions are mixed in by time, whether or not frames are.
            mined_too = self._stage(step) <= self.settings.repetition_blocks
            drawn, repetitions = self._draw_pairs(generator, block, mined_too)
            parts.append(self._pair_part(generator, drawn))
            pairs = self.settings.anchors
        if self.settings.placement_weight:
            parts.append(self._placement_part(generator, block))
            placements = self.settings.anchors
        crops = np.concatenate([part.crops for part in parts])
        turns = [
            draw_turns(generator, groups, self.settings.mirror, self.settings.rotation)
            for groups in (pairs, placements)
        ]
        of_picture = [
            np.concatenate([np.arange(pairs), np.repeat(np.arange(pairs), group)]),
            np.repeat(np.arange(placements), group),
        ]
        return Batch(
            block,
            pairs,
            repetitions,
            placements,
            crops,
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([turn[0][who] for turn, who in zip(turns, of_picture, strict=True)]),
            np.concatenate([turn[1][who] for turn, who in zip(turns, of_picture, strict=True)]),
            draw_colour_factors(generator, len(crops), self.settings.colour_jitter),
        )

    def _draw_pairs(
        self, generator: np.random.Generator, block: int, mined_too: bool
    ) -> tuple[PairGroups, int]:
        """Draw groups of pairs: from repetitions first, the rest from temporal ordering."""
        wanted, samples = self.settings.anchors, self.samples
        repetitions = 0
        if len(samples.repetition.anchors) and mined_too:
            repetitions = round(self.settings.repetition_share * wanted)
        open_places = np.arange(_available(samples.ordering_block, block, wanted))
        if repetitions:
            # Frames after tau may look like the anchor in a track that repeats: leave those out.
            calm = open_places[samples.calm[open_places]]
            open_places = calm if len(calm) else open_places
        places = generator.choice(open_places, wanted - repetitions)
        ordered = samples.ordering.draw(generator, places)
        if not repetitions:
            return ordered, 0
        places = generator.integers(len(samples.repetition.anchors), size=repetitions)
        mined = samples.repetition.draw(generator, places)
        return (
            PairGroups(
                np.concatenate([mined.anchors, ordered.anchors]),
                np.concatenate([mined.candidates, ordered.candidates]),
            ),
            repetitions,
        )

    def _pair_part(self, generator: np.random.Generator, groups: PairGroups) -> "_Part":
        crops = np.concatenate([groups.anchors, groups.candidates.ravel()])
        boxes = self.index.box[crops].astype(np.float64)
        boxes = jitter_boxes(generator, boxes, self.settings.shift, self.settings.scale)
        return _Part(crops, boxes)

    def _placement_part(self, generator: np.random.Generator, block: int) -> "_Part":
        count = _available(self.samples.placement_block, block, self.settings.anchors)
        places = generator.integers(count, size=self.settings.anchors)
        groups = self.samples.placement.draw(generator, places)
        crops = np.repeat(groups.crops, groups.boxes.shape[1])
        return _Part(crops, groups.boxes.reshape(-1, 4))


@dataclass(frozen=True)
class _Part:
    crops: Rows
    boxes: Floats


def _available(blocks: Blocks, in_use: int, least: int) -> int:
    """Return how many anchors, easiest first, are in the blocks in use; a batch's at the least."""
    return min(len(blocks), max(least, int(np.searchsorted(blocks, in_use))))
