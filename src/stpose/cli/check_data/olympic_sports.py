"""Looking at the posture labels of Olympic Sports."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

from stpose.benchmarks.olympic_sports.frames import FrameList, has_frames, read_frames
from stpose.benchmarks.olympic_sports.labels import PostureLabels, find_label_files, read_labels
from stpose.cli.check_data.finding import Finding, Layout, differences, some
from stpose.datasets.catalogue import OLYMPIC_CATEGORIES
from stpose.datasets.catalogue import OLYMPIC_SPORTS_LABELS as DATASET
from stpose.errors import InputError

_ENDINGS = (".png", ".jpg")


def _is_in(folder: Path) -> bool:
    return any(folder.glob("labels_hdf5*/labels_*.hdf5")) or any(
        folder.glob("labels_mat*/labels_*.mat")
    )


def _check(folder: Path) -> Finding:
    problems: list[str] = []
    lost: list[str] = []
    counts = dict.fromkeys(("categories", "exemplars", "sequences", "frames", "labels"), 0)
    try:
        files = find_label_files(folder)
    except InputError as error:
        return Finding(DATASET.title, folder, {}, (str(error),))
    for category, path in tqdm(files.items(), desc=folder.name, disable=None):
        try:
            frames = read_frames(folder, category)
            labels = read_labels(path, len(frames.paths))
        except InputError as error:
            problems.append(str(error))
            continue
        counts["categories"] += 1
        counts["exemplars"] += len(labels.anchors)
        counts["sequences"] += len(frames.sequences)
        counts["frames"] += len(frames.paths)
        counts["labels"] += len(labels.frame)
        lost += _lost_frames(folder, frames, labels) if has_frames(folder) else []
    missing = set(OLYMPIC_CATEGORIES) - set(files)
    problems += [
        *some("missing frames with labels", lost),
        *some("missing categories", missing),
        *differences(counts, DATASET),
    ]
    notes = () if has_frames(folder) else ("without frames: only cues that need no pixels",)
    return Finding(DATASET.title, folder, counts, tuple(problems), notes)


def _lost_frames(folder: Path, frames: FrameList, labels: PostureLabels) -> list[str]:
    """Return the frames that are exemplars or labelled, but not there."""
    known = folder / "frames" / frames.category
    wanted = np.union1d(labels.anchors, labels.frame).tolist()
    return [
        f"{frames.category}/{frames.paths[frame]}"
        for frame in wanted
        if not any((known / f"{frames.paths[frame]}{ending}").is_file() for ending in _ENDINGS)
    ]


LAYOUT = Layout(DATASET.title, "labels_hdf5*/ or labels_mat*/", _is_in, _check)
