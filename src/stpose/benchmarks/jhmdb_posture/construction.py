"""Making the posture benchmark: from a folder of J-HMDB to one in the published format."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from stpose.artefacts.documents import write_document
from stpose.artefacts.files import replace_folder_atomically
from stpose.artefacts.posture_format import ExemplarLabels, frame_path, write_category
from stpose.artefacts.provenance import derive, input_identity
from stpose.benchmarks.jhmdb_posture.candidates import (
    Candidates,
    find_candidates,
    read_pictures,
    sequence_name,
)
from stpose.benchmarks.jhmdb_posture.data import (
    JOINTS_FILE,
    SOURCES_FILE,
    AnnotatedClip,
    AnnotatedSet,
    load_clips,
)
from stpose.benchmarks.jhmdb_posture.labels import choose_labels
from stpose.benchmarks.jhmdb_posture.rule import Rule
from stpose.errors import InputError

CATEGORY = "jhmdb"
DOCUMENT = "jhmdb_posture.json"
KIND, VERSION = "jhmdb_posture", 1

_ENDING, _QUALITY = ".jpg", 95


@dataclass(frozen=True)
class Counts:
    """How large the benchmark is, and what it was chosen from."""

    clips: int
    sources: int
    frames: int
    candidates: int
    exemplars: int
    exemplar_sources: int
    labels: int  # positives, and negatives, of each exemplar
    pictures: int


def make_posture_set(data: Path, out: Path, rule: Rule) -> Counts:
    """Choose exemplars and labels by the rule and write them with their pictures.

    Frame lists and boxes name every frame that has joints; only labelled frames have pictures.
    Nothing appears at `out` before all is written.

    Args:
        data: A folder of J-HMDB, see `stpose.benchmarks.jhmdb_posture.data`.
        out: The folder to make: `labels_hdf5/`, `image_pathes/`, `bboxes/`, `frames/`, and
            `jhmdb_posture.json` with the rule and counts. A set made before is replaced.
        rule: The rule.

    Raises:
        InputError: A file of the data is missing or not as described, a video cannot be decoded,
            no frame can be an exemplar, or `out` holds something else.
    """
    if out.exists() and not (out / DOCUMENT).is_file():
        message = f"{out}: is there already, expected a new folder or one that this command made"
        raise InputError(message)
    known = load_clips(data)
    candidates, sequences = find_candidates(known.clips, rule)
    labels = choose_labels(candidates, rule)
    if not labels:
        message = (
            f"{data}: no exemplars among {len(candidates)} frames of "
            f"{len(set(candidates.source.tolist()))} sources, expected {rule.fewest_labels} like "
            "postures in other sources; more sources give them"
        )
        raise InputError(message)
    counts = _counts(known, candidates, labels, sum(len(one.numbers) for one in sequences))
    with replace_folder_atomically(out) as folder:
        ids = [one.renumbered(candidates.frame) for one in labels]
        write_category(folder, CATEGORY, sequences, ids, _ENDING)
        for clip, frames in _pictured(candidates, labels).items():
            _write_pictures(folder, known.clips[clip], frames)
        _write_summary(folder / DOCUMENT, data, known, rule, counts)
    return counts


def _rows(labels: Sequence[ExemplarLabels]) -> list[int]:
    """Return all candidates that are exemplars or labelled, sorted."""
    return sorted({row for one in labels for row in (one.anchor, *one.positives, *one.negatives)})


def _pictured(candidates: Candidates, labels: Sequence[ExemplarLabels]) -> dict[int, list[int]]:
    """Return by the number of the clip the frames whose pictures are needed."""
    found: dict[int, list[int]] = {}
    for row in _rows(labels):
        found.setdefault(int(candidates.clip[row]), []).append(int(candidates.number[row]))
    return found


def _write_pictures(folder: Path, clip: AnnotatedClip, frames: Sequence[int]) -> None:
    pictures = read_pictures(clip)
    for frame in frames:
        path = frame_path(folder, CATEGORY, sequence_name(clip), frame, _ENDING)
        path.parent.mkdir(parents=True, exist_ok=True)
        _, encoded = cv2.imencode(_ENDING, pictures[frame], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        path.write_bytes(encoded.tobytes())


def _counts(
    known: AnnotatedSet, candidates: Candidates, labels: Sequence[ExemplarLabels], frames: int
) -> Counts:
    anchors = np.array([one.anchor for one in labels])
    return Counts(
        clips=len(known.clips),
        sources=len({clip.source for clip in known.clips}),
        frames=frames,
        candidates=len(candidates),
        exemplars=len(labels),
        exemplar_sources=len(np.unique(candidates.source[anchors])),
        labels=len(labels[0].positives),
        pictures=len(_rows(labels)),
    )


def _write_summary(path: Path, data: Path, known: AnnotatedSet, rule: Rule, counts: Counts) -> None:
    sources = sorted({clip.source for clip in known.clips})
    content: dict[str, Any] = {
        "rule": list(rule.sentences()),
        "seed": rule.seed,
        "numbers": asdict(rule),
        "counts": asdict(counts),
        "left_out": {f"without {what}": count for what, count in known.without.items()},
        "sources": {
            "names": sources,
            "sha256": hashlib.sha256("\n".join(sources).encode()).hexdigest(),
        },
    }
    files = [(name, input_identity(data / name)) for name in (JOINTS_FILE, SOURCES_FILE)]
    provenance = derive("jhmdb_posture", rule.canonical(), sources=files)
    write_document(path, KIND, VERSION, content, provenance)
