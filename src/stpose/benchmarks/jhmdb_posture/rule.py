"""The rule by which the posture benchmark is made from joints."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Rule:
    """The numbers in the rule; `sentences` says it in words.

    Distances are those of normalised skeletons (`stpose.benchmarks.jhmdb_posture.skeletons`).

    Attributes:
        seed: What exemplars are drawn with.
        labels: Positives, and negatives, of an exemplar.
        fewest_labels: What may be asked for instead, at least.
        stride: Frames from one candidate to the next.
        margin: Growth of a box on each side, as a share of its longer side.
        source_exemplars: Exemplars of a source, at most.
        exemplar_distance: Distance of two exemplars of a source, at least.
        clip_labels: Positives, or negatives, of an exemplar from one clip, at most.
        frames_apart: Frames between two of them, at least.
        source_labels: The same from one source, at most.
        same_posture: Distance of a positive, at most.
        other_posture: Distance of a negative, at least.
        time_weight: Weight of a difference in time beside one in log aspect ratio.
        matched: Candidates that match a positive, of which the one nearest in HOG is taken.
    """

    seed: int = 0
    labels: int = 10
    fewest_labels: int = 4
    stride: int = 3
    margin: float = 0.1
    source_exemplars: int = 6
    exemplar_distance: float = 0.15
    clip_labels: int = 2
    frames_apart: int = 6
    source_labels: int = 4
    same_posture: float = 0.25
    other_posture: float = 0.4
    time_weight: float = 0.2
    matched: int = 20

    def canonical(self) -> str:
        """Return the one string that stands for these numbers: sorted, compact JSON."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    def sentences(self) -> tuple[str, ...]:
        """Return the rule for people to read."""
        return (
            f"Candidates are the frames of a clip whose number is a multiple of {self.stride}, "
            "where all joints lie in the picture. Skeletons are centred on the mean of their "
            "joints and divided by the root mean square of the joints' distances from it; the "
            "distance of two is the mean over the joints.",
            f"Boxes are the smallest around all joints, grown on each side by {self.margin} of "
            "their longer side, cut to the picture, in whole pixels.",
            f"Exemplars are drawn at random (seed {self.seed}), from all sources in turn, up to "
            f"{self.source_exemplars} a source; two of one source are at least "
            f"{self.exemplar_distance} apart.",
            "The labelled frames of an exemplar come from other sources; of its positives, and of "
            f"its negatives, at most {self.clip_labels} from one clip, at least "
            f"{self.frames_apart} frames apart, and at most {self.source_labels} from one source.",
            f"Positives are the {self.labels} nearest in pose, within {self.same_posture}, as "
            "they are or mirrored (flip 1).",
            f"Negatives are at least {self.other_posture} away however one looks at them: mirrored "
            "or not, with left and right exchanged or not. There is one for each positive: of the "
            f"{self.matched} candidates whose differences to the exemplar in log aspect ratio of "
            f"the box and, at {self.time_weight} of the weight, in relative time are most like the "
            "positive's, the one that looks most like the exemplar in HOG, as it is or mirrored "
            "(flip 1). So HOG itself is below chance by construction, and no rival here.",
            f"An exemplar without {self.labels} of each is left out. Where no exemplar has them, "
            f"one fewer is asked for, and so on down to {self.fewest_labels}.",
            "All exemplars make one category: most classes have too few clips for one of their "
            "own.",
        )
