"""From (seed, step) to a batch: no state, so that a training resumes exactly where it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from stpose.crop_index import Rows
from stpose.recipes.augmentation import draw_colour_factors
from stpose.recipes.groups import Floats
from stpose.recipes.recipe import Drawn, Recipe
from stpose.recipes.registry import RECIPES
from stpose.settings.experiment import ExperimentSettings

_ORDER = tuple(RECIPES)


@dataclass(frozen=True)
class Cuts:
    """What pictures are cut out, and how.

    Attributes:
        crops: (N,) numbers of crops.
        boxes: (N, 4) what to cut out (crop px).
        mirror: (N,) flips.
        rotation: (N,) turns (degrees).
        colours: (N, 3) brightness, contrast, saturation.
    """

    crops: Rows
    boxes: Floats
    mirror: NDArray[np.bool_]
    rotation: Floats
    colours: Floats


@dataclass(frozen=True)
class Batch(Cuts):
    """The pictures of one iteration: those of the first recipe, then of the next.

    Attributes:
        block: Curriculum blocks in use.
        parts: What each recipe drew.
    """

    block: int
    parts: tuple[Drawn, ...]

    def cuts(self, share: slice) -> Cuts:
        """Return some of the pictures."""
        return Cuts(*(getattr(self, field.name)[share] for field in fields(Cuts)))


@dataclass(frozen=True)
class Sampler:
    """Draws the batch of any iteration.

    Attributes:
        recipes: Those in use.
        blocks: Blocks of the curriculum.
        settings: How.
    """

    recipes: Sequence[Recipe]
    blocks: int
    settings: ExperimentSettings

    def block_at(self, step: int) -> int:
        """Return how many curriculum blocks are in use in an iteration, counted from 0."""
        if not self.settings.curriculum:
            return self.blocks
        updates = step // self.settings.curriculum_update
        return min(self.settings.first_blocks + updates, self.blocks)

    def batch(self, step: int) -> Batch:
        """Draw the batch of an iteration, counted from 0; the same each time it is asked for."""
        block = self.block_at(step)
        parts = tuple(
            # Each recipe has a stream of its own, so that it draws the same beside any others.
            recipe.draw(self._generator(step, 1 + _ORDER.index(recipe.name)), block)
            for recipe in self.recipes
        )
        crops = np.concatenate([part.crops for part in parts])
        colours = self.settings.colour_jitter, self.settings.grey_share
        return Batch(
            crops,
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.mirror for part in parts]),
            np.concatenate([part.rotation for part in parts]),
            draw_colour_factors(self._generator(step, 0), len(crops), *colours),
            block,
            parts,
        )

    def _generator(self, step: int, stream: int) -> np.random.Generator:
        # Step and stream stand in the high words of the counter: none share random numbers.
        bits = np.random.Philox(key=self.settings.seed, counter=[0, 0, stream, step])
        return np.random.Generator(bits)
