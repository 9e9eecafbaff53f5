"""Whole runs of the workflow on tiny footage, in a copy of the repository that may be edited."""

from collections.abc import Callable
from pathlib import Path

import pytest

from faults.project import Project, copy_repository, finished_project, render_footage


@pytest.fixture(scope="session")
def new_project() -> Callable[[Path], Project]:
    """Copies the repository to a folder, with nothing run yet."""
    return copy_repository


@pytest.fixture(scope="session")
def footage(tmp_path_factory) -> Path:
    """Three short rendered videos."""
    return render_footage(tmp_path_factory.mktemp("footage"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory, footage) -> Project:
    """A project whose pipeline has run to the end; tests work on copies of it."""
    return finished_project(tmp_path_factory.mktemp("finished") / "project", footage)


@pytest.fixture
def project(finished, tmp_path) -> Project:
    """A copy of the finished project, times of files kept."""
    return finished.copy(tmp_path / "project")
