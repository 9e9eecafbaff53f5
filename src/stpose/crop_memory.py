"""Where decoded crops are held: on the GPU, in memory, or in a file that the system pages in."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_GPU_SHARE = 0.5  # of its free memory; the rest is for the network
_DISK_SHARE = 0.5  # of the free space


def room_for_crops(
    shape: tuple[int, ...], resident_bytes: int, mapped_folder: Path | None, device: str
) -> Tensor | None:
    """Return a tensor to put decoded crops in, at the first place where they fit.

    Args:
        shape: (N, 3, size, size), one byte a number.
        resident_bytes: Main memory that they may take; 0 holds them nowhere.
        mapped_folder: Folder for a file of at most half its free space, mapped into memory. It has
            no name, so that it is gone with the process, however that ends. None makes none.
        device: Where they are used; a GPU holds what fits in half of its free memory.

    Returns:
        uint8, not filled; or None where they fit nowhere.
    """
    needed = int(np.prod(shape))
    if not (needed and resident_bytes):
        return None
    if device != "cpu" and needed <= _GPU_SHARE * torch.cuda.mem_get_info()[0]:
        return torch.empty(shape, dtype=torch.uint8, device=device)
    if needed <= resident_bytes:
        return torch.empty(shape, dtype=torch.uint8)
    if mapped_folder is not None:
        mapped_folder.mkdir(parents=True, exist_ok=True)
        if needed <= _DISK_SHARE * shutil.disk_usage(mapped_folder).free:
            with tempfile.TemporaryFile(dir=mapped_folder) as file:
                return torch.from_numpy(np.memmap(file, np.uint8, "w+", shape=shape))
    return None


def ready_for(device: str, held: Tensor, rows: Tensor) -> Tensor:
    """Return some of the crops that are held.

    Args:
        device: Where they are used. Those that a GPU will fetch from main memory lie in pinned
            pages, from which it can copy while it computes.
        held: (N, 3, size, size) uint8.
        rows: (n,) which.
    """
    rows = rows.to(held.device)
    if device == "cpu" or held.is_cuda:
        return held[rows]
    pinned = torch.empty((len(rows), *held.shape[1:]), dtype=held.dtype, pin_memory=True)
    return torch.index_select(held, 0, rows, out=pinned)
