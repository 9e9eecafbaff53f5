"""Results folders written directly, as a run would leave them: for tests and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from stpose.artefacts.provenance import Provenance, derive
from stpose.artefacts.schemas import (
    CROPS,
    CURRICULUM,
    EMBEDDINGS,
    FLOW,
    FRAMES,
    METRICS,
    PEOPLE,
    REPETITION_GROUPS,
    REPETITION_TRACKS,
    VIDEOS,
)
from stpose.artefacts.status import Status
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table
from stpose.embeddings import write_embeddings
from stpose.network.alexnet import PoseNetwork
from stpose.network.weights import draw_weights, save_weights
from stpose.pictures import write_pictures
from stpose.retrieval import write_retrieval
from stpose.search.stage import write_search
from stpose.settings.embeddings import EmbeddingsSettings
from stpose.settings.network import NetworkSettings
from stpose.settings.pictures import PicturesSettings
from stpose.settings.retrieval import RetrievalSettings
from stpose.settings.search import SearchSettings
from stpose.videos.discovery import video_id

WIDTH, HEIGHT, CROP = 128, 96, 72
PERIOD = 12
FPS = 25.0
PROVENANCE: Provenance = derive("made", "{}")
NETWORK = NetworkSettings(input_px=64, width=0.125, first_stride=2)


@dataclass(frozen=True)
class MadeVideo:
    """A video to make: its path below the videos folder, its frames, and whether it is usable."""

    path: str
    frames: int
    usable: bool = True

    @property
    def video_id(self) -> str:
        """Its id."""
        return video_id(self.path)


def figure(number: int, frame: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Draw a person who waves with a period of twelve frames, in colours of the video."""
    image = np.full((HEIGHT, WIDTH, 3), 90 + 20 * (number % 6), np.uint8)
    image[::8] = 120
    colour = [(60, 60, 220), (60, 180, 60), (220, 120, 40)][number % 3]
    angle = 2 * np.pi * frame / PERIOD
    middle = np.array([64, 44])
    hand = np.array([np.cos(angle), np.sin(angle)]) * 24
    for sign in (1, -1):
        arm = (middle + hand * (sign, 1)).astype(int)
        cv2.line(image, (64, 40), (int(arm[0]), int(arm[1])), colour, 5, cv2.LINE_AA)
        cv2.line(image, (64, 60), (64 + 12 * sign, 88), colour, 6, cv2.LINE_AA)
    cv2.line(image, (64, 36), (64, 62), colour, 12, cv2.LINE_AA)
    cv2.circle(image, (64, 24), 9, colour, cv2.FILLED, cv2.LINE_AA)
    return image


