"""Pictures of artefacts show what is in them."""

import cv2
import numpy as np
import pytest

from stpose.artefacts.documents import write_document
from stpose.artefacts.motion_maps import encode_motion
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import (
    CROPS,
    CURRICULUM,
    EMBEDDINGS,
    FLOW,
    FRAMES,
    METRICS,
    MOTION,
    NEIGHBOURS,
    PEOPLE,
    PICTURES,
    REPETITION_GROUPS,
    REPETITION_TRACKS,
)
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import write_table
from stpose.inspect.canvas import evenly, sheet
from stpose.inspect.footage import draw_box
from stpose.inspect.picture import picture_of

PROVENANCE = derive("stage", "{}")
VIDEO = "a--x-00000000"
COUNT = 24
PERIOD = 8


def jpeg(value, side=64):
    image = np.full((side, side, 3), value, np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


@pytest.fixture
def results(tmp_path):
    """A results folder of one video in which one track repeats every eight frames."""
    frames = range(COUNT)
    with create_store(tmp_path / "frames" / f"{VIDEO}.h5", FRAMES, PROVENANCE) as store:
        store.attributes |= {"width": 64, "height": 64, "stored_width": 64, "stored_height": 64}
        for frame in frames:
            store.append(frame=frame, time=frame / 25, shot=0, image=jpeg(100 + frame))
    box = np.tile([8, 8, 40, 60], (COUNT, 1))
    people = {
        "frame": frames,
        "track": [1] * COUNT,
        **{side: box[:, index] for index, side in enumerate(("x1", "y1", "x2", "y2"))},
        "score": [0.5] * COUNT,
        "filled": [False] * COUNT,
        "shot": [0] * COUNT,
    }
    write_table(tmp_path / "people" / f"{VIDEO}.parquet", PEOPLE, people, PROVENANCE)
    with create_store(tmp_path / "crops" / f"{VIDEO}.h5", CROPS, PROVENANCE) as store:
        images = [jpeg(10 * (frame % PERIOD) + 50) for frame in frames]
        store.extend(frame=frames, track=[1] * COUNT, box=box, region=box, valid=box, image=images)
    flow = {
        "frame": frames,
        "track": [1] * COUNT,
        "inside": [1.0] * COUNT,
        "outside": [1.0] * COUNT,
        "ratio": [None, *([2.0] * (COUNT - 1))],
        "note": ["first frame", *([None] * (COUNT - 1))],
    }
    write_table(tmp_path / "flow" / f"{VIDEO}.parquet", FLOW, flow, PROVENANCE)
    turn = 2 * np.pi * np.arange(COUNT) / PERIOD
    vectors = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    with create_store(tmp_path / "embeddings/e/1/embeddings.h5", EMBEDDINGS, PROVENANCE) as store:
        store.attributes["videos"] = [VIDEO]
        store.extend(video=[0] * COUNT, track=[1] * COUNT, frame=frames, vector=vectors)
    folder = tmp_path / "repetitions" / "e" / "1"
    tracks = {
        "video_id": [VIDEO],
        "track": [1],
        "first_frame": [0],
        "last_frame": [COUNT - 1],
        "frames": [COUNT],
        "repeats": [True],
        "count": [3],
        "period": [8.0],
        "strength": [0.9],
    }
    write_table(folder / "tracks.parquet", REPETITION_TRACKS, tracks, PROVENANCE)
    queries = [(query, other) for query in (0, 4) for other in (query, query + 8, query + 16)]
    groups = {
        "video_id": [VIDEO] * 6,
        "track": [1] * 6,
        "group": [0, 0, 0, 1, 1, 1],
        "query": [query for query, _ in queries],
        "frame": [other for _, other in queries],
        "similarity": [1.0] * 6,
    }
    write_table(folder / "groups.parquet", REPETITION_GROUPS, groups, PROVENANCE)
    curriculum = {
        "video_id": [VIDEO] * 4,
        "track": [1] * 4,
        "frame": range(4),
        "ratio": [4.0, 3.0, 2.0, 1.0],
        "block": [0, 1, 1, 2],
    }
    write_table(tmp_path / "curriculum.parquet", CURRICULUM, curriculum, PROVENANCE)
    with create_store(tmp_path / "flow" / f"{VIDEO}.h5", MOTION, PROVENANCE) as store:
        store.attributes.update(video_id=VIDEO, width=80, height=60, largest=8.0)
        for frame in range(3):
            lengths = np.random.default_rng(frame).random((24, 32)) * 5
            store.append(frame=frame, map=encode_motion(lengths, 32, 8.0))
    metrics = {column.name: [1.0, 0.5, 0.7] for column in METRICS.columns}
    metrics |= {"step": [1, 2, 2], "block": [1, 2, 2], "task": ["ordering"] * 2 + ["motion"]}
    for measure in ("accuracy", "chance", "rank1"):
        metrics[measure][2] = None  # motion has no answer that is right or wrong
    write_table(tmp_path / "training/e/1/metrics.parquet", METRICS, metrics, PROVENANCE)
    rows = [
        {"name": "hog", "kind": "hand-made", "value": 0.6, "low": 0.5, "high": 0.7},
        {"name": "st", "kind": "trained", "value": 0.7, "low": 0.6, "high": 0.8},
    ]
    content = {"benchmark": "lsp", "metric": "pcp", "rows": rows}
    write_document(tmp_path / "benchmarks/e/lsp.json", "benchmark", 1, content, PROVENANCE)
    with create_store(tmp_path / "pictures" / f"{VIDEO}.h5", PICTURES, PROVENANCE) as store:
        gradient = np.tile(np.arange(64, dtype=np.uint8)[None, :, None], (64, 1, 3))
        for shows in (0, 0, 1, 2):
            encoded = cv2.imencode(".jpg", 3 * gradient)[1].tobytes()
            store.append(shows=shows, cells=1, image=encoded)
    neighbours = {
        "weights": ["trained", "trained", "random", "random"],
        "query": [0] * 4,
        "rank": [0, 1, 0, 1],
        "video_id": [VIDEO] * 4,
        "track": [1] * 4,
        "frame": [0, 8, 0, 3],
        "distance": [0.0, 0.1, 0.0, 0.4],
    }
    write_table(tmp_path / "retrieval/e/1/neighbours.parquet", NEIGHBOURS, neighbours, PROVENANCE)
    return tmp_path


NAMES = [
    f"frames/{VIDEO}.h5",
    f"people/{VIDEO}.parquet",
    f"crops/{VIDEO}.h5",
    f"flow/{VIDEO}.parquet",
    f"flow/{VIDEO}.h5",
    "curriculum.parquet",
    "training/e/1/metrics.parquet",
    "embeddings/e/1/embeddings.h5",
    "repetitions/e/1/tracks.parquet",
    "repetitions/e/1/groups.parquet",
    "benchmarks/e/lsp.json",
    f"pictures/{VIDEO}.h5",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_has_a_picture(results, name):
    picture = picture_of(results / name)
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 3
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10


def test_neighbours_are_shown_in_rows(results):
    picture = picture_of(results / "retrieval/e/1/neighbours.parquet")
    first, second = picture[40, 40], picture[40, 122]
    # Eight frames on the pose has come back, three frames on it has not.
    assert np.abs(first.astype(int) - second).max() < 4
    assert np.abs(first.astype(int) - picture[40, 200 + 82 + 40]).max() > 20


def test_a_document_of_another_kind_has_none(tmp_path):
    write_document(tmp_path / "m.json", "model", 1, {}, PROVENANCE)
    assert picture_of(tmp_path / "m.json") is None


def test_a_box_is_drawn_where_it_is():
    picture = np.zeros((100, 100, 3), np.uint8)
    draw_box(picture, np.array([20.0, 30.0, 60.0, 90.0]), 1, thin=True)
    assert picture[30, 50].any()
    assert picture[60, 20].any()
    assert not picture[80, 45].any()
    assert not picture[10, 10].any()


def test_a_sheet_holds_every_picture():
    cells = [np.full((4, 6, 3), value, np.uint8) for value in (10, 20, 30)]
    page = sheet(cells, 2, gap=1)
    assert page.shape == (10, 14, 3)
    assert page[0, 0, 0] == 10
    assert page[0, 7, 0] == 20
    assert page[5, 0, 0] == 30
    assert page[5, 7, 0] == 255


@pytest.mark.parametrize(("count", "wanted"), [(0, 3), (2, 3), (3, 3), (100, 7)])
def test_evenly_spread_indices(count, wanted):
    found = evenly(count, wanted)
    assert len(found) == min(count, wanted)
    assert found == sorted(set(found))
    if count > 1:
        assert (found[0], found[-1]) == (0, count - 1)
