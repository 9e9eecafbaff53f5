"""Looking at MPII Human Pose: annotations and images."""

from pathlib import Path

from stpose.benchmarks.matlab_file import matlab_shapes
from stpose.cli.check_data.finding import Finding, Layout
from stpose.datasets.catalogue import MPII
from stpose.errors import InputError

_RELEASE = "mpii_human_pose_v1_u12_1.mat"
_FOLDERS = (".", "annot", "mpii_human_pose_v1_u12_2")


def _is_in(folder: Path) -> bool:
    return _find(folder) is not None


def _check(folder: Path) -> Finding:
    images = {path.name for path in folder.glob("images/*.jpg")}
    path = folder / (_find(folder) or ".") / _RELEASE
    problems, notes = [], []
    try:
        variables = set(matlab_shapes(path))
    except InputError as error:
        problems.append(str(error))
    else:
        if "RELEASE" not in variables:
            problems.append(f"{path}: no variable RELEASE, found {', '.join(sorted(variables))}")
    if not images:
        notes.append("without images: only what needs no pixels")
    return Finding(MPII.title, folder, {"images": len(images)}, tuple(problems), tuple(notes))


def _find(folder: Path) -> str | None:
    """Return where below the folder the annotations are."""
    return next((name for name in _FOLDERS if (folder / name / _RELEASE).is_file()), None)


LAYOUT = Layout(MPII.title, f"images/ and {_RELEASE}", _is_in, _check)
