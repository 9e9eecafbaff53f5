"""Checkpoints: all of a training's state in one file, replaced as a whole."""

import logging
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from stpose.artefacts.files import replace_atomically
from stpose.errors import ArtefactError
from stpose.training.metrics import Row
from stpose.training.tasks import JointModel

_log = logging.getLogger(__name__)


@dataclass
class Progress:
    """A training's state: everything that the next iteration depends on, and its record.

    What is drawn at random is not part of it: that follows from the seed and the step.

    Attributes:
        model: Network and heads.
        answering: What is called with a batch: the model, or what joins it to other processes.
        optimiser: The optimiser.
        scaler: Loss scaling for float16; does nothing otherwise.
        step: Iterations done.
        seconds: Wall time so far.
        rows: Metrics so far.
        sums: (tasks, measures) what goes into the next rows of the metrics.
    """

    model: JointModel
    answering: nn.Module
    optimiser: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    sums: Tensor
    step: int = 0
    seconds: float = 0.0
    rows: list[Row] = field(default_factory=list)


def save_checkpoint(path: Path, progress: Progress, digest: str) -> None:
    """Write the state: whole, or not at all.

    Args:
        path: Where to.
        progress: The state.
        digest: Hash of settings, code and inputs: only the same training may go on from here.
    """
    state = {
        "digest": digest,
        "model": progress.model.state_dict(),
        "optimiser": progress.optimiser.state_dict(),
        "scaler": progress.scaler.state_dict(),
        "step": progress.step,
        "seconds": progress.seconds,
        "rows": progress.rows,
        "sums": progress.sums,
    }
    with replace_atomically(path) as temporary:
        torch.save(state, temporary)


def restore_checkpoint(path: Path, progress: Progress, digest: str) -> bool:
    """Bring a training to where a checkpoint left it; tell whether there was one that fits."""
    if not path.is_file():
        return False
    device = next(progress.model.parameters()).device
    try:
        _verify(path)
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    # Damaged files bring up errors of any kind, from zip to pickle.
    except Exception as error:
        _log.warning("%s cannot be read and is ignored (%s)", path, error)
        return False
    if not isinstance(state, dict) or state.get("digest") != digest:
        _log.info("%s is of other settings, code or inputs and is ignored", path)
        return False
    progress.model.load_state_dict(state["model"])
    progress.optimiser.load_state_dict(state["optimiser"])
    progress.scaler.load_state_dict(state["scaler"])
    progress.step, progress.seconds = int(state["step"]), float(state["seconds"])
    progress.rows, progress.sums = state["rows"], state["sums"]
    _log.info("resuming at iteration %d from %s", progress.step, path)
    return True


def _verify(path: Path) -> None:
    """Compare a checkpoint with its checksums, which PyTorch writes and does not look at.

    Raises:
        Exception: zipfile raises about anything at damaged files.
    """
    with zipfile.ZipFile(path) as file:
        damaged = file.testzip()
    if damaged is not None:
        message = f"{damaged} is not what its checksum says"
        raise ArtefactError(message)
