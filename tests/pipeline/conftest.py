"""Whole runs of the workflow on tiny footage, in a copy of the repository that may be edited."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from stpose.demo.footage import write_demo_video
from stpose.demo.plan import planned_videos
from stpose.settings.demo import DemoSettings

ROOT = Path(__file__).parent.parent.parent
TINY = Path(__file__).parent / "tiny.yaml"
PARTS = ("Snakefile", "workflow", "profiles", "config", "src", "README.md")
FOOTAGE = DemoSettings(videos=7, frames=28, heldout_videos=14)


@dataclass
class Project:
    """A copy of the repository with a folder of videos and one of results."""

    folder: Path

    @property
    def results(self) -> Path:
        return self.folder / "out"

    @property
    def videos(self) -> Path:
        return self.folder / "videos"

    def command(self, *arguments: str, config: dict[str, str] | None = None) -> list[str]:
        values = {"videos": "videos", "results": "out", **(config or {})}
        settings = [f"{key}={value}" for key, value in values.items()]
        return [
            *(sys.executable, "-m", "snakemake", "--cores", "2"),
            *("--configfile", "tiny.yaml", "--config", *settings, *arguments),
        ]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder / "src"), "OMP_NUM_THREADS": "1"}

    def run(self, *arguments: str, config: dict[str, str] | None = None, check: bool = True):
        """Run snakemake to its end."""
        done = subprocess.run(
            self.command(*arguments, config=config),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            pytest.fail(f"snakemake failed:\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}")
        return done

    def planned(self, config: dict[str, str] | None = None) -> Counter[str]:
        """Jobs that would run now: how many of each rule."""
        done = self.run("--dry-run", "--quiet", "host", config=config)
        text = done.stdout + done.stderr
        rules = re.findall(r"^(?:local)?rule (\w+):$", text, flags=re.MULTILINE)
        return Counter(rule for rule in rules if rule != "all")

    def kill_when(self, is_running, *arguments: str) -> None:
        """Start snakemake and kill it, and all it started, as soon as a condition holds."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not is_running():
            assert process.poll() is None, "the run ended before it could be killed"
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of text, which must be there, in a file of the copy."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def copy_repository(folder: Path) -> Project:
    folder.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        ignore = shutil.ignore_patterns("__pycache__")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copy(source, folder / name)
    shutil.copy(TINY, folder / "tiny.yaml")
    return Project(folder)


@pytest.fixture(scope="session")
def new_project() -> Callable[[Path], Project]:
    """Copies the repository to a folder, with nothing run yet."""
    return copy_repository


@pytest.fixture(scope="session")
def footage(tmp_path_factory) -> Path:
    """Three short rendered videos."""
    folder = tmp_path_factory.mktemp("footage")
    for video in planned_videos(FOOTAGE)[:3]:
        path = folder / "videos" / video.name
        write_demo_video(video, FOOTAGE, path, folder / "joints" / f"{video.stem}.parquet")
    return folder / "videos"


@pytest.fixture(scope="session")
def finished(tmp_path_factory, footage) -> Project:
    """A project whose pipeline has run to the end; tests work on copies of it."""
    project = copy_repository(tmp_path_factory.mktemp("finished") / "project")
    shutil.copytree(footage, project.videos)
    project.run()
    return project


@pytest.fixture
def project(finished, tmp_path) -> Project:
    """A copy of the finished project, times of files kept."""
    shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
