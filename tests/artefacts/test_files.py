"""Files appear whole or not at all."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from stpose.artefacts.files import (
    PART,
    replace_atomically,
    replace_folder_atomically,
    temporary_folder,
)


def test_a_file_appears_whole(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    with replace_atomically(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
        assert temporary.suffix == path.suffix
    assert path.read_text() == "new"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.txt"]


def test_an_error_keeps_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail_halfway():
        with replace_atomically(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "half", ["replace_atomically(path) as temporary", "temporary_folder(path) as folder"]
)
def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path, half):
    path = tmp_path / "a.txt"
    script = (
        "import time, pathlib\n"
        "from stpose.artefacts.files import replace_atomically, temporary_folder\n"
        f"path = pathlib.Path({str(path)!r})\n"
        f"with {half}:\n"
        "    (folder / 'b.txt' if 'folder' in globals() else temporary).write_text('half')\n"
        "    time.sleep(60)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", script])
    while not any(PART in entry.name for entry in tmp_path.iterdir()):
        assert writer.poll() is None
        time.sleep(0.02)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    assert any(PART in entry.name for entry in tmp_path.iterdir())
    with replace_atomically(path) as temporary:
        temporary.write_text("whole")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_temporary_folder_lasts_only_if_it_is_renamed(tmp_path):
    with temporary_folder(tmp_path / "new" / "a") as folder:
        (folder / "b.txt").write_text("b")
    assert not any((tmp_path / "new").iterdir())
    with temporary_folder(tmp_path / "new" / "a") as folder:
        (folder / "b.txt").write_text("b")
        folder.rename(tmp_path / "new" / "a")
    assert (tmp_path / "new" / "a" / "b.txt").read_text() == "b"


def test_a_living_writer_is_left_alone(tmp_path):
    path = tmp_path / "a.txt"
    with replace_atomically(path) as first, replace_atomically(path) as second:
        first.write_text("first")
        second.write_text("second")
        assert first.exists()
    assert path.read_text() == "first"


def test_a_folder_appears_whole(tmp_path):
    target = tmp_path / "deep" / "set"
    with replace_folder_atomically(target) as folder:
        (folder / "in").mkdir()
        (folder / "in" / "a.txt").write_text("new")
        assert not target.exists()
    assert (target / "in" / "a.txt").read_text() == "new"
    with replace_folder_atomically(target) as folder:
        (folder / "b.txt").write_text("newer")
    assert [path.name for path in target.iterdir()] == ["b.txt"]
    assert [path.name for path in target.parent.iterdir()] == ["set"]


def test_a_folder_that_failed_leaves_the_old_one(tmp_path):
    target = tmp_path / "set"
    target.mkdir()
    (target / "old.txt").write_text("old")

    def fail():
        with replace_folder_atomically(target) as folder:
            (folder / "half.txt").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    assert [path.name for path in target.iterdir()] == ["old.txt"]


def test_what_a_killed_process_left_of_a_folder_is_removed(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    left = tmp_path / f".set~{socket.gethostname()}-{process.pid}-0123abcd{PART}"
    left.mkdir()
    (left / "half.txt").write_text("half")
    with replace_folder_atomically(tmp_path / "set"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
