"""Whole runs through a Slurm of one node, which the tests bring up and take down."""

import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("one_node.sh")
# No accounting database here; and this node has no GPU.
PATIENCE_SECONDS = 1800
OPTIONS = (
    *("--workflow-profile", "profiles/slurm", "--profile", "profiles/no-gpu"),
    *("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "5"),
    *("--latency-wait", "5"),
)
DEMO = {"videos": "demo", "demo": "{videos: 3}"}


def run_script(command: str) -> None:
    subprocess.run([SCRIPT, command], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def slurm():
    """A Slurm of one node; gives the function that calls its script."""
    missing = [name for name in ("munged", "slurmctld", "slurmd") if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        pytest.skip("needs root and Slurm: apt-get install slurm-wlm munge")
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        pytest.skip("needs the plugin that the extra `slurm` brings")
    run_script("up")
    yield run_script
    run_script("down")


@pytest.fixture(scope="session")
def local(new_project, tmp_path_factory):
    """The demo, three videos of it, as it comes out without Slurm."""
    project = new_project(tmp_path_factory.mktemp("local") / "project")
    project.run(config=DEMO)
    return project


@pytest.fixture
def project(new_project, tmp_path):
    return new_project(tmp_path / "project")


class Running:
    """A run through Slurm in the background."""

    def __init__(self, project, *arguments):
        self._log = project.folder / "run.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                project.command(*OPTIONS, *arguments, config=DEMO),
                cwd=project.folder,
                env=project.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_until(self, condition):
        """Wait for something to happen while the run goes on."""
        while not (found := condition()):
            assert self._process.poll() is None, f"the run ended before:\n{self.log[-4000:]}"
            time.sleep(0.2)
        return found

    def finish(self) -> str:
        """Wait for the end, which is to be a good one; return what was said."""
        assert self._process.wait(timeout=PATIENCE_SECONDS) == 0, self.log[-6000:]
        return self.log

    def stop(self):
        """End it, if it still runs; Snakemake then cancels its jobs."""
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def start():
    """Starts a run, which is over when the test is."""
    runs = []

    def begin(*arguments):
        runs.append(Running(*arguments))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()
