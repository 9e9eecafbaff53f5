"""Whole rows of the counting benchmark: trivial ones, and an embedding's."""

import numpy as np
import pytest

from stpose.benchmarks.embedders import Contender, Pixels
from stpose.benchmarks.quva_counting.data import load_videos
from stpose.benchmarks.quva_counting.evaluation import evaluate_counting
from stpose.benchmarks.quva_counting.trivial import mean_counts, pixel_peak, similarity_by_lag
from stpose.errors import InputError
from stpose.repetitions.similarity import normalise, similarity
from stpose.settings.benchmarks import BenchmarkSettings
from stpose.settings.counting import CountingSettings


def test_the_mean_is_that_of_the_others(counted):
    known = load_videos(counted)
    found = mean_counts(known.videos)
    assert [one.count for one in found] == [round(3.5), round(4.5), 5]
    assert [one.period for one in found] == [15, 12.5, 17.5]
    with pytest.raises(InputError, match="1 video, expected at least 2"):
        mean_counts(known.videos[:1])


def test_similarity_by_lag_is_the_mean_of_diagonals():
    vectors = normalise(np.random.default_rng(2).normal(size=(11, 6)))
    matrix = similarity(vectors, vectors)
    expected = [np.diagonal(matrix, lag).mean() for lag in range(1, 6)]
    np.testing.assert_allclose(similarity_by_lag(vectors), expected, rtol=1e-5)


def test_pixels_count_by_their_largest_peak(counted):
    wave, slow, _ = (pixel_peak(video) for video in load_videos(counted).videos)
    assert (wave.count, wave.period) == (6, 15)
    assert (slow.count, slow.period) == (4, 20)


def test_pixels_say_when_there_is_no_video(tmp_path):
    for part in ("videos", "annotations"):
        (tmp_path / part).mkdir()
    (tmp_path / "videos" / "a.mp4").write_bytes(b"no video")
    np.save(tmp_path / "annotations" / "a.npy", np.array([3, 9]))
    found = pixel_peak(load_videos(tmp_path).videos[0])
    assert (found.count, found.status) == (0, "unreadable")


@pytest.fixture
def settings(counted):
    people = {"detector": "precomputed", "boxes": str(counted / "boxes")}
    return CountingSettings.model_validate({"people": people})


def choose(name):
    return Contender(name, "hand-made", (Pixels(),))


def test_an_embedding_counts(counted, settings):
    found = evaluate_counting(load_videos(counted), "pixels", settings, choose)
    content = found.content(BenchmarkSettings())
    assert content["benchmark"] == "quva-counting"
    assert content["counted"] == "cycles, each one label"
    videos = content["videos"]
    assert videos["000_wave"]["predicted"] == videos["000_wave"]["true"] == 6
    assert videos["000_wave"]["period"] == pytest.approx(15, rel=0.05)
    assert videos["000_wave"]["period_error"] < 0.05
    # Nobody has a box in the last one: no cycles, and the reason.
    assert videos["002_still"]["predicted"] == 0
    assert videos["002_still"]["period_error"] == 1
    assert [video["status"] for video in videos.values()] == ["ok", "ok", "no_person"]
    assert content["off_by_one"] == pytest.approx(2 / 3)
    errors = [abs(video["predicted"] - video["true"]) / video["true"] for video in videos.values()]
    assert content["mae"] == pytest.approx(np.mean(errors))
    assert content["interval"] == [0, 1]
    assert content["n"] == 3
    assert content["left_out"] == ["003_unlabelled", "004_unseen"]


def test_a_trivial_row_looks_for_nobody(counted):
    nobody = CountingSettings.model_validate({"people": {"detector": "darknet"}})
    known = load_videos(counted, ["000", "001"], labels_per_cycle=2)
    for row in ("mean-count", "pixel-peak"):
        found = evaluate_counting(known, row, nobody, choose)
        assert set(found.figures["videos"]) == {"000_wave", "001_slow_wave"}
        assert found.figures["counted"] == "cycles, each 2 labels"
    with pytest.raises(InputError, match=r"people\.weights: none given"):
        evaluate_counting(known, "pixels", nobody, choose)
