"""From videos to the weights of many experiments on one machine, without starting Python a job.

    PYTHONPATH=src python bench/side_by_side.py config/config.yaml config/paper-small.yaml my.yaml \
        --videos DIR --results OUT --together 12 --seconds 540

For searches on a machine of many cores and one GPU that is lent for minutes. It calls the
functions that the rules call, with the settings that they would be given: all stages of a video
one after the other in one process, then all experiments side by side. What is there already is
left alone, so a second call goes on where the first one ended. Results are not for Snakemake,
which would make them anew; rounds that would be the same are trained once.
"""

import argparse
import hashlib
import logging
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import Lock, Semaphore
from typing import Any

import cv2
import torch
import yaml

from stpose.crops import write_crops
from stpose.curriculum import write_curriculum
from stpose.embeddings import write_embeddings
from stpose.flow.stage import write_flow
from stpose.frames.stage import write_frames
from stpose.people.stage import write_people
from stpose.repetitions.stage import write_repetitions
from stpose.settings.experiment import ExperimentSettings
from stpose.settings.merging import merged
from stpose.training.launch import Round
from stpose.training.stage import CARD, WEIGHTS
from stpose.workflow import Plan, read_plan

ROOT = Path(__file__).parent.parent
CODE = "side by side"
_log = logging.getLogger("side_by_side")


