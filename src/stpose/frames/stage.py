"""The frames stage: from a video file to an artefact of encoded frames."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import cv2
from tqdm import tqdm

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import FRAMES
from stpose.artefacts.status import Status
from stpose.artefacts.stores import StoreWriter, create_store
from stpose.errors import InputError
from stpose.frames.decoding import Image, NoFramesError, open_video, resize
from stpose.frames.shots import ShotCounter
from stpose.settings.frames import FramesSettings

log = logging.getLogger(__name__)


def write_frames(
    video_path: Path,
    video_id: str,
    out_path: Path,
    settings: FramesSettings,
    code: str = "",
    name: str | None = None,
    *,
    obstacle: str = "",
    on_frame: Callable[[], None] | None = None,
) -> None:
    """Decode a video and write its frames.

    A bad video raises nothing: the artefact says what is wrong with it. One that is "too_short"
    still holds the frames that there are. Memory does not grow with the length of the video.

    Attributes of the artefact: video_id, path, sha256 (of the file, empty if it cannot be read),
    fps (nominal, 0 if unknown), width and height (px, upright source), stored_width and
    stored_height, rotation (degrees clockwise, already applied), frames_announced,
    frames_decoded, frames_lost, stride, warning (what was odd; empty when nothing).

    Args:
        video_path: The video, in any container that OpenCV's FFmpeg reads.
        video_id: Its id.
        out_path: The store to write.
        settings: Which frames to keep and how.
        code: Fingerprint of the code.
        name: What to call the video in tables, its path below the videos folder; without, the
            path as given.
        obstacle: Why the video cannot be decoded, where that is known; it is not tried then.
        on_frame: Called after every frame that was decoded.
    """
    video_path = Path(video_path)
    digest = ""
    try:
        unusable = _obstacle(video_path)
        obstacle = obstacle or unusable
        if not unusable:
            digest = _hash_of(video_path)
    except OSError as error:
        obstacle = f"the file cannot be read: {error.strerror}"
    provenance = derive("frames", settings, code, sources=[("video", digest)])
    with create_store(out_path, FRAMES, provenance) as store:
        store.attributes |= {
            "video_id": video_id,
            "path": _printable(name or str(video_path)),
            "sha256": digest,
            "stride": settings.stride,
            **dict.fromkeys(("width", "height", "stored_width", "stored_height"), 0),
            **dict.fromkeys(("frames_announced", "frames_decoded", "frames_lost", "rotation"), 0),
            "fps": 0.0,
            "warning": "",
        }
        if obstacle:
            store.status = Status("unreadable", obstacle)
        else:
            store.status = _decode(video_path, settings, store, on_frame or _nothing)
        if not store.status.is_ok:
            log.warning("%s: %s: %s", video_path, store.status.code, store.status.reason)
        if store.attributes["warning"]:
            log.warning("%s: %s", video_path, store.attributes["warning"])


def stored_size(width: int, height: int, longest_side: int) -> tuple[int, int]:
    """Return the (width, height) at which frames are stored (px); never larger than they are.

    Args:
        width: Width of the source.
        height: Height of the source.
        longest_side: Limit for the longer of both; 0 for none.
    """
    factor = longest_side / max(width, height)
    if longest_side == 0 or factor >= 1:
        return width, height
    return max(1, round(width * factor)), max(1, round(height * factor))


def _obstacle(path: Path) -> str:
    """Return why a path cannot be a video, seen without opening it (a pipe would block), or ""."""
    if not path.exists():
        if path.is_symlink():
            return f"the link points to {path.readlink()}, which is missing"
        return "there is no such file"
    if path.is_dir():
        return "it is a folder, expected a video file"
    if not path.is_file():
        return "it is not an ordinary file, expected a video file"
    return "" if path.stat().st_size else "the file is empty"


def _printable(name: str) -> str:
    """Return a name that tables can hold: bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _nothing() -> None:
    pass


def _decode(
    path: Path, settings: FramesSettings, store: StoreWriter, on_frame: Callable[[], None]
) -> Status:
    try:
        with open_video(path) as video:
            shots = ShotCounter(settings.cut_threshold)
            total = video.announced or None
            kept = 0
            for frame in tqdm(video, total=total, desc=path.name, unit="frame", disable=None):
                on_frame()
                shot = shots.shot_of(frame.image)
                if frame.number % settings.stride:
                    continue
                height, width = frame.image.shape[:2]
                size = stored_size(width, height, settings.longest_side)
                image = frame.image if size == (width, height) else resize(frame.image, *size)
                store.append(
                    frame=frame.number,
                    time=frame.time,
                    shot=shot,
                    image=_encode(image, settings.quality),
                )
                store.attributes |= {"width": width, "height": height}
                store.attributes |= {"stored_width": size[0], "stored_height": size[1]}
                kept += 1
            store.attributes |= {
                "fps": video.fps,
                "rotation": video.rotation,
                "frames_announced": video.announced,
                "frames_decoded": video.decoded,
                "frames_lost": video.lost,
                "warning": "; ".join(video.warnings()),
            }
            return _judge(kept, settings.minimum_frames, video.warnings())
    except NoFramesError as error:
        return Status("no_frames", str(error))
    except InputError as error:
        return Status("unreadable", str(error))


def _encode(image: Image, quality: int) -> bytes:
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return encoded.tobytes()


def _judge(kept: int, needed: int, warnings: list[str]) -> Status:
    oddities = "".join(f"; {warning}" for warning in warnings)
    if kept == 0:
        return Status("no_frames", f"no frame could be decoded{oddities}")
    if kept < needed:
        frames = "1 frame" if kept == 1 else f"{kept} frames"
        return Status("too_short", f"{frames}, {needed} needed{oddities}")
    return Status.ok()
