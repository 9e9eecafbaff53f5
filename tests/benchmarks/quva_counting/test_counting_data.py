"""Reading videos whose cycles are labelled."""

import numpy as np
import pytest

from stpose.benchmarks.quva_counting.data import load_videos, read_names
from stpose.errors import InputError


def test_videos_with_labels_are_found(counted):
    known = load_videos(counted)
    assert [video.name for video in known.videos] == ["000_wave", "001_slow_wave", "002_still"]
    assert [video.count for video in known.videos] == [6, 4, 3]
    assert [video.period for video in known.videos] == [15, 20, 10]
    assert known.videos[0].ends.tolist() == [14, 29, 44, 59, 74, 89]
    assert known.left_out == ("003_unlabelled", "004_unseen")


@pytest.mark.parametrize("names", [["002", "000_wave"], ["000_wave", "002_still", "000"]])
def test_a_list_names_videos_by_their_number_or_whole(counted, names):
    known = load_videos(counted, names)
    assert [video.name for video in known.videos] == ["000_wave", "002_still"]


def test_steps_make_cycles(counted):
    (video,) = load_videos(counted, ["000"], labels_per_cycle=2).videos
    assert (video.count, video.period) == (3, 30)
    assert video.ends.tolist() == [29, 59, 89]
    (video,) = load_videos(counted, ["002"], labels_per_cycle=2).videos
    assert (video.count, video.period) == (1, None)
    with pytest.raises(InputError, match=r"002_still.npy: 3 labels, expected at least 4"):
        load_videos(counted, ["002"], labels_per_cycle=4)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["7"], "video '7': no labelled video is called so, expected one of 000_wave"),
        (["003"], "video '003': no labelled video"),
        ([], "the list of videos is empty"),
    ],
)
def test_names_that_are_not_there_are_said(counted, names, says):
    with pytest.raises(InputError, match=says):
        load_videos(counted, names)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (np.array([3, 3]), r"frames \[3, 3\], expected them to rise"),
        (np.array([-1, 3]), "expected them to rise from 0"),
        (np.array([1.5]), r"float64 \(1,\), expected whole numbers"),
        (np.array([[1], [2]]), r"int64 \(2, 1\)"),
        (np.array([], np.int64), "0 labels, expected at least 1"),
        (np.array(["a"], dtype=object), "unreadable"),
    ],
)
def test_labels_that_are_none_are_said(tmp_path, labels, says):
    for part in ("videos", "annotations"):
        (tmp_path / part).mkdir()
    (tmp_path / "videos" / "a_1.mp4").write_bytes(b"")
    np.save(tmp_path / "annotations" / "a_1.npy", labels)
    with pytest.raises(InputError, match=says):
        load_videos(tmp_path)


def test_folders_that_are_not_there_are_said(tmp_path):
    with pytest.raises(InputError, match="videos: no such folder"):
        load_videos(tmp_path)
    for part in ("videos", "annotations"):
        (tmp_path / part).mkdir()
    for name in ("a_1", "a_2"):
        (tmp_path / "videos" / f"{name}.mp4").write_bytes(b"")
    with pytest.raises(InputError, match="2 videos and 0 annotations, none of the same name"):
        load_videos(tmp_path)
    for name in ("a_1", "a_2"):
        np.save(tmp_path / "annotations" / f"{name}.npy", np.array([1]))
    with pytest.raises(InputError, match="video 'a': a_1, a_2 begin so"):
        load_videos(tmp_path, ["a"])
    (tmp_path / "videos" / "a_1.avi").write_bytes(b"")
    with pytest.raises(InputError, match=r"a_1.avi has the same name"):
        load_videos(tmp_path)


def test_names_come_from_a_text_and_a_file(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("002\n\n 003 \n")
    assert read_names(None, None) is None
    assert read_names("000, 001", path) == ["000", "001", "002", "003"]
    with pytest.raises(InputError, match=r"none.txt: unreadable"):
        read_names(None, tmp_path / "none.txt")


def test_real_labels_are_read(shared_data):
    known = load_videos(shared_data / "quva_repetition")
    assert len(known.videos) == 26
    assert known.left_out == ()
    counts = {video.name: video.count for video in known.videos}
    assert (counts["000_rope_beach"], counts["060_jumping_rope"]) == (17, 63)
    steps = load_videos(shared_data / "jump_rope")
    cycles = load_videos(shared_data / "jump_rope", labels_per_cycle=2)
    for one, other in zip(steps.videos, cycles.videos, strict=True):
        assert other.count == one.count // 2
