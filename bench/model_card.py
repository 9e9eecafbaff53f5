"""Writes the card of weights that come with the package.

After `stpose export --weights NAME/ROUND --out src/stpose/models/NAME.safetensors`, and a few
runs of `stpose evaluate BENCHMARK ... --embedding FILE --json > FIGURES/NAME-BENCHMARK.json` on
that file:

    python bench/model_card.py best --training results/training/best --figures FIGURES \
        --data data.json

`data.json` says what the weights were trained on: a list of {name, licence, videos, frames}.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from stpose.artefacts.documents import read_document
from stpose.models.cards import SHIPPED
from stpose.network.weights import read_network

MODELS = Path(__file__).parent.parent / "src" / "stpose" / "models"
OWN_LIMITS = {
    "paper": [
        "On Leeds Sports Pose above random weights of the same network, below HOG "
        "(see benchmarks).",
    ],
    "best": [
        "Its vectors count what is left and right of the middle of the picture less: for people "
        "who lie, or stand at the side of theirs, that is wrong.",
        "On Leeds Sports Pose ahead of HOG by 4 points, by 2 where HOG has the same window.",
        "Unlike postures of like outlines, as J-HMDB's posture benchmark chooses them, are told "
        "apart by little more than chance and the shape of the box (see benchmarks).",
    ],
}
LIMITS = [
    "On held-out recordings its tasks are answered less well than on those it learned from.",
    "Trained on few and short clips of sports and daily actions, most of them 320 x 240 px.",
    "Neither a tracker nor a joint detector, and no measure of how well someone moves.",
    "Left and right are told apart only as far as a mirrored picture looks different.",
    "Several people in one box, people cut by the frame and very small people were hardly seen.",
    "Not for telling who somebody is, and never checked for being equally good for all people.",
]
RETRAIN = {
    "paper": "config/paper-small.yaml",
    "best": "config/best.yaml",
}


# What a card repeats of the card of a round.
TRAINING = ("data", "seconds", "final", "held_out")
# What a benchmark's JSON holds as its main figure; the interval beside it is this one's.
HEADLINES = ("mean", "auc_exact", "off_by_one")


def figures(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the main figure of each benchmark's JSON with its interval."""
    rows = []
    for path in sorted(folder.glob(f"{name}-*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        metric = next(key for key in HEADLINES if key in content)
        low, high = content["interval"]
        rows.append(
            {
                "benchmark": path.stem.removeprefix(f"{name}-"),
                "metric": metric,
                "value": content[metric],
                "low": low,
                "high": high,
                "n": content["n"],
                **({"difference": content["difference"]} if "difference" in content else {}),
            }
        )
    return rows


def main() -> None:
    """Write src/stpose/models/NAME.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=SHIPPED)
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--figures", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    weights = MODELS / f"{arguments.name}.safetensors"
    network = read_network(weights)
    rounds = sorted(arguments.training.glob("*/model.json"), key=lambda path: int(path.parent.name))
    trained = [read_document(path, "model") for path in rounds]
    card = {
        "name": arguments.name,
        "recipe": SHIPPED[arguments.name],
        "licence": "BSD-3-Clause for the weights; the footage keeps its own terms, see data",
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "pool5": network.feature_size,
        "network": network.settings.model_dump(mode="json"),
        "data": json.loads(arguments.data.read_text(encoding="utf-8")),
        "settings": [one["settings"] for one in trained],
        "training": [{key: one.get(key) for key in TRAINING} for one in trained],
        "benchmarks": figures(arguments.figures, arguments.name),
        "limits": [*OWN_LIMITS[arguments.name], *LIMITS],
        "retrain": f"snakemake --configfile {RETRAIN[arguments.name]} --config videos=DIR",
    }
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (MODELS / f"{arguments.name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
