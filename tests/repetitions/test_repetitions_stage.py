"""The repetitions stage as a whole."""

import numpy as np
import pytest

from stpose.artefacts.header import read_header
from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import (
    EMBEDDINGS,
    REPETITION_GROUPS,
    REPETITION_PAIRS,
    REPETITION_TRACKS,
)
from stpose.artefacts.stores import create_store
from stpose.artefacts.tables import read_table
from stpose.repetitions.stage import even_track, write_repetitions
from stpose.settings.repetitions import RepetitionsSettings


def write_embeddings(path, tracks, videos):
    with create_store(path, EMBEDDINGS, derive("embeddings", "{}")) as store:
        store.attributes["videos"] = videos
        for video, track, first, features in tracks:
            rows = len(features)
            store.extend(
                video=[video] * rows,
                track=[track] * rows,
                frame=np.arange(first, first + rows),
                vector=features,
            )
    return path


@pytest.fixture
def result(tmp_path, periodic):
    walk = np.cumsum(np.random.default_rng(1).normal(size=(160, 48)), axis=0)
    tracks = [
        (0, 1, 0, walk),
        (0, 2, 30, periodic([16] * 9, seed=1)),
        (1, 1, 5, periodic([16] * 9, seed=1)),
        (1, 3, 0, np.ones((1, 48))),
    ]
    path = write_embeddings(tmp_path / "embeddings.h5", tracks, ["a", "b"])
    write_repetitions(path, tmp_path / "out", RepetitionsSettings(evidence=0.5))
    return tmp_path / "out"


def test_every_track_has_a_row(result):
    tracks = read_table(result / "tracks.parquet", REPETITION_TRACKS).to_pylist()
    assert [(row["video_id"], row["track"]) for row in tracks] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 3),
    ]
    walk, first, second, single = tracks
    assert not walk["repeats"]
    assert walk["count"] is None
    assert walk["period"] is None
    for row, start in ((first, 30), (second, 5)):
        assert row["repeats"]
        assert row["count"] == 9
        assert row["period"] == pytest.approx(16, rel=0.03)
        assert (row["first_frame"], row["last_frame"], row["frames"]) == (start, start + 143, 144)
    assert (single["frames"], single["repeats"], single["strength"]) == (1, False, 0)


def test_pairs_and_groups_stay_in_their_track_and_phase(result):
    pairs = read_table(result / "pairs.parquet", REPETITION_PAIRS).to_pandas()
    assert set(zip(pairs["video_id"], pairs["track"], strict=True)) == {("a", 2), ("b", 1)}
    for video, start in (("a", 30), ("b", 5)):
        own = pairs[pairs["video_id"] == video]
        assert own[["anchor", "candidate"]].min().min() >= start
        assert own[["anchor", "candidate"]].max().max() < start + 144
        part = ((own["candidate"] - own["anchor"]) / 16) % 1
        apart = np.minimum(part, 1 - part)
        assert apart[own["similar"]].max() < 0.15
        assert apart[~own["similar"]].min() > 0.25
    groups = read_table(result / "groups.parquet", REPETITION_GROUPS).to_pandas()
    assert len(groups) == pairs["similar"].sum()
    assert groups.groupby(["video_id", "track", "group"])["query"].nunique().eq(1).all()


def test_an_empty_store_gives_empty_tables(tmp_path):
    path = write_embeddings(tmp_path / "embeddings.h5", [], [])
    write_repetitions(path, tmp_path, RepetitionsSettings())
    for name, schema in (
        ("tracks", REPETITION_TRACKS),
        ("groups", REPETITION_GROUPS),
        ("pairs", REPETITION_PAIRS),
    ):
        assert len(read_table(tmp_path / f"{name}.parquet", schema)) == 0
        assert read_header(tmp_path / f"{name}.parquet").status.is_ok


def test_strides_and_holes_are_brought_to_equal_steps(tmp_path, periodic):
    frames = np.arange(0, 400, 2)
    features = periodic([10] * 20)
    kept = np.delete(np.arange(200), [50, 51, 120])
    even = even_track(frames[kept], features[kept])
    assert even.step == 2
    assert len(even.frames) == 200
    assert np.isin(even.frames, frames[kept]).all()
    assert np.abs(even.frames - frames).max() <= 4
    whole = even_track(frames, features)
    assert (whole.frames == frames).all()
    path = tmp_path / "embeddings.h5"
    with create_store(path, EMBEDDINGS, derive("embeddings", "{}")) as store:
        store.attributes["videos"] = ["a"]
        one = np.ones(len(kept), int)
        store.extend(video=one * 0, track=one, frame=frames[kept], vector=features[kept])
    write_repetitions(path, tmp_path, RepetitionsSettings())
    row = read_table(tmp_path / "tracks.parquet", REPETITION_TRACKS).to_pylist()[0]
    assert row["count"] == 20
    assert row["period"] == pytest.approx(20, rel=0.03)


def test_a_single_crop_is_a_track():
    even = even_track(np.array([7]), np.ones((1, 4)))
    assert (even.frames.tolist(), even.step) == ([7], 1)
