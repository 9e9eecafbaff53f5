"""The rule `download_lsp` through Snakemake, with a mirror on the loopback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.io

from stpose.artefacts.documents import read_document
from stpose.benchmarks.lsp.data import load_lsp

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.pipeline


@pytest.fixture
def snakemake(tmp_path, server):
    """Runs Snakemake in a folder of its own, with the server as the mirror of LSP."""
    shutil.copytree(ROOT / "config", tmp_path / "config")

    def run(*arguments, mirrors=f"{{lsp: {server.url}/copy}}"):
        command = [
            *(sys.executable, "-m", "snakemake", "--cores", "1", "--snakefile", ROOT / "Snakefile"),
            *("--directory", tmp_path, *arguments, "--config", f"mirrors={mirrors}"),
        ]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_rule_downloads_once_and_compares_later(tmp_path, server, snakemake, zipped):
    scipy.io.savemat(tmp_path / "j.mat", {"joints": np.ones((3, 14, 2))})
    joints = (tmp_path / "j.mat").read_bytes()
    server.offer(
        "copy/lsp_dataset.zip", zipped({"a/joints.mat": joints, "a/images/im0001.jpg": b"1"})
    )
    done = snakemake("download_lsp")
    assert done.returncode == 0, done.stderr
    assert "Leeds Sports Pose. Licence: none is stated" in done.stderr
    folder = tmp_path / "datasets" / "lsp"
    assert len(load_lsp(folder)) == 2
    log = (tmp_path / "results" / "logs" / "download_lsp.log").read_text()
    assert "no checksum is published" in log

    # Neither another run nor another mirror downloads what is there.
    done = snakemake("download_lsp", "--dry-run", mirrors="{}")
    assert "Nothing to be done" in done.stdout + done.stderr
    assert len(server.asked) == 1

    server.offer(
        "copy/lsp_dataset.zip", zipped({"joints.mat": b"other", "images/im0001.jpg": b"2"})
    )
    done = snakemake("download_lsp", "--forcerun", "download_lsp")
    assert done.returncode != 0
    assert "as at the first download (datasets/lsp/SOURCE.json" in done.stderr
    assert "Leeds Sports Pose by hand: " in done.stderr
    assert "puts it at datasets/downloads/lsp/lsp_dataset.zip" in done.stderr
    assert read_document(folder / "SOURCE.json", "source")["dataset"] == "lsp"
    assert (folder / "joints.mat").read_bytes() == joints
