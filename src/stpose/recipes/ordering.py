"""Temporal ordering: does the second picture follow the first? (paper 3.1).

Mined repetitions (paper 3.3) go to the same head: is the second picture like the first?
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from stpose.errors import InputError
from stpose.network.heads import OrderingHead
from stpose.recipes.footage import Blocks, Footage, counts_by_block, open_places
from stpose.recipes.grouped_answers import grouped_losses, grouped_scores, grouped_sums
from stpose.recipes.groups import PairGroups
from stpose.recipes.pictures import draw_pairs
from stpose.recipes.recipe import Drawn, GroupScores, Judged
from stpose.recipes.repetition_pairs import RepetitionPairs, sort_mined_pairs
from stpose.recipes.temporal_pairs import Tau, TemporalPairs, find_temporal_pairs
from stpose.settings.experiment import ExperimentSettings


@dataclass(frozen=True)
class Ordering:
    """The recipe.

    Attributes:
        footage: What is drawn from.
        settings: How.
        pairs: Groups by distance in time.
        block: (A,) curriculum block of each of their anchors, rising.
        calm: (A,) whether an anchor's track holds no mined repetitions.
        mined: Groups from repetitions; without anchors in round 1.
    """

    footage: Footage
    settings: ExperimentSettings
    pairs: TemporalPairs
    block: Blocks
    calm: NDArray[np.bool_]
    mined: RepetitionPairs
    name: str = "ordering"
    tasks: tuple[str, ...] = ("ordering", "repetition")

    @property
    def counts(self) -> Mapping[str, Any]:
        """Anchors there are to draw from."""
        return {
            "ordering_anchors_by_block": counts_by_block(self.block, self.footage.blocks),
            "anchors_in_tracks_without_repetitions": int(self.calm.sum()),
            "repetition_anchors": len(self.mined.anchors),
        }

    def head(self, feature_size: int) -> nn.Module:
        """Return fully connected layers on both pool5."""
        return OrderingHead(feature_size, self.settings.head_width, self.settings.dropout)

    def draw(self, generator: np.random.Generator, block: int) -> Drawn:
        """Draw groups of pairs: from repetitions first, the rest by distance in time."""
        wanted = self.settings.anchors
        mixed_in = not self.settings.curriculum or block <= self.settings.repetition_blocks
        repetitions = 0
        if len(self.mined.anchors) and mixed_in:
            repetitions = round(self.settings.repetition_share * wanted)
        places = np.arange(open_places(self.block, block, wanted))
        if repetitions:
            # Frames after tau may look like the anchor in a track that repeats: leave those out.
            calm = places[self.calm[places]]
            places = calm if len(calm) else places
        groups = self.pairs.draw(generator, generator.choice(places, wanted - repetitions))
        if repetitions:
            places = generator.integers(len(self.mined.anchors), size=repetitions)
            groups = _joined(self.mined.draw(generator, places), groups)
        truth = {"is_repetition": np.arange(wanted) < repetitions}
        return draw_pairs(generator, self.footage.index, groups, self.settings, truth)

    def judge(self, head: nn.Module, features: Tensor, drawn: Drawn) -> Judged:
        """Compare logits with the truth: the first candidate of each group is right."""
        groups = len(drawn.truth["is_repetition"])
        members = len(features) // groups - 1
        anchors = features[:groups].repeat_interleave(members, dim=0)
        logits = head(anchors, features[groups:]).float().view(groups, members, 2)
        losses = grouped_losses(logits)
        repetitions = int(drawn.truth["is_repetition"].sum())
        mined, ordered = slice(0, repetitions), slice(repetitions, groups)
        sums = {
            "ordering": grouped_sums(logits[ordered], losses[ordered]),
            "repetition": grouped_sums(logits[mined], losses[mined]),
        }
        scores = GroupScores(grouped_scores(logits[ordered]), drawn.crops[:groups][ordered])
        return Judged(losses.mean(), sums, {"ordering": scores})


def _joined(first: PairGroups, second: PairGroups) -> PairGroups:
    return PairGroups(
        np.concatenate([first.anchors, second.anchors]),
        np.concatenate([first.candidates, second.candidates]),
    )


def ordering(footage: Footage, settings: ExperimentSettings) -> Ordering:
    """Find what temporal ordering can draw from.

    Raises:
        InputError: There are fewer anchors than one batch needs.
    """
    tau = Tau(settings.tau_positive, settings.tau_negative_min, settings.tau_negative_max)
    pairs = find_temporal_pairs(footage.index, footage.crops, tau, settings.negatives)
    if len(pairs.anchors) < settings.anchors:
        message = (
            f"{footage.curriculum_path}: {len(pairs.anchors)} of its {len(footage.crops)} frames "
            f"have a crop {settings.tau_positive} stored frames later and {settings.negatives} "
            f"crops {settings.tau_negative_min} to {settings.tau_negative_max} away in their "
            f"track, at least {settings.anchors} are needed for temporal ordering"
        )
        raise InputError(message)
    mined = sort_mined_pairs(footage.mined, settings.negatives)
    repeating = footage.tracks_of(mined.anchors)
    return Ordering(
        footage,
        settings,
        pairs,
        footage.block[pairs.kept],
        ~np.isin(footage.tracks_of(pairs.anchors), repeating),
        mined,
    )
