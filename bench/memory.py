"""Peak memory of each stage of a video, for a short one and a long one: `python bench/memory.py`.

A figure walks through drawn noise. Each stage runs in a process of its own.
"""

import argparse
import json
import multiprocessing
import resource
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from stpose.crops import write_crops
from stpose.flow.stage import write_flow
from stpose.frames.stage import write_frames
from stpose.people.stage import write_people
from stpose.settings.crops import CropsSettings
from stpose.settings.flow import FlowSettings
from stpose.settings.frames import FramesSettings
from stpose.settings.people import PeopleSettings

WIDTH, HEIGHT = 320, 240


def main() -> None:
    """Measure every length; print a JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, nargs="+", default=[1_500, 15_000])
    given = parser.parse_args()
    for count in given.frames:
        with TemporaryDirectory() as folder:
            print(json.dumps({"frames": count} | measure(Path(folder), count)), flush=True)


def measure(folder: Path, count: int) -> dict[str, int]:
    """Return the peak memory (MB) of each stage on a video of so many frames."""
    video, boxes = folder / "long.mp4", folder / "boxes"
    draw(video, boxes, count)
    frames, people, crops = folder / "frames.h5", folder / "people.parquet", folder / "crops.h5"
    found = PeopleSettings(detector="precomputed", boxes=str(boxes))
    flow = FlowSettings(backend="dis")
    table, maps = folder / "flow.parquet", folder / "flow.h5"
    return {
        "frames": peak(write_frames, video, "long", frames, FramesSettings()),
        "people": peak(write_people, frames, people, found),
        "crops": peak(write_crops, frames, people, crops, CropsSettings(person_px=64)),
        "flow": peak(write_flow, frames, people, table, maps, flow, ""),
    }


def draw(video: Path, boxes: Path, count: int) -> None:
    """Write a video and the boxes of its figure."""
    noise = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    noise = cv2.GaussianBlur(noise, (0, 0), 2)
    size = (WIDTH, HEIGHT)
    writer = cv2.VideoWriter(str(video), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, size)
    lines = []
    for frame in range(count):
        image = noise.copy()
        left = 60 + round(80 * (1 + np.sin(frame / 40)))
        cv2.rectangle(image, (left, 70), (left + 40, 200), (40, 80, 220), -1)
        writer.write(image)
        lines.append(f"{frame + 1} {left - 5} {60} {left + 45} {210}\n")
    writer.release()
    boxes.mkdir()
    (boxes / "long.bb").write_text("".join(lines))


def peak(stage: Callable[..., Any], *arguments: Any) -> int:
    """Return the peak memory (MB) of a stage in a fresh process."""
    context = multiprocessing.get_context("spawn")
    answer = context.SimpleQueue()
    process = context.Process(target=run, args=(answer, stage, arguments))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return int(answer.get())


def run(answer: Any, stage: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Run a stage and say how much memory it took."""
    stage(*arguments)
    answer.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000)


if __name__ == "__main__":
    main()
