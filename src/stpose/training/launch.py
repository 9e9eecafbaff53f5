"""Starting a round: in this process, or through torchrun in several.

    python -m torch.distributed.run --nproc-per-node 2 -m stpose.training.launch ROUND.json

A file of `Round.to_json` is all that a round needs, so that it can be started without Snakemake.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from stpose.errors import InputError
from stpose.network.devices import choose_device
from stpose.settings.experiment import ExperimentSettings
from stpose.training.processes import joined_processes
from stpose.training.stage import train

_log = logging.getLogger(__name__)
_ROUND = "round.json"


@dataclass(frozen=True)
class Round:
    """A round of an experiment; see `stpose.training.stage.train`.

    Attributes:
        curriculum: The curriculum.
        crops: Crops of all videos.
        pairs: Pairs mined after the round before, if any.
        weights: Weights of the round before, if any.
        out: Folder of what is written.
        settings: Those of the round.
        code: Fingerprint of the code.
        motion: Motion maps of all videos, if a recipe needs them.
        held_out: Ids of the videos that nothing is learned from.
        threads: Cores of the machine to use, shared by all processes.
    """

    curriculum: Path
    crops: tuple[Path, ...]
    pairs: Path | None
    weights: Path | None
    out: Path
    settings: ExperimentSettings
    code: str
    motion: tuple[Path, ...]
    held_out: tuple[str, ...]
    threads: int

    def to_json(self) -> str:
        """Return the round as text."""
        settings = self.settings.model_dump(mode="json")
        return json.dumps(asdict(self) | {"settings": settings}, default=str)

    @classmethod
    def from_json(cls, text: str) -> "Round":
        """Return the round that a text holds."""
        values: dict[str, Any] = json.loads(text)
        paths = ("curriculum", "pairs", "weights", "out")
        values |= {name: values[name] and Path(values[name]) for name in paths}
        values |= {name: tuple(map(Path, values[name])) for name in ("crops", "motion")}
        values["held_out"] = tuple(values["held_out"])
        values["settings"] = ExperimentSettings.model_validate(values["settings"])
        return cls(**values)


def launch(given: Round) -> None:
    """Train a round in as many processes as its settings say.

    Raises:
        InputError: One of several processes failed; what it said stands above, on standard error.
            In a single process all that `train` raises.
        ArtefactError: An input is damaged, in a single process.
    """
    count = given.settings.processes
    if count == 1:
        _train(given)
        return
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / _ROUND
    file.write_text(given.to_json(), encoding="utf-8")
    # By its address, as not every machine knows its own name.
    torchrun = ["torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1"]
    started = [*torchrun, "--nproc-per-node", str(count), "-m", "stpose.training.launch", str(file)]
    _log.info("training in %d processes", count)
    done = subprocess.run([sys.executable, "-m", *started], check=False)
    file.unlink()
    if done.returncode:
        message = f"training in {count} processes failed ({done.returncode})"
        raise InputError(message)


def _train(given: Round) -> None:
    with joined_processes(choose_device(given.settings.device)) as processes:
        if not processes.is_first:  # they would all say the same
            logging.getLogger("stpose").setLevel(logging.WARNING)
        torch.set_num_threads(max(1, given.threads // processes.count))
        train(
            given.curriculum,
            given.crops,
            given.pairs,
            given.weights,
            given.out,
            given.settings,
            given.code,
            given.motion,
            given.held_out,
            processes,
        )


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    _train(Round.from_json(Path(sys.argv[1]).read_text(encoding="utf-8")))
