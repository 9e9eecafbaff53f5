"""Work in a child process, so that a file that breaks a library costs that file alone.

The child is a fork, which costs no start-up. Threads do not come along: what it does must need
none that the parent has begun.
"""

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")

PATIENCE_SECONDS = 600.0
_MEMORY_BYTES = 4 << 30  # a frame of 8K needs 0.1 GB, and decoders keep up to some twenty
_OUT_OF_MEMORY = 71
# What a library dies of by itself. SIGKILL comes from outside: from someone, or for lack of
# memory on the machine; the job then fails, and may be tried again.
_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)


@dataclass(frozen=True)
class Ending:
    """How a child process ended.

    Attributes:
        code: Its exit status, as in `Process.exitcode`.
        hung: Whether it was ended because it made no progress for too long.
    """

    code: int
    hung: bool = False

    @property
    def fault(self) -> str:
        """What the file did to the library, to follow on its name; empty if it is not to blame."""
        if self.hung:
            return "hung"
        if self.code == _OUT_OF_MEMORY:
            return f"asked for more than {_MEMORY_BYTES >> 30} GiB"
        if -self.code in _CRASHES:
            return f"crashed ({signal.Signals(-self.code).name})"
        return ""


class ChildFailedError(RuntimeError):
    """A child process ended without a value; the message says how."""


def run_in_child(work: Callable[[Callable[[], None]], None], patience: float) -> Ending:
    """Run something in a child process that may have 4 GiB more than this one.

    Args:
        work: What to do. It is given a function to call whenever it has made progress.
        patience: How long to wait for progress (s).
    """
    steps = RawValue(ctypes.c_uint64)

    def count() -> None:
        steps.value += 1

    child = _start(lambda: work(count))
    return _wait(child, lambda: int(steps.value), patience)


def value_from_child(read: Callable[[], Value], patience: float = PATIENCE_SECONDS) -> Value:
    """Return what a function returns when it runs in a child process with a memory limit.

    Args:
        read: The function; what it returns can be pickled.
        patience: How long to wait for it (s).

    Raises:
        ChildFailedError: It raised an error, crashed, hung or asked for too much memory.
    """
    receiving, sending = multiprocessing.get_context("fork").Pipe(duplex=False)

    def work() -> None:
        try:
            told: tuple[Any, str] = (read(), "")
        except MemoryError:
            raise
        # Whatever it is, it is told: the message says what a library found wrong with a file.
        except Exception as error:
            told = (None, str(error) or type(error).__name__)
        sending.send(told)

    child = _start(work)
    sending.close()
    with receiving:
        # It tells something, or dies, which closes its end.
        told = bool(multiprocessing.connection.wait([receiving], patience))
        try:
            answer = receiving.recv() if told else None
        except EOFError:
            answer = None
    ending = _wait(child, lambda: 0, patience if told else 0.0)
    if answer is None:
        raise ChildFailedError(ending.fault or f"ended with {ending.code}")
    value: Value = answer[0]
    problem: str = answer[1]
    if problem:
        raise ChildFailedError(problem)
    return value


def _start(work: Callable[[], None]) -> BaseProcess:
    child = multiprocessing.get_context("fork").Process(target=_run, args=(work,))
    child.start()
    return child


def _run(work: Callable[[], None]) -> None:
    _limit_memory()
    try:
        work()
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)


def _limit_memory() -> None:
    """Let this process have `_MEMORY_BYTES` more than it has, or what the system allows."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + _MEMORY_BYTES
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _wait(child: BaseProcess, progress: Callable[[], int], patience: float) -> Ending:
    """Wait for a process to end, or end it if it makes no progress for too long."""
    seen, since = progress(), time.monotonic()
    while not multiprocessing.connection.wait([child.sentinel], timeout=min(5.0, patience)):
        now = progress()
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since >= patience:
            child.kill()
            child.join()
            return Ending(child.exitcode or 0, hung=True)
    child.join()
    return Ending(child.exitcode or 0)
