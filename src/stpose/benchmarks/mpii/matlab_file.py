"""Opening MATLAB files before version 7.3, damaged ones included."""

from pathlib import Path
from typing import Any

import scipy.io

from stpose.errors import InputError


def load_matlab(path: Path, structures: bool = False) -> dict[str, Any]:
    """Return the variables of a MATLAB file by name.

    Args:
        path: The file.
        structures: Whether structures come as objects, and axes of length 1 are dropped.

    Raises:
        InputError: It is missing, damaged, or of version 7.3, which is HDF5 inside.
    """
    if not path.is_file():
        message = f"{path}: no such file, expected a MATLAB file"
        raise InputError(message)
    try:
        content = scipy.io.loadmat(path, struct_as_record=not structures, squeeze_me=structures)
    # scipy raises about anything at damaged files, and NotImplementedError for version 7.3.
    except Exception as error:
        message = f"{path}: unreadable, expected a MATLAB file before version 7.3 ({error})"
        raise InputError(message) from error
    return {name: value for name, value in content.items() if not name.startswith("__")}
