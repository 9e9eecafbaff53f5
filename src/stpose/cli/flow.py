"""`stpose flow`: optical flow between two pictures."""

from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer

from stpose.artefacts.files import replace_atomically
from stpose.errors import InputError
from stpose.flow.files import write_flow_file
from stpose.flow.picture import flow_picture
from stpose.flow.presets import find_preset
from stpose.flow.solve import optical_flow


def flow(
    first: Annotated[Path, typer.Argument(help="A picture.")],
    second: Annotated[Path, typer.Argument(help="The picture after it, of the same size.")],
    out: Annotated[Path, typer.Option(help="Write the flow here: .flo, or .png as KITTI does.")],
    preset: Annotated[
        str, typer.Option(help="default, joint, separate, fast or opencv.")
    ] = "default",
    backend: Annotated[
        str, typer.Option(help="cpu, torch, variational or dis; auto is torch if there is a GPU.")
    ] = "cpu",
    picture: Annotated[Path | None, typer.Option(help="Draw the flow in colours here.")] = None,
) -> None:
    """Compute the optical flow from FIRST to SECOND.

    A single pair is done on the processor before a GPU has started.

    Example: stpose flow frame10.png frame11.png --out flow.flo --picture flow.png
    """
    parameters = find_preset(backend, preset)
    found = optical_flow(_read(first), _read(second), parameters)
    write_flow_file(out, found)
    if picture is not None:
        with replace_atomically(picture) as temporary:
            cv2.imwrite(str(temporary), flow_picture(found))


def _read(path: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Read a picture as grey levels, as OpenCV decodes them."""
    if not path.is_file():
        message = f"{path}: no such file, expected a picture"
        raise InputError(message)
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        message = f"{path}: not a picture that OpenCV can read"
        raise InputError(message)
    return np.asarray(image, dtype=np.uint8)
