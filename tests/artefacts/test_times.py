"""Results of the future are told of before the work."""

import os
import shlex
import time

import pytest

from stpose.artefacts.times import TOLERANCE_SECONDS, check_times
from stpose.errors import InputError


def write(path, ahead):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (time.time() + ahead,) * 2)


def test_none_is_ahead(tmp_path):
    check_times(tmp_path / "not there")
    for ahead in (-1e8, 0, TOLERANCE_SECONDS / 2):
        write(tmp_path / "crops" / f"{ahead}.h5", ahead)
    check_times(tmp_path)


def test_the_one_furthest_ahead_is_named(tmp_path):
    write(tmp_path / "crops" / "a.h5", 0)
    write(tmp_path / "crops" / "b.h5", 1000)
    write(tmp_path / "training" / "st" / "1" / "weights.safetensors", 1e7)
    said = r"weights\.safetensors: is of .*one of 2 such files.*touch"
    with pytest.raises(InputError, match=said):
        check_times(tmp_path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    write(tmp_path / "elsewhere" / "a.h5", 1000)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "link").symlink_to(tmp_path / "elsewhere")
    check_times(tmp_path / "results")


def test_the_command_in_the_message_names_the_folder_to_a_shell(tmp_path):
    folder = tmp_path / "it's; here"
    write(folder / "a.h5", 1000)
    with pytest.raises(InputError) as told:
        check_times(folder)
    assert shlex.split(str(told.value).split("right: ")[1])[:2] == ["find", str(folder)]
