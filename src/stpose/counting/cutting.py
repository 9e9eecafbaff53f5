"""From a video to the crops of its people, through the stages, keeping what was cut before."""

import hashlib
from pathlib import Path

from stpose.artefacts.provenance import input_identity
from stpose.counting.steady import write_steady
from stpose.crops import write_crops
from stpose.errors import InputError
from stpose.frames.stage import write_frames
from stpose.people.choose import check, needed_files
from stpose.people.stage import write_people
from stpose.settings.counting import CountingSettings
from stpose.videos.discovery import content_identity, video_id

_LAYOUT = "2"  # of what lies in a folder of work; one of another layout is left alone


def cut_people(path: Path, settings: CountingSettings, work: Path) -> Path:
    """Find the people of a video and cut them out, unless this was done before.

    Args:
        path: The video.
        settings: Settings of the stages.
        work: Folder of the results, one folder for each video and settings of these stages.

    Returns:
        The folder that holds `people.parquet` and `crops.h5`, the people as they were followed,
        and `window.parquet` and `steady.h5`, the main person through a steady window.

    Raises:
        InputError: There is no such file, or a file that the detector needs is missing.
    """
    path = Path(path)
    check(settings.people)
    if not path.is_file():
        message = f"{path}: no such file, expected a video"
        raise InputError(message)
    name = video_id(path.name)
    folder = Path(work) / f"{name}-{_key(path, settings)}"
    steady = folder / "steady.h5"
    # It is written last and appears whole: where it is, all is done.
    if not steady.is_file():
        frames, people, window = (
            folder / name for name in ("frames.h5", "people.parquet", "window.parquet")
        )
        try:
            write_frames(path, name, frames, settings.frames)
            write_people(frames, people, settings.people)
            write_crops(frames, people, folder / "crops.h5", settings.crops)
            write_steady(frames, people, window, settings)
            write_crops(frames, window, steady, settings.crops)
        finally:
            # The largest by far, and of no more use.
            frames.unlink(missing_ok=True)
    return folder


def _key(path: Path, settings: CountingSettings) -> str:
    """Return a hash over all that the crops of a video depend on."""
    stages = (settings.frames, settings.people, settings.crops)
    files = [input_identity(file) for file in needed_files(settings.people)]
    parts = [_LAYOUT, content_identity(path), *(stage.canonical() for stage in stages), *files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
