"""How far the paper's two tasks get without a pixel: by the shape of boxes and their borders.

What a network may see of a picture without looking at the person: the aspect ratio of the box, and
where the frame ends (beyond it pixels are repeated). Boosted trees are fitted to these on some
videos and asked about others.

    python bench/pretext_cues.py results [--batches 200]
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from stpose.crop_index import CropIndex, read_crop_index
from stpose.geometry import square_around
from stpose.recipes.footage import read_footage
from stpose.recipes.recipe import Drawn
from stpose.recipes.registry import recipes_in_use
from stpose.settings.experiment import ExperimentSettings

FOLDS = 4


def visible(index: CropIndex, drawn: Drawn) -> NDArray[np.float64]:
    """Return what is seen of each picture (N, 5): aspect, and where the frame ends on each side."""
    box, valid = drawn.boxes, index.valid[drawn.crops].astype(np.float64)
    square = square_around(box)
    side = square[:, 2:3] - square[:, 0:1]
    ends = (np.tile([1.0, 1.0, -1.0, -1.0], (len(box), 1)) * (valid - square) / side).clip(0)
    extent = box[:, 2:] - box[:, :2]
    return np.column_stack([np.log(extent[:, 0] / extent[:, 1]), ends])


def questions(
    name: str, index: CropIndex, drawn: Drawn, members: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int32]]:
    """Return the cues (M, ...) of each question of a recipe, its answer, and its video."""
    seen, video = visible(index, drawn), index.video[drawn.crops]
    if name == "ordering":
        groups = len(drawn.truth["is_repetition"])
        anchors = np.repeat(seen[:groups], members, axis=0)
        seen = np.concatenate([anchors, seen[groups:], np.abs(anchors - seen[groups:])], axis=1)
        video = video[groups:]
    return seen, np.arange(len(seen)) % members == 0, video


def main() -> None:
    """Print the AUC of each task on videos that the trees were not fitted to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--batches", type=int, default=200)
    arguments = parser.parse_args()
    crops = sorted((arguments.results / "crops").glob("[!.]*.h5"))
    index, _, size_px = read_crop_index(crops)
    footage = read_footage(index, size_px, arguments.results / "curriculum.parquet", None)
    settings = ExperimentSettings()
    for recipe in recipes_in_use(footage, settings):
        parts = [
            questions(
                recipe.name,
                index,
                recipe.draw(np.random.default_rng(seed), footage.blocks),
                1 + settings.negatives,
            )
            for seed in range(arguments.batches)
        ]
        cues, answers, video = (np.concatenate(column) for column in zip(*parts, strict=True))
        fold = np.random.default_rng(0).integers(FOLDS, size=len(index.videos))[video]
        found = []
        for held_out in range(FOLDS):
            trees = HistGradientBoostingClassifier(max_iter=100)
            trees.fit(cues[fold != held_out], answers[fold != held_out])
            score = trees.predict_proba(cues[fold == held_out])[:, 1]
            found.append(roc_auc_score(answers[fold == held_out], score))
        text = " ".join(f"{value:.3f}" for value in found)
        print(f"{recipe.name}: AUC without a pixel {np.mean(found):.3f} (folds {text})")


if __name__ == "__main__":
    main()
