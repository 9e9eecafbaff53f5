"""The pictures that commands write on demand."""

from pathlib import Path

import cv2

from stpose.artefacts.files import replace_atomically
from stpose.errors import InputError
from stpose.inspect.canvas import Image

_ENDINGS = (".png", ".jpg", ".jpeg")


def check_picture_path(path: Path | None) -> None:
    """Find out, before any work is done, whether a picture can be written under a name.

    Raises:
        InputError: The name has another ending.
    """
    if path is not None and path.suffix.lower() not in _ENDINGS:
        message = f"{path}: ends in {path.suffix!r}, expected .png or .jpg"
        raise InputError(message)


def write_picture(path: Path, image: Image) -> None:
    """Write a BGR picture.

    Raises:
        InputError: The name has another ending than .png or .jpg.
    """
    check_picture_path(path)
    with replace_atomically(path) as temporary:
        cv2.imwrite(str(temporary), image)
