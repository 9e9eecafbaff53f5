"""Which videos are held out together."""

import json
from pathlib import Path

import pytest

from stpose.errors import InputError
from stpose.videos.discovery import VideoSource, video_id
from stpose.videos.sources import held_out, read_recordings


def source(relative):
    return VideoSource(video_id(relative), Path(relative), relative, "")


VIDEOS = [source(f"clips/run/game_{game}_{clip}.mp4") for game in range(40) for clip in range(3)]
RECORDINGS = {f"run/game_{game}_{clip}": f"game {game}" for game in range(40) for clip in range(3)}


def test_recordings_are_held_out_whole_and_to_about_the_share():
    ids = set(held_out(VIDEOS, RECORDINGS, 0.3))
    by_game = [VIDEOS[start : start + 3] for start in range(0, 120, 3)]
    found = [sum(video.video_id in ids for video in game) for game in by_game]
    assert set(found) == {0, 3}
    assert 6 <= found.count(3) <= 18
    assert held_out(VIDEOS, RECORDINGS, 0) == ()
    assert len(held_out(VIDEOS, RECORDINGS, 1)) == 120


def test_more_videos_and_a_larger_share_only_add():
    some = set(held_out(VIDEOS[:60], RECORDINGS, 0.3))
    more = set(held_out(VIDEOS, RECORDINGS, 0.3))
    assert some == more & {video.video_id for video in VIDEOS[:60]}
    assert more < set(held_out(VIDEOS, RECORDINGS, 0.6))


def test_a_video_in_no_recording_is_one_by_itself():
    ids = set(held_out(VIDEOS, {}, 0.3))
    found = [
        sum(video.video_id in ids for video in VIDEOS[start : start + 3])
        for start in range(0, 120, 3)
    ]
    assert {1, 2} & set(found)


def test_the_file_lists_videos_by_recording(tmp_path):
    path = tmp_path / "sources.json"
    path.write_text(json.dumps({"a": ["run/x", "run/y"], "b": ["z"]}), encoding="utf-8")
    assert read_recordings(path) == {"run/x": "a", "run/y": "a", "z": "b"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "expected JSON of lists of videos by recording"),
        ("no json", "expected JSON of lists"),
        ("[1, 2]", "expected JSON of lists"),
        ('{"a": 3}', "expected JSON of lists"),
        ('{"a": ["x"], "b": ["x"]}', "x is in 'a' and in 'b'"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, content, message):
    path = tmp_path / "sources.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_recordings(path)