def encoded(image: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    """Return it as JPEG."""
    return bytes(cv2.imencode(".jpg", image)[1].tobytes())


def write_results(results: Path, videos: Sequence[MadeVideo], dimensions: int = 0) -> None:
    """Write all artefacts that a report is made of.

    The vectors are those of a network with random weights, or, for measurements at scale, made up
    ones of so many dimensions.
    """
    ordered = sorted(videos, key=lambda video: video.path)
    for number, video in enumerate(ordered):
        _write_footage(results, video, number)
    _write_tables(results, ordered)
    _write_learning(results, ordered, dimensions)


def _write_footage(results: Path, video: MadeVideo, number: int) -> None:
    name = video.video_id
    frames = range(video.frames if video.usable else 0)
    status = Status.ok() if video.usable else Status("unreadable", "not a video")
    images = [figure(number, frame) for frame in range(min(len(frames), PERIOD))]
    with create_store(results / "frames" / f"{name}.h5", FRAMES, PROVENANCE) as store:
        store.status = status
        store.attributes |= {"video_id": name, "fps": FPS, "stride": 1}
        store.attributes |= {"width": WIDTH, "height": HEIGHT}
        store.attributes |= {"stored_width": WIDTH, "stored_height": HEIGHT}
        jpegs = [encoded(image) for image in images]
        for frame in frames:
            store.append(frame=frame, time=frame / FPS, shot=0, image=jpegs[frame % PERIOD])
    box = np.tile([34.0, 12.0, 94.0, 92.0], (len(frames), 1))
    people = {
        "frame": frames,
        "track": [1] * len(frames),
        **{side: box[:, index] for index, side in enumerate(("x1", "y1", "x2", "y2"))},
        "score": [0.9] * len(frames),
        "filled": [frame % 7 == 3 for frame in frames],
        "shot": [0] * len(frames),
    }
    write_table(results / "people" / f"{name}.parquet", PEOPLE, people, PROVENANCE, status)
    with create_store(results / "crops" / f"{name}.h5", CROPS, PROVENANCE) as store:
        store.status = status
        store.attributes |= {"video_id": name, "size_px": CROP, "stride": 1}
        crops = [encoded(cv2.resize(image[:, 16:112], (CROP, CROP))) for image in images]
        for frame in frames:
            store.append(
                frame=frame,
                track=1,
                box=[12, 9, 60, 69],
                region=[16, 0, 112, 96],
                valid=[0, 0, CROP, CROP],
                image=crops[frame % PERIOD],
            )
    flow = {
        "frame": frames,
        "track": [1] * len(frames),
        "inside": [1.0] * len(frames),
        "outside": [1.0] * len(frames),
        "ratio": [None, *(1 + 4 * abs(np.sin(frame)) for frame in frames[1:])][: len(frames)],
        "note": ["first frame", *([None] * (len(frames) - 1))][: len(frames)],
    }
    about = {"video_id": name}
    write_table(results / "flow" / f"{name}.parquet", FLOW, flow, PROVENANCE, status, about)
    write_pictures(
        results / "frames" / f"{name}.h5",
        results / "crops" / f"{name}.h5",
        results / "pictures" / f"{name}.h5",
        PicturesSettings(),
    )


def _write_tables(results: Path, videos: Sequence[MadeVideo]) -> None:
    rows = [
        {
            "video_id": video.video_id,
            "path": video.path,
            "status": "ok" if video.usable else "unreadable",
            "reason": "" if video.usable else "not a video",
            "frames": video.frames if video.usable else 0,
            "fps": FPS,
            "width": WIDTH,
            "height": HEIGHT,
            "sha256": "",
            "frames_with_person": video.frames if video.usable else 0,
            "tracks": int(video.usable),
            "warning": "",
        }
        for video in videos
    ]
    columns = {column.name: [row[column.name] for row in rows] for column in VIDEOS.columns}
    write_table(results / "videos.parquet", VIDEOS, columns, PROVENANCE)
    usable = [video for video in videos if video.usable]
    samples = sorted(
        ((1 + 4 * abs(np.sin(frame)), video.video_id, frame))
        for video in usable
        for frame in range(1, video.frames, 2)
    )[::-1]
    curriculum = {
        "video_id": [name for _, name, _ in samples],
        "track": [1] * len(samples),
        "frame": [frame for _, _, frame in samples],
        "ratio": [ratio for ratio, _, _ in samples],
        "block": [7 * place // max(len(samples), 1) for place in range(len(samples))],
    }
    write_table(results / "curriculum.parquet", CURRICULUM, curriculum, PROVENANCE)


def _write_learning(results: Path, videos: Sequence[MadeVideo], dimensions: int) -> None:
    usable = sorted((video for video in videos if video.usable), key=lambda video: video.video_id)
    network = PoseNetwork(NETWORK)
    draw_weights(network, 1)
    weights = results / "training/st/1/weights.safetensors"
    save_weights(weights, network, PROVENANCE, {"crop_mode": "warp"})
    shown = results / "embeddings/st/1/embeddings.h5"
    crops = [results / "crops" / f"{video.video_id}.h5" for video in videos]
    if dimensions:
        _write_vectors(shown, usable, dimensions)
    else:
        write_embeddings(weights, crops, shown, EmbeddingsSettings(device="cpu"))
    metrics = {
        "step": [10, 20, 30] * 2,
        "block": [1, 1, 2] * 2,
        "task": ["motion"] * 3 + ["placement"] * 3,
        "loss": [0.7, 0.6, 0.5] * 2,
        "trivial_loss": [0.7] * 6,
        "accuracy": [None] * 3 + [0.5, 0.6, 0.7],
        "chance": [None] * 3 + [0.5] * 3,
        "rank1": [None] * 3 + [0.5] * 3,
        "images_per_second": [100.0, 110.0, 120.0] * 2,
        "seconds": [1.0, 2.0, 3.0] * 2,
        "learning_rate": [0.1] * 6,
    }
    write_table(results / "training/st/1/metrics.parquet", METRICS, metrics, PROVENANCE)
    tracks = {
        "video_id": [video.video_id for video in usable],
        "track": [1] * len(usable),
        "first_frame": [0] * len(usable),
        "last_frame": [video.frames - 1 for video in usable],
        "frames": [video.frames for video in usable],
        "repeats": [video.frames >= 2 * PERIOD for video in usable],
        "count": [video.frames // PERIOD for video in usable],
        "period": [float(PERIOD)] * len(usable),
        "strength": [0.5 + 0.001 * place for place in range(len(usable))],
    }
    folder = results / "repetitions/st/1"
    write_table(folder / "tracks.parquet", REPETITION_TRACKS, tracks, PROVENANCE)
    groups = [
        (video.video_id, query, frame)
        for video in usable
        for query in range(min(PERIOD, video.frames))
        for frame in range(query + PERIOD, video.frames, PERIOD)
    ]
    mined = {
        "video_id": [name for name, _, _ in groups],
        "track": [1] * len(groups),
        "group": [query for _, query, _ in groups],
        "query": [query for _, query, _ in groups],
        "frame": [frame for _, _, frame in groups],
        "similarity": [0.9] * len(groups),
    }
    write_table(folder / "groups.parquet", REPETITION_GROUPS, mined, PROVENANCE)
    write_search(shown, results / "search/st/1/codes.h5", SearchSettings())
    neighbours = results / "retrieval/st/1/neighbours.parquet"
    write_retrieval(weights, shown, crops, neighbours, RetrievalSettings(queries=4, gallery=60))


def _write_vectors(path: Path, usable: Sequence[MadeVideo], dimensions: int) -> None:
    """Write vectors that go round with the figure, with noise, and differ between videos."""
    random = np.random.default_rng(0)
    mixes = random.normal(size=(4, dimensions))
    with create_store(path, EMBEDDINGS, PROVENANCE) as store:
        store.attributes["videos"] = [video.video_id for video in usable]
        for number, video in enumerate(usable):
            turn = 2 * np.pi * np.arange(video.frames) / PERIOD
            waves = np.stack([np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn)], 1)
            noise = 0.2 * random.normal(size=(video.frames, dimensions))
            store.extend(
                video=[number] * video.frames,
                track=[1] * video.frames,
                frame=range(video.frames),
                vector=waves @ mixes + noise + 0.5 * random.normal(size=dimensions),
            )
