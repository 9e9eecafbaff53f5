"""Compiling inner loops."""

from collections.abc import Callable
from typing import Any

import numba

Kernel = Callable[..., None]

# Not "nnan" or "ninf": a NaN must stay one.
_FAST = {"contract", "arcp", "nsz", "reassoc"}


def compiled(function: Kernel) -> Kernel:
    """Have numba compile a function at its first call, for one thread and without the GIL.

    The result is kept on disk beside the function's file, or in the user's cache folder if that
    cannot be written to. Where neither can, each process compiles anew.
    """
    return _compile(function, {})


def inlined(function: Kernel) -> Kernel:
    """Compile a function into those that call it.

    Without that, calling a loop over one short row takes as long as the loop.
    """
    return _compile(function, {"forceinline": True})


def _compile(function: Kernel, options: dict[str, Any]) -> Kernel:
    options = {"nogil": True, "fastmath": _FAST, "error_model": "numpy", **options}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # raised by numba when there is no place for its cache
        made = numba.njit(**options)(function)
    return made  # type: ignore[no-any-return]
