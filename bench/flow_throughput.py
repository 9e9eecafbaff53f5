"""Throughput of the Brox solver in PyTorch: pairs a second, and how well it uses the memory.

Needs nothing but NumPy, PyTorch, OpenCV and `src` on PYTHONPATH, so that it also runs where the
workflow is not installed:

    PYTHONPATH=src python bench/flow_throughput.py --device cuda --batch 256 --side 320 --pairs 2048

What a sweep has to move, for a pixel: its solver updates two unknowns from four neighbours. If one
operation did all, and every number were read once in each half sweep that needs it, these would be
- 6 of the flow: own u, v read and written, and those of the other colour read;
- 4 weights of the smoothness, two of them stored with the neighbours;
- 2 right sides and 3 factors of the equations;
that is 15 numbers or 60 bytes. PyTorch has no such operation; the eight that it takes instead
(five `addcmul`s and others, see `Equations.relax`) move 52 numbers or 208 bytes:
- four neighbours, both unknowns: 4 x 2 x (3 read + 1 written) = 32;
- times the factor, plus the old flow: 2 x 2 x (2 read + 1 written) = 12;
- each unknown from the other one: 2 x (3 read + 1 written) = 8.
Both are given as shares of what a copy of a large tensor reaches.
"""

import argparse
import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch

from stpose.flow.parameters import TorchParameters
from stpose.flow.presets import find_preset
from stpose.flow.torch_board import Board
from stpose.flow.torch_equations import Equations
from stpose.flow.torch_solver import brox_flow_batch

WANTED_PAIRS = 140_000
NEEDED_BYTES = 60
MOVED_BYTES = 208


def textured_pairs(count: int, height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pairs (count, height, width) on the processor: each another part of a texture, moved."""
    margin, random = 8, np.random.default_rng(0)
    noise = random.random((2 * height + 2 * margin, 2 * width + 2 * margin), np.float32)
    scene = cv2.GaussianBlur(noise, (0, 0), 2)
    scene = (scene - scene.min()) / np.ptp(scene)
    pairs = np.empty((2, count, height, width), np.float32)
    for n in range(count):
        y, x = (int(random.integers(margin, margin + side)) for side in (height, width))
        down, right = random.integers(-4, 5, 2)
        pairs[0, n] = scene[y : y + height, x : x + width]
        pairs[1, n] = scene[y - down : y - down + height, x - right : x - right + width]
    return torch.from_numpy(pairs[0]), torch.from_numpy(pairs[1])


def seconds(work: Callable[[], object], device: str, times: int) -> float:
    """Mean wall time of some calls, after one that does not count."""
    work()
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    wait()
    start = time.perf_counter()
    for _ in range(times):
        work()
    wait()
    return (time.perf_counter() - start) / times


def copy_speed(device: str, mebibytes: int) -> float:
    """Bytes a second that a copy of a large tensor reads and writes."""
    source = torch.zeros(mebibytes * 2**20, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * len(source) / seconds(lambda: target.copy_(source), device, 10)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda", help="cuda or cpu")
    parser.add_argument("--batch", type=int, default=256, help="pairs solved together")
    parser.add_argument("--side", type=int, default=320, help="width, px; height is 3/4 of it")
    parser.add_argument("--pairs", type=int, default=2048, help="pairs in all, rounded to batches")
    parser.add_argument("--preset", default="default", help="default, joint, separate or fast")
    parser.add_argument("--copy", type=int, default=1024, help="MiB copied to time the memory")
    given = parser.parse_args(arguments)
    parameters = find_preset("torch", given.preset)
    assert isinstance(parameters, TorchParameters)
    size = (given.side * 3 // 4, given.side)
    first, second = textured_pairs(given.batch, *size)

    def solve() -> torch.Tensor:
        one, two = first.to(given.device), second.to(given.device)
        return brox_flow_batch(one, two, parameters.brox).cpu()

    batch_seconds = seconds(solve, given.device, max(1, given.pairs // given.batch))
    rate = given.batch / batch_seconds
    print(f"{given.batch} pairs of {size[1]}x{size[0]} at once, preset {given.preset}")
    print(f"{rate:.1f} pairs a second with copies to the device and back")
    print(f"{WANTED_PAIRS / rate / 60:.1f} minutes for {WANTED_PAIRS} pairs")
    if given.device == "cuda":
        print(f"{torch.cuda.max_memory_allocated() / 2**30:.2f} GiB of GPU memory at most")

    equations = Equations(Board(given.batch, *size), parameters.brox, first.to(given.device))
    sweep_seconds = seconds(equations.relax, given.device, 10) / parameters.brox.sweeps
    speed = copy_speed(given.device, given.copy)
    pixels = given.batch * size[0] * size[1]
    print(f"{speed / 1e9:.1f} GB/s by copying; a sweep on the finest level reaches of that")
    for words, count in (("must move", NEEDED_BYTES), ("moves here", MOVED_BYTES)):
        share = count * pixels / sweep_seconds / speed
        print(f"  {share:.3f} by the {count} bytes a pixel that it {words}")


if __name__ == "__main__":
    main()
