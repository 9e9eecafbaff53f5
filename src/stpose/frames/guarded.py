"""Decoding in a process of its own, so that a file that breaks the decoder costs one video."""

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any

from stpose.frames.stage import write_frames
from stpose.settings.frames import FramesSettings

PATIENCE_SECONDS = 600.0
_MEMORY_BYTES = 4 << 30  # a frame of 8K needs 0.1 GB, and decoders keep up to some twenty
_OUT_OF_MEMORY = 71
# What a decoder dies of by itself. SIGKILL comes from outside: from someone, or for lack of
# memory on the machine; the job then fails, and may be tried again.
_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)


def write_frames_guarded(
    video_path: Path,
    video_id: str,
    out_path: Path,
    settings: FramesSettings,
    code: str = "",
    name: str | None = None,
    patience: float = PATIENCE_SECONDS,
) -> None:
    """Do what `write_frames` does, in a child process; its crash is the video's fault.

    To be called before anything else has used OpenCV in this process: the child is a fork, and
    threads do not come along. A decoder that crashes, asks for more than 4 GiB, or gives no
    frame for a long time leaves an artefact with status "unreadable", as any bad video does.

    Args:
        video_path: The video.
        video_id: Its id.
        out_path: The store to write.
        settings: Which frames to keep and how.
        code: Fingerprint of the code.
        name: What to call the video in tables.
        patience: How long to wait for a frame (s).

    Raises:
        RuntimeError: The child failed for a reason that is not the video's, such as a full disk;
            its own words are on standard error.
    """
    arguments = (video_path, video_id, out_path, settings, code, name)
    frames = RawValue(ctypes.c_uint64)
    child = multiprocessing.get_context("fork").Process(target=_run, args=(arguments, frames))
    child.start()
    hung = not _wait(child, lambda: int(frames.value), patience)
    reason = _reason(child, hung, patience)
    if reason:
        write_frames(*arguments, obstacle=reason)
    elif child.exitcode:
        message = f"{video_path}: decoding ended with {child.exitcode}, expected 0"
        raise RuntimeError(message)


def _run(arguments: tuple[Any, ...], frames: Any) -> None:
    _limit_memory()

    def count() -> None:
        frames.value += 1

    try:
        write_frames(*arguments, on_frame=count)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _limit_memory() -> None:
    """Let this process have `_MEMORY_BYTES` more than it has, or what the system allows."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + _MEMORY_BYTES
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _wait(child: BaseProcess, progress: Callable[[], int], patience: float) -> bool:
    """Wait for a process; False if it was ended because it made no progress for too long."""
    seen, since = progress(), time.monotonic()
    while not multiprocessing.connection.wait([child.sentinel], timeout=min(5.0, patience)):
        now = progress()
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since >= patience:
            child.kill()
            child.join()
            return False
    child.join()
    return True


def _reason(child: BaseProcess, hung: bool, patience: float) -> str:
    """Return why the video cannot be read, if the child ended by the video's fault."""
    if hung:
        return f"the decoder hung: no frame in {patience:g} s"
    code = child.exitcode or 0
    if code == _OUT_OF_MEMORY:
        return f"the decoder asked for more than {_MEMORY_BYTES >> 30} GiB"
    if -code in _CRASHES:
        return f"the decoder crashed ({signal.Signals(-code).name})"
    return ""
