"""Processes that train one model together: one a GPU, or several on a CPU, started by torchrun."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as distributed

from stpose.errors import InputError


@dataclass(frozen=True)
class Processes:
    """Which of the processes this is.

    Attributes:
        rank: Its number, from 0. The first one writes all files.
        count: How many there are.
    """

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Tell whether this process is the one that writes."""
        return self.rank == 0

    def share(self, pictures: int) -> slice:
        """Return which of the pictures of a batch go through the network of this process."""
        return slice(pictures * self.rank // self.count, pictures * (self.rank + 1) // self.count)


ALONE = Processes()


@contextmanager
def joined_processes(device: str) -> Iterator[Processes]:
    """Join the processes that torchrun started with this one, for as long as the block runs.

    Args:
        device: "cpu", or "cuda": each process then has a GPU of its own.

    Raises:
        InputError: There are more processes than GPUs.
    """
    if not distributed.is_torchelastic_launched():
        yield ALONE
        return
    local, count = int(os.environ["LOCAL_RANK"]), int(os.environ["WORLD_SIZE"])
    if device == "cuda":
        if int(os.environ["LOCAL_WORLD_SIZE"]) > torch.cuda.device_count():
            message = f"processes: found {count}, but there are {torch.cuda.device_count()} GPUs"
            raise InputError(message)
        torch.cuda.set_device(local)
    distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