def main() -> None:
    """Prepare the videos, then run all experiments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("configurations", type=Path, nargs="*", help="later ones win")
    parser.add_argument("--videos", type=Path, required=True)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    parser.add_argument("--together", type=int, default=8, help="trainings at a time")
    parser.add_argument("--seconds", type=float, default=1e9, help="when to end what still runs")
    parser.add_argument("--mine", type=Path, nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)8d ms %(message)s")
    logging.getLogger("stpose").setLevel(logging.WARNING)
    plan = _plan(given)
    if given.mine:
        _mine(plan, *given.mine)
        return
    ends = time.monotonic() + given.seconds
    spent = prepare(plan, given.cores)
    _log.info("%d videos, CPU s: %s", len(plan.videos), spent)
    Rounds(plan, given.together, ends).run()


def _plan(given: argparse.Namespace) -> Plan:
    raw: dict[str, Any] = {}
    for path in given.configurations:
        raw = merged(raw, yaml.safe_load(path.read_text(encoding="utf-8")))
    experiments = {name: one for name, one in raw["experiments"].items() if one is not None}
    raw |= {"videos": str(given.videos), "results": str(given.results)}
    return read_plan(raw | {"experiments": experiments}, ROOT)


def prepare(plan: Plan, cores: int) -> dict[str, int]:
    """Take all videos to their flow, and sort the curriculum; return CPU seconds by stage."""
    for stage in ("frames", "people", "crops", "flow"):
        (plan.results / stage).mkdir(parents=True, exist_ok=True)
    longest_first = sorted(plan.videos, key=lambda video: -plan.videos[video].path.stat().st_size)
    spent: dict[str, float] = {}
    with ProcessPoolExecutor(cores) as pool:
        for of_video in pool.map(partial(_prepare, plan), longest_first):
            for stage, seconds in of_video.items():
                spent[stage] = spent.get(stage, 0.0) + seconds
    curriculum = plan.results / "curriculum.parquet"
    if not curriculum.is_file():
        tables = [plan.results / "flow" / f"{video}.parquet" for video in plan.videos]
        write_curriculum(tables, curriculum, plan.config.curriculum, CODE)
    return {stage: round(seconds) for stage, seconds in spent.items()}


def _prepare(plan: Plan, video: str) -> dict[str, float]:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    source, config = plan.videos[video], plan.config
    frames, crops, maps = (
        plan.results / stage / f"{video}.h5" for stage in ("frames", "crops", "flow")
    )
    people, flow = (plan.results / stage / f"{video}.parquet" for stage in ("people", "flow"))
    if maps.is_file():
        return {}
    clock = [time.process_time()]
    write_frames(source.path, video, frames, config.frames, CODE, source.relative)
    clock.append(time.process_time())
    write_people(frames, people, config.people, CODE)
    clock.append(time.process_time())
    write_crops(frames, people, crops, config.crops, CODE)
    clock.append(time.process_time())
    write_flow(frames, people, flow, maps, config.flow, CODE)
    clock.append(time.process_time())
    taken = [after - before for before, after in pairwise(clock)]
    return dict(zip(("frames", "people", "crops", "flow"), taken, strict=True))


class Rounds:
    """The rounds of all experiments, each in a process of its own."""

    def __init__(self, plan: Plan, together: int, ends: float) -> None:
        """Take a plan; `ends` is when, by the monotonic clock, nothing may run any more."""
        self._plan = plan
        self._ends = ends
        self._gate = Semaphore(together)
        self._locks: dict[Path, Lock] = {}
        self._crops = tuple(plan.results / "crops" / f"{video}.h5" for video in plan.videos)

    def run(self) -> None:
        """Run every experiment; one that fails costs no other."""
        names = list(self._plan.config.experiments)
        with ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(self._experiment, names))

    def _experiment(self, name: str) -> None:
        before: Path | None = None
        try:
            for number in range(1, self._plan.config.experiments[name].rounds + 1):
                before = self._round(name, str(number), before)
        except (subprocess.SubprocessError, OSError) as error:
            _log.info("%s was given up: %s", name, str(error)[-300:])

    def _round(self, name: str, number: str, before: Path | None) -> Path:
        """Train a round where no other is the same; return its folder."""
        plan = self._plan
        text = plan.training_settings(name, number)
        settings = ExperimentSettings.model_validate_json(text)
        digest = hashlib.sha256(f"{text} {before and before.name}".encode()).hexdigest()[:16]
        folder = plan.results / "rounds" / digest
        link = plan.results / "training" / name / number
        link.parent.mkdir(parents=True, exist_ok=True)
        with self._locks.setdefault(folder, Lock()):
            pairs = None
            if before is not None and settings.uses_repetitions and settings.repetition_share:
                pairs = self._mined(before)
            if not (folder / WEIGHTS).is_file():
                folder.mkdir(parents=True, exist_ok=True)
                weights = None if before is None else before / WEIGHTS
                motion = tuple(Path(path) for path in plan.motion_maps(name, number))
                given = Round(
                    *(plan.results / "curriculum.parquet", self._crops, pairs, weights, folder),
                    *(settings, CODE, motion, plan.held_out(name), 1),
                )
                file = folder / "round.json"
                file.write_text(given.to_json(), encoding="utf-8")
                with self._gate:
                    self._call(folder / "log", "-m", "stpose.training.launch", str(file))
                _log.info("%s, round %s: %s", name, number, folder / CARD)
        if not link.is_symlink():
            link.symlink_to(Path("..", "..", "rounds", digest))
        return folder

    def _mined(self, folder: Path) -> Path:
        """Mine the tracks by the weights of a round; return the pairs."""
        pairs = folder / "pairs.parquet"
        with self._locks.setdefault(pairs, Lock()):
            if not pairs.is_file():
                store = folder / "embeddings.h5"
                mine = ("--mine", str(folder / WEIGHTS), str(store), str(folder))
                self._call(folder / "mining.log", *sys.argv, *mine)
                store.unlink()
        return pairs

    def _call(self, log: Path, *arguments: str) -> None:
        # Each on a core of its own: with as many threads as cores, all wait for each other.
        env = os.environ | {"OMP_NUM_THREADS": "1"}
        left = max(1.0, self._ends - time.monotonic())
        with log.open("w") as file:
            command = [sys.executable, *arguments]
            subprocess.run(command, env=env, stdout=file, stderr=file, timeout=left, check=True)


def _mine(plan: Plan, weights: Path, store: Path, out: Path) -> None:
    crops = [plan.results / "crops" / f"{video}.h5" for video in plan.videos]
    write_embeddings(weights, crops, store, plan.config.embeddings, CODE)
    write_repetitions(store, out, plan.config.repetitions, CODE)


if __name__ == "__main__":
    main()
