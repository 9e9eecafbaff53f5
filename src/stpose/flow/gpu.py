"""Whether there is a GPU to compute flow on."""

import ctypes

# Part of NVIDIA's driver: found in containers and under WSL, too.
_DRIVER = "libcuda.so.1"


def has_gpu() -> bool:
    """Tell whether there is a GPU that PyTorch can use.

    PyTorch takes seconds to load, so the driver is looked for first: where there is none, the
    answer is there at once.
    """
    try:
        ctypes.CDLL(_DRIVER)
    except OSError:
        return False
    import torch

    return torch.cuda.is_available()
