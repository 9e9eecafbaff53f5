"""Looking at Middlebury's pairs of images with their flow."""

from pathlib import Path

import cv2

from stpose.cli.check_data.finding import Finding, Layout, differences, some
from stpose.datasets.catalogue import MIDDLEBURY, MIDDLEBURY_PAIRS
from stpose.errors import InputError
from stpose.flow.error import known_pixels
from stpose.flow.files import read_flow

_FRAMES = ("frame10.png", "frame11.png")
_FLOW = "flow10.flo"


def _is_in(folder: Path) -> bool:
    return any(folder.glob(f"*/{_FLOW}"))


def _check(folder: Path) -> Finding:
    pairs = sorted(path.parent for path in folder.glob(f"*/{_FLOW}"))
    bare = sorted(
        path.parent.name
        for path in folder.glob(f"*/{_FRAMES[0]}")
        if not (path.parent / _FLOW).is_file()
    )
    problems = [problem for pair in pairs for problem in _problems_of(pair)]
    missing = set(MIDDLEBURY_PAIRS) - {pair.name for pair in pairs}
    counts = {"pairs": len(pairs)}
    problems += [
        *some("missing pairs", missing),
        *differences(counts, MIDDLEBURY),
    ]
    notes = some("pairs without published flow", bare)
    return Finding(MIDDLEBURY.title, folder, counts, tuple(problems), tuple(notes))


def _problems_of(pair: Path) -> list[str]:
    try:
        flow = read_flow(pair / _FLOW)
    except InputError as error:
        return [str(error)]
    problems = []
    if not known_pixels(flow).any():
        problems.append(f"{pair / _FLOW}: no pixel's flow is known")
    for name in _FRAMES:
        image = cv2.imread(str(pair / name)) if (pair / name).is_file() else None
        if image is None:
            problems.append(f"{pair / name}: missing or unreadable, expected a picture")
        elif image.shape[:2] != flow.shape[:2]:
            found, wanted = (f"{side[1]}x{side[0]}" for side in (image.shape, flow.shape))
            problems.append(f"{pair / name}: {found} pixels, its flow has {wanted}")
    return problems


LAYOUT = Layout(MIDDLEBURY.title, f"NAME/{_FLOW} with {' and '.join(_FRAMES)}", _is_in, _check)
