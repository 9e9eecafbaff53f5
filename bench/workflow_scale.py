"""What Snakemake itself takes for many videos: a first dry run, and one in which nothing is left.

`python bench/workflow_scale.py --videos 1000` puts an empty file in the place of every artefact and
has Snakemake believe that it made them (`--touch`), so that only its own work is measured.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Lay out videos and results, measure, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=1000)
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("Snakefile", "workflow", "config", "profiles"):
            source, target = ROOT / name, folder / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        videos = folder / "videos"
        for number in range(given.videos):
            path = videos / f"folder {number % 20}" / f"video {number}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(number.to_bytes(8))
        found = {"videos": given.videos, "first dry run": snakemake(folder, "--dry-run", "--quiet")}
        for output in outputs(folder):
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_bytes(b"made")
        # The words at the end of a run read a table, which is none here: that this fails is right.
        run(folder, "--touch", "--quiet", "--cores", "1", fails=True)
        found["dry run with nothing left"] = snakemake(folder, "--dry-run", "--quiet")
        print(json.dumps(found, indent=1))


def outputs(folder: Path) -> list[Path]:
    """Return the files that the workflow would make."""
    text = run(folder, "--summary").stdout
    return [folder / line.split("\t")[0] for line in text.splitlines() if "\t" in line][1:]


def snakemake(folder: Path, *arguments: str) -> dict[str, float]:
    """Run Snakemake; return seconds, CPU seconds and peak memory of its process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run(folder, *arguments)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "s": round(seconds, 1),
        "CPU s": round(spent, 1),
        "MB at most so far": round(after.ru_maxrss / 1000),
    }


def run(folder: Path, *arguments: str, fails: bool = False) -> subprocess.CompletedProcess[str]:
    """Run Snakemake on the videos of a folder; end with its words if it fails."""
    command = [sys.executable, "-m", "snakemake", *arguments]
    command += ["--config", "videos=videos", "results=results"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ, check=False
    )
    if done.returncode and not fails:
        sys.exit(done.stderr[-3000:])
    return done


if __name__ == "__main__":
    main()
