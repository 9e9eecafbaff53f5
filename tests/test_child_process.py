"""Values out of child processes, and what is said of those that give none."""

import os
import signal
import time

import numpy as np
import pytest

from stpose.child_process import ChildFailedError, value_from_child


def crash():
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGSEGV)


def fail():
    message = "not what was expected"
    raise OSError(message)


def test_a_value_comes_back_whatever_its_size():
    values = value_from_child(lambda: {"a": np.arange(1 << 20)})
    np.testing.assert_array_equal(values["a"], np.arange(1 << 20))


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (crash, "crashed (SIGSEGV)"),
        (fail, "not what was expected"),
        (lambda: np.zeros(1 << 36, np.uint8), "asked for more than 4 GiB"),
        (lambda: os._exit(3), "ended with 3"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "ended with -9"),
    ],
)
def test_what_is_said_of_one_that_fails(work, says):
    with pytest.raises(ChildFailedError) as failure:
        value_from_child(work)
    assert str(failure.value) == says


def test_one_that_hangs_is_ended():
    with pytest.raises(ChildFailedError, match="hung"):
        value_from_child(lambda: time.sleep(600), patience=0.2)
