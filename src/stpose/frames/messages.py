"""What the C libraries behind OpenCV say on standard error, kept instead of shown."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile

_KEPT_BYTES = 1 << 16
# FFmpeg names the object that speaks by its address, which differs from run to run.
_SPEAKER = re.compile(r"^(\[[^\]@]+ @ 0x[0-9a-fA-F]+\]\s*)+")
_OPENCV_LINE = re.compile(r"^\[\s*(FATAL|ERROR|WARN|INFO|DEBUG)[:@]")


class NativeMessages:
    """Collects what is written to the file descriptor of standard error, from any language.

    FFmpeg does not hand its messages to OpenCV, so this is the only way to the reason for which
    a file could not be read.
    """

    def __init__(self) -> None:
        """Begin with no messages."""
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> "NativeMessages":
        """Use it in a with statement: at its end the messages are forgotten."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget the messages."""
        self._file.close()

    @contextmanager
    def captured(self) -> Iterator[None]:
        """Keep what is written while the block runs; only the first 64 KiB of it all."""
        target = self._file.fileno()
        if os.fstat(target).st_size > _KEPT_BYTES:
            os.ftruncate(target, _KEPT_BYTES)
            os.lseek(target, _KEPT_BYTES, os.SEEK_SET)
        sys.stderr.flush()
        shown = os.dup(2)
        os.dup2(target, 2)
        try:
            yield
        finally:
            os.dup2(shown, 2)
            os.close(shown)

    def lines(self) -> tuple[str, ...]:
        """Return the different messages of the decoder, in order, without memory addresses."""
        raw = os.pread(self._file.fileno(), _KEPT_BYTES, 0).decode("utf-8", "replace")
        spoken = [line.strip() for line in raw.replace("\r", "\n").split("\n")]
        own = [line for line in spoken if line and not _OPENCV_LINE.match(line)]
        return tuple(dict.fromkeys(_SPEAKER.sub("", line) for line in own))
