"""What a training was trained on, from its model cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stpose.artefacts.documents import read_document


@dataclass(frozen=True)
class TrainedOn:
    """The size of a training.

    Attributes:
        videos: Videos that it drew from; None if nothing was trained.
        words: Videos, crops, iterations and network, for a reader.
    """

    videos: int | None
    words: str


def read_trained_on(cards: Sequence[Path]) -> TrainedOn:
    """Read what the rounds of one training were trained on.

    Args:
        cards: The model card of each round, in order.

    Raises:
        ArtefactError: A card is missing or damaged.
    """
    rounds = [read_document(path, "model") for path in cards]
    last = rounds[-1]
    network = last["settings"]["network"]
    iterations = " + ".join(str(card["iterations"]) for card in rounds)
    start = last["settings"]["initial_weights"]
    data = last["data"]
    shape = f"AlexNet x {network['width']:g}, {network['input_px']} px"
    if not any(card["iterations"] for card in rounds):
        return TrainedOn(None, f"nothing: {start} weights; {shape}")
    words = (
        f"{data['videos']} videos, {data['crops']} crops; {iterations} iterations from {start} "
        f"weights; {shape}"
    )
    return TrainedOn(int(data["videos"]), words)
