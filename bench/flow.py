"""Accuracy and CPU seconds of the flow presets beside their peers: `make bench`.

The peers of opencv-contrib live in an environment of their own, `.bench`, since both builds of
OpenCV claim the same module. Every round runs the presets and then the peers, each in a fresh
process of one thread, so that both meet the same machine; the best of the rounds counts. Times
are CPU seconds, and what can be quoted is their ratio to DeepFlow's.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).parent.parent
REFERENCE = "DeepFlow"

Solver = Callable[[Any, Any], Any]


def own_solvers() -> dict[str, tuple[Solver, int]]:
    """Presets of every backend: a function, and whether it reads colour (1) or grey (0)."""
    from stpose.flow.presets import PRESETS
    from stpose.flow.solve import optical_flow

    return {
        f"{backend} {name}": (lambda one, two, chosen=chosen: optical_flow(one, two, chosen), 0)
        for backend, presets in PRESETS.items()
        for name, chosen in presets.items()
    }


def peer_solvers() -> dict[str, tuple[Solver, int]]:
    """Flow of opencv-contrib."""
    deep = cv2.optflow.createOptFlow_DeepFlow()
    principal = cv2.optflow.createOptFlow_PCAFlow()
    sparse = cv2.optflow.createOptFlow_SparseToDense()
    variation = cv2.optflow.DualTVL1OpticalFlow_create()
    dense = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    def farneback(one: Any, two: Any) -> Any:
        return cv2.calcOpticalFlowFarneback(one, two, None, 0.5, 5, 13, 10, 5, 1.1, 0)

    return {
        REFERENCE: (lambda one, two: deep.calc(one, two, None), 0),
        "DIS medium": (lambda one, two: dense.calc(one, two, None), 0),
        "Farneback": (farneback, 0),
        "PCAFlow": (lambda one, two: principal.calc(one, two, None), 1),
        "DualTVL1": (lambda one, two: variation.calc(one, two, None), 0),
        "SparseToDense": (lambda one, two: sparse.calc(one, two, None), 1),
    }


def measure(solvers: dict[str, tuple[Solver, int]], data: Path) -> dict[str, list[list[float]]]:
    """Endpoint error (px), angular error (degrees) and CPU seconds of each on every sequence."""
    cv2.setNumThreads(1)
    found = {}
    for name, (solve, colour) in solvers.items():
        rows = []
        for folder in sequences(data):
            one, two = (
                cv2.imread(str(folder / f"frame{number}.png"), colour) for number in (10, 11)
            )
            if not rows:
                solve(one, two)  # compiles and allocates
            start = time.process_time()
            flow = np.asarray(solve(one, two), dtype=np.float64)
            seconds = time.process_time() - start
            rows.append([*errors(flow, read_truth(folder / "flow10.flo")), seconds])
        found[name] = rows
    return found


def sequences(data: Path) -> list[Path]:
    """Folders of a pair with its true flow, as Middlebury publishes them."""
    return sorted(path.parent for path in data.glob("*/flow10.flo"))


def read_truth(path: Path) -> Any:
    """Read a .flo file; written again here so that peers need nothing of stpose."""
    raw = np.fromfile(path, "<f4")
    width, height = raw[1:3].view("<i4")
    return raw[3:].reshape(height, width, 2).astype(np.float64)


def errors(flow: Any, truth: Any) -> list[float]:
    """Mean endpoint error (px) and angular error (degrees) over known pixels."""
    known = (np.abs(truth) < 1e9).all(axis=-1)
    one, two = flow[known], truth[known]
    inner = (one * two).sum(1) + 1
    norms = np.sqrt(((one**2).sum(1) + 1) * ((two**2).sum(1) + 1))
    angle = np.degrees(np.arccos(np.clip(inner / norms, -1, 1)))
    return [float(np.hypot(*(one - two).T).mean()), float(angle.mean())]


def run_all(data: Path, peers: Path, rounds: int) -> dict[str, Any]:
    """Measure presets and peers in turn and keep each one's fastest round."""
    best: dict[str, Any] = {}
    runs = [(Path(sys.executable), "own"), *([(peers, "peers")] if peers.is_file() else [])]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    for _ in range(rounds):
        for python, which in runs:
            command = [str(python), __file__, "--data", str(data), "--only", which]
            text = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True
            )
            for name, rows in json.loads(text.stdout).items():
                if name not in best or total(rows) < total(best[name]):
                    best[name] = rows
    return best


def total(rows: list[list[float]]) -> float:
    """CPU seconds of all sequences."""
    return sum(row[2] for row in rows)


def print_table(best: dict[str, Any], names: list[str]) -> None:
    """Print a row a solver, most accurate first."""
    reference = total(best[REFERENCE]) if REFERENCE in best else None
    head = "  ".join(f"{sequence:>13}" for sequence in names)
    print(f"{'endpoint / angular error':24}{head}   mean AEE    CPU s  of {REFERENCE}'s")
    for name, rows in sorted(best.items(), key=lambda item: np.mean([r[0] for r in item[1]])):
        cells = "  ".join(f"{end:6.3f}/{angle:6.2f}" for end, angle, _ in rows)
        share = f"{total(rows) / reference:12.2f}" if reference else f"{'-':>12}"
        mean = np.mean([row[0] for row in rows])
        print(f"{name:24}{cells}{mean:11.3f}{total(rows) / len(rows):9.3f}{share}")


def main() -> None:
    """Read the arguments, measure, print."""
    beside = ROOT.parent / "shared" / "data"
    default = Path(os.environ.get("STPOSE_SHARED_DATA", beside)) / "flow"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=default, help="folder of Middlebury pairs")
    parser.add_argument("--peers", type=Path, default=ROOT / ".bench/bin/python")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("own", "peers"), help="measure these, print JSON")
    given = parser.parse_args()
    names = [folder.name for folder in sequences(given.data)]
    if not names:
        sys.exit(f"{given.data}: no folders with frame10.png, frame11.png and flow10.flo")
    if given.only:
        solvers = own_solvers() if given.only == "own" else peer_solvers()
        print(json.dumps(measure(solvers, given.data)))
    else:
        print_table(run_all(given.data, given.peers, given.rounds), names)


if __name__ == "__main__":
    main()
