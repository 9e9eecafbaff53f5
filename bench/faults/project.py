"""A copy of the repository with tiny footage, whose workflow is run, disturbed and run again."""

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

from stpose.demo.footage import write_demo_video
from stpose.demo.plan import planned_videos
from stpose.settings.demo import DemoSettings

ROOT = Path(__file__).parent.parent.parent
TINY = ROOT / "tests" / "pipeline" / "tiny.yaml"
PARTS = ("Snakefile", "workflow", "profiles", "config", "src", "README.md")
FOOTAGE = DemoSettings(videos=7, frames=28, heldout_videos=14)
VIDEOS = 3

Done = subprocess.CompletedProcess[str]


class RunFailedError(AssertionError):
    """A run failed that should not have."""


@dataclass
class Project:
    """A copy of the repository with a folder of videos and one of results."""

    folder: Path

    @property
    def results(self) -> Path:
        """The folder of results."""
        return self.folder / "out"

    @property
    def videos(self) -> Path:
        """The folder of videos."""
        return self.folder / "videos"

    def command(self, *arguments: str, config: dict[str, str] | None = None) -> list[str]:
        """Return the command line of a run."""
        values = {"videos": "videos", "results": "out", **(config or {})}
        settings = [f"{key}={value}" for key, value in values.items()]
        return [
            *(sys.executable, "-m", "snakemake", "--cores", "2"),
            *("--configfile", "tiny.yaml", "--config", *settings, *arguments),
        ]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a run: the library is the copy's own."""
        return {**os.environ, "PYTHONPATH": str(self.folder / "src"), "OMP_NUM_THREADS": "1"}

    def run(
        self,
        *arguments: str,
        config: dict[str, str] | None = None,
        check: bool = True,
        prefix: tuple[str, ...] = (),
    ) -> Done:
        """Run snakemake to its end.

        Args:
            arguments: Further arguments.
            config: Settings beside those of the tiny run.
            check: Whether a run that fails is an error.
            prefix: A command that starts snakemake, such as `setpriv`.

        Raises:
            RunFailedError: It failed, and `check` is set.
        """
        done = subprocess.run(
            [*prefix, *self.command(*arguments, config=config)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            message = f"snakemake failed:\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
            raise RunFailedError(message)
        return done

    def planned(self, config: dict[str, str] | None = None) -> Counter[str]:
        """Jobs that would run now: how many of each rule."""
        done = self.run("--dry-run", "--quiet", "host", config=config)
        text = done.stdout + done.stderr
        # The message of a rule begins with its name.
        return Counter(re.findall(r"^Job \d+: (\w+): ", text, flags=re.MULTILINE))

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start snakemake as the leader of a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill_when(
        self, is_running: Callable[[], bool], *arguments: str, delay: float = 0.0
    ) -> bool:
        """Start snakemake and kill it, and all it started, some time after a condition holds.

        Returns:
            Whether it was still running when it was killed.
        """
        process = self.start(*arguments)
        while not is_running():
            if process.poll() is not None:
                message = "the run ended before it could be killed"
                raise RunFailedError(message)
            time.sleep(0.01)
        time.sleep(delay)
        was_running = process.poll() is None
        if was_running:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return was_running

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of text, which must be there, in a file of the copy."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def copy(self, folder: Path) -> "Project":
        """Copy it with all results, times of files kept."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)


def copy_repository(folder: Path) -> Project:
    """Copy the repository to a folder, with nothing run yet and no videos."""
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


def render_footage(folder: Path) -> Path:
    """Render three short videos; return their folder."""
    for video in planned_videos(FOOTAGE)[:VIDEOS]:
        path = folder / "videos" / video.name
        write_demo_video(video, FOOTAGE, path, folder / "joints" / f"{video.stem}.parquet")
    return folder / "videos"


def finished_project(folder: Path, footage: Path) -> Project:
    """Run the whole pipeline on some footage, undisturbed."""
    project = copy_repository(folder)
    shutil.copytree(footage, project.videos)
    project.run()
    return project
