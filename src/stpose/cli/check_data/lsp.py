"""Looking at Leeds Sports Pose and its extension."""

from pathlib import Path

from tqdm import tqdm

from stpose.benchmarks.lsp.data import LspSet, load_lsp
from stpose.benchmarks.matlab_file import matlab_shapes
from stpose.cli.check_data.finding import Finding, Layout, differences, some
from stpose.datasets.catalogue import LSP, LSP_EXTENDED
from stpose.datasets.dataset import Dataset
from stpose.errors import InputError

# HR-LSPET: the images of LSP-extended that were found again in full size.
_HR_IMAGES = 9428
# A few joints beyond the image are usual; most of an image's joints there are not.
_LARGEST_SHARE_OUTSIDE = 0.01


def _is_in(folder: Path) -> bool:
    return (folder / "joints.mat").is_file()


def _check(folder: Path) -> Finding:
    try:
        found = load_lsp(folder)
    except InputError as error:
        return Finding(f"{LSP.title} (or extended)", folder, {}, (str(error),))
    dataset = _which(folder)
    numbers = set(range(1, len(found) + 1))
    missing = [f"{number:05d}" for number in numbers - set(found.images)]
    further = [path.name for number, path in found.images.items() if number not in numbers]
    unreadable, outside = _look_at_images(found)
    counts = {
        "images": len(found),
        "images there": len(found.images),
        "fully visible": len(found.fully_visible()),
    }
    notes = []
    problems = [
        *some("missing images", missing),
        *some("images without joints", further),
        *some("unreadable images", unreadable),
    ]
    if len(outside) > _LARGEST_SHARE_OUTSIDE * len(found):
        problems += some("images whose joints lie outside, as if of another size", outside)
    if dataset is LSP_EXTENDED and len(found) == _HR_IMAGES:
        notes.append("this is HR-LSPET, larger images and fewer; figures compare with no others")
    else:
        problems += differences(counts, dataset)
    return Finding(dataset.title, folder, counts, tuple(problems), tuple(notes))


def _which(folder: Path) -> Dataset:
    """Tell the two sets apart by the order of the axes."""
    shapes = matlab_shapes(folder / "joints.mat")
    return LSP if shapes["joints"][0] == 3 else LSP_EXTENDED


def _look_at_images(found: LspSet) -> tuple[list[str], list[str]]:
    """Return unreadable images, and those most of whose visible joints lie outside them."""
    unreadable, outside = [], []
    for number, path in tqdm(found.images.items(), desc=found.folder.name, disable=None):
        try:
            height, width = found.read_image(number).shape[:2]
        except InputError:
            unreadable.append(path.name)
            continue
        if number > len(found):
            continue
        joints = found.joints[number - 1][found.visible[number - 1]]
        beyond = ((joints < 0) | (joints > (width, height))).any(axis=1)
        if len(joints) and beyond.mean() > 0.5:
            outside.append(path.name)
    return unreadable, outside


LAYOUT = Layout("Leeds Sports Pose, or extended", "joints.mat and images/", _is_in, _check)
