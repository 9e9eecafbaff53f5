"""Opening MATLAB files before version 7.3, damaged ones included.

They are read in a child process: some damage ends the process in which SciPy meets it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import scipy.io

from stpose.child_process import ChildFailedError, value_from_child
from stpose.errors import InputError

_Value = TypeVar("_Value")


def load_matlab(
    path: Path, names: tuple[str, ...] | None = None, structures: bool = False
) -> dict[str, Any]:
    """Return the variables of a MATLAB file by name.

    Args:
        path: The file.
        names: Those that are needed; None for all.
        structures: Whether structures come as objects, and axes of length 1 are dropped.

    Raises:
        InputError: It is missing, damaged, or of version 7.3, which is HDF5 inside.
    """
    content = _in_child(
        path,
        lambda: scipy.io.loadmat(
            path,
            variable_names=names,
            struct_as_record=not structures,
            squeeze_me=structures,
        ),
    )
    return {name: value for name, value in content.items() if not name.startswith("__")}


def matlab_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shape of each variable of a MATLAB file, without reading its values.

    Raises:
        InputError: As `load_matlab`.
    """
    found = _in_child(path, lambda: scipy.io.whosmat(path))
    return {name: tuple(shape) for name, shape, _ in found}


def _in_child(path: Path, read: Callable[[], _Value]) -> _Value:
    if not path.is_file():
        message = f"{path}: no such file, expected a MATLAB file"
        raise InputError(message)
    try:
        return value_from_child(read)
    # In the child scipy raises about anything at damaged files, and refuses version 7.3 by an error
    # of its own; whatever it is, it is the file's fault.
    except ChildFailedError as error:
        message = (
            f"{path}: unreadable, expected a MATLAB file before version 7.3 (the reader: {error})"
        )
        raise InputError(message) from error
