"""Decoding in a process of its own, so that a file that breaks the decoder costs one video."""

from collections.abc import Callable
from pathlib import Path

from stpose.child_process import PATIENCE_SECONDS, run_in_child
from stpose.frames.stage import write_frames
from stpose.settings.frames import FramesSettings


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

    def decode(on_frame: Callable[[], None]) -> None:
        write_frames(*arguments, on_frame=on_frame)

    ending = run_in_child(decode, patience)
    if ending.fault:
        waited = f": no frame in {patience:g} s" if ending.hung else ""
        write_frames(*arguments, obstacle=f"the decoder {ending.fault}{waited}")
    elif ending.code:
        message = f"{video_path}: decoding ended with {ending.code}, expected 0"
        raise RuntimeError(message)
