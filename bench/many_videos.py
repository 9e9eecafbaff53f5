"""The whole pipeline on many made videos, some of them broken: `python bench/many_videos.py`.

    python bench/many_videos.py --videos 1000 --results results/many

A figure walks through drawn noise for a second. Of every hundred videos three cannot be used: one
is cut off, one is empty, one is text. Everything is as small as in the tests
(`tests/pipeline/tiny.yaml`), so that what is measured is what a job costs beside its work. Prints a
JSON object.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from stpose.artefacts.schemas import VIDEOS
from stpose.artefacts.tables import read_table
from stpose.report.stage import STAGES
from stpose.report.timings import read_timings

ROOT = Path(__file__).parent.parent
WIDTH, HEIGHT, FRAMES = 128, 96, 24
BROKEN = {13: b"", 47: b"this is no video", 71: None}  # by number within a hundred; None: cut off


def main() -> None:
    """Draw the videos, run everything, run nothing, print what both took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=1000)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--results", type=Path, help="keep the results here")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        results = given.results.resolve() if given.results else folder / "results"
        draw_videos(folder / "videos", folder / "boxes", given.videos)
        whole = snakemake(folder, results, "--cores", str(given.cores), "--quiet", "rules")
        again = snakemake(folder, results, "--dry-run", "--quiet")
        found = summary(results) | {"whole run": whole, "dry run with nothing left": again}
        print(json.dumps(found, indent=1))


def draw_videos(videos: Path, boxes: Path, count: int) -> None:
    """Write videos in twenty folders, and the boxes of their figures beside them."""
    random = np.random.default_rng(0)
    for number in range(count):
        path = videos / f"folder {number % 20}" / f"video {number:05d}.mp4"
        given = boxes / path.relative_to(videos).with_suffix(".bb")
        for parent in (path.parent, given.parent):
            parent.mkdir(parents=True, exist_ok=True)
        given.write_text(draw(path, random))
        spoilt = BROKEN.get(number % 100, path.read_bytes())
        path.write_bytes(path.read_bytes()[:700] if spoilt is None else spoilt)


def draw(path: Path, random: np.random.Generator) -> str:
    """Write one video; return its boxes as lines of Olympic Sports' files."""
    noise = random.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    noise = cv2.GaussianBlur(noise, (0, 0), 2)
    colour = random.integers(0, 255, 3).tolist()
    start, period = random.uniform(20, 60), random.uniform(8, 16)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, (WIDTH, HEIGHT))
    lines = []
    for frame in range(FRAMES):
        image = noise.copy()
        left = round(start + frame)
        arm = round(14 * np.sin(2 * np.pi * frame / period))
        cv2.rectangle(image, (left, 30), (left + 16, 80), colour, -1)
        cv2.line(image, (left + 8, 45), (left + 8 + arm, 30), colour, 5)
        writer.write(image)
        lines.append(f"{frame + 1} {left - 8} 20 {left + 24} 84\n")
    writer.release()
    return "".join(lines)


def summary(results: Path) -> dict[str, Any]:
    """Return how many videos were used, and what each stage took."""
    statuses = read_table(results / "videos.parquet", VIDEOS)["status"].to_pylist()
    timings = read_timings(results / "timings", (*STAGES, "report"))
    return {
        "videos": {status: statuses.count(status) for status in sorted(set(statuses))},
        "report": (results / "report" / "index.html").is_file(),
        "stages": {
            row.stage: {
                "jobs": row.jobs,
                "CPU s a job": round(row.cpu_seconds / row.jobs, 2),
                "MB at most": round(row.memory_mb),
            }
            for row in timings
        },
    }


def snakemake(folder: Path, results: Path, *arguments: str) -> dict[str, float]:
    """Run Snakemake on the videos of a folder; return what all its processes took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "snakemake", *arguments]
    command += ["--configfile", "tests/pipeline/tiny.yaml", "--config"]
    command += [f"videos={folder / 'videos'}", f"results={results}"]
    people = {"detector": "precomputed", "boxes": str(folder / "boxes")}
    command += [f"people={json.dumps(people)}"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"s": round(time.perf_counter() - start, 1), "CPU s": round(spent, 1)}


if __name__ == "__main__":
    main()
