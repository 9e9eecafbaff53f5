"""Messages of native libraries are kept, cleaned, and do not reach the terminal."""

import os

import pytest

from stpose.frames.messages import NativeMessages


def test_messages_are_kept_and_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with NativeMessages() as messages:
        os.write(2, b"before\n")
        with messages.captured():
            os.write(2, b"[mov @ 0x55aa10] moov atom not found\n[a @ 0x1] [b @ 0x2] twice spoken\n")
            os.write(2, b"[ WARN:0@0.048] global cap.cpp:212 open VIDEOIO\n\n")
            os.write(2, b"[mov @ 0x77bb20] moov atom not found\n")
        os.write(2, b"after\n")
        assert messages.lines() == ("moov atom not found", "twice spoken")
    assert capfd.readouterr().err == "before\nafter\n"


def test_standard_error_comes_back_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    def fail(messages: NativeMessages) -> None:
        with messages.captured():
            os.write(2, b"hidden\n")
            raise RuntimeError("inside")

    with NativeMessages() as messages:
        with pytest.raises(RuntimeError, match="inside"):
            fail(messages)
        os.write(2, b"shown\n")
        assert messages.lines() == ("hidden",)
    assert capfd.readouterr().err == "shown\n"


def test_what_is_kept_does_not_grow_for_ever() -> None:
    with NativeMessages() as messages:
        for _ in range(40):
            with messages.captured():
                os.write(2, b"x" * 10_000 + b"\n")
        assert os.fstat(messages._file.fileno()).st_size < 100_000
        assert messages.lines()
