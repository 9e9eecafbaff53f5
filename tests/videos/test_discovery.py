"""Which videos there are."""

import os
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stpose.errors import InputError
from stpose.videos.discovery import ID_PATTERN, content_identity, find_videos, video_id


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_ids_fit_the_pattern(relative):
    assert re.fullmatch(ID_PATTERN, video_id(relative))


@pytest.mark.parametrize(
    ("one", "two"),
    [("a/x.mp4", "b/x.mp4"), ("a/x.mp4", "a/x.avi"), ("a b.mp4", "a_b.mp4"), ("é.mp4", "e.mp4")],
)
def test_names_that_look_alike_stay_apart(one, two):
    assert video_id(one) != video_id(two)


def test_an_id_can_be_read():
    assert re.fullmatch(r"squats--person_01-[0-9a-f]{8}", video_id("squats/Person 01.mp4"))


def names(folder, memory):
    return [source.relative for source in find_videos(folder, memory)]


@pytest.fixture
def folder(tmp_path):
    videos = tmp_path / "videos"
    for name in ["b/x.mp4", "a/x.MP4", "a/Übung 1.mkv", ".hidden/x.mp4", "a/notes.txt", "._x.mp4"]:
        (videos / name).parent.mkdir(parents=True, exist_ok=True)
        (videos / name).write_text(name)
    return videos


def test_videos_are_found_in_all_folders_and_sorted(folder, tmp_path):
    assert names(folder, tmp_path / "m.json") == ["a/x.MP4", "a/Übung 1.mkv", "b/x.mp4"]


def test_touching_keeps_the_identity_and_replacing_changes_it(folder, tmp_path):
    memory = tmp_path / "m.json"
    before = {source.relative: source.identity for source in find_videos(folder, memory)}
    os.utime(folder / "a" / "x.MP4", (time.time() + 10, time.time() + 10))
    old = (folder / "b" / "x.mp4").stat()
    (folder / "b" / "x.mp4").write_text("b/y.mp4")
    os.utime(folder / "b" / "x.mp4", ns=(old.st_atime_ns, old.st_mtime_ns))
    after = {source.relative: source.identity for source in find_videos(folder, memory)}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"b/x.mp4"}


def test_remembered_files_are_not_opened_again(folder, tmp_path, monkeypatch):
    memory = tmp_path / "m.json"
    first = find_videos(folder, memory)
    monkeypatch.setattr("stpose.videos.discovery.content_identity", lambda _path: "opened")
    assert find_videos(folder, memory) == first


def test_a_damaged_memory_only_costs_time(folder, tmp_path):
    memory = tmp_path / "m.json"
    first = find_videos(folder, memory)
    memory.write_text("{")
    assert find_videos(folder, memory) == first


def test_large_files_are_sampled_from_start_to_end(tmp_path):
    path = tmp_path / "x.mp4"
    content = bytearray(os.urandom(3 << 20))
    path.write_bytes(content)
    before = content_identity(path)
    for position in (0, len(content) - 1):
        changed = bytearray(content)
        changed[position] ^= 1
        path.write_bytes(changed)
        assert content_identity(path) != before


def test_a_dangling_link_is_listed_with_the_reason(folder, tmp_path):
    (folder / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    sources = {source.relative: source for source in find_videos(folder, tmp_path / "m.json")}
    assert "cannot be read" in sources["gone.mp4"].identity


def test_a_folder_named_like_a_video_is_listed_and_not_searched(folder, tmp_path):
    (folder / "d.mp4").mkdir()
    (folder / "d.mp4" / "in.mp4").write_text("x")
    found = names(folder, tmp_path / "m.json")
    assert "d.mp4" in found
    assert "d.mp4/in.mp4" not in found


def test_a_missing_folder_and_an_empty_one_are_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere does not exist, expected a folder"):
        find_videos(tmp_path / "nowhere", tmp_path / "m.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty holds no video file"):
        find_videos(tmp_path / "empty", tmp_path / "m.json")
    (tmp_path / "f.mp4").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        find_videos(tmp_path / "f.mp4", tmp_path / "m.json")


def test_links_in_a_circle_come_to_an_end(folder, tmp_path):
    """Two such links in a folder are two to the power of forty paths, if they are followed."""
    before = names(folder, tmp_path / "before.json")
    for name in ("circle", "round", "a/up"):
        (folder / name).symlink_to(folder)
    (folder / "b" / "itself").symlink_to(folder / "b" / "itself")
    (folder / "a" / "sideways").symlink_to(folder / "b")
    assert names(folder, tmp_path / "after.json") == before


def test_a_folder_elsewhere_is_followed_once(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "y.mp4").write_text("y")
    for name in ("one", "two"):
        (folder / name).symlink_to(tmp_path / "elsewhere")
    found = names(folder, tmp_path / "memory.json")
    assert [name for name in found if name.endswith("y.mp4")] == ["one/y.mp4"]
