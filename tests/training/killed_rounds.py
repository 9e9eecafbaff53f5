"""Trains rounds in children that are killed, as by the machine when memory runs out.

    python killed_rounds.py JOB

JOB is a JSON file: `arguments` of the training stage, `settings`, `threads`, and `attempts`, each a
folder and where its child dies: (step, moment), or null for one that may end. A fork for each
saves the seconds that PyTorch takes to load; there are no threads before the fork.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

import torch
from torch.optim.optimizer import register_optimizer_step_pre_hook

from stpose.settings.experiment import ExperimentSettings
from stpose.training import checkpoint, loop, stage


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(step, moment):
    """Let this process be killed in an iteration, counted from 0, or in what follows it."""
    iterate, save, unlink = loop.iterate, torch.save, Path.unlink
    now = [-1]

    def iterate_or_die(progress, *rest):
        now[0] = progress.step
        if progress.step == step and moment == "before":
            kill()
        iterate(progress, *rest)
        if progress.step == step and moment == "after":
            kill()

    def step_or_die(*_):
        if now[0] == step and moment == "between":  # gradients are there, weights have not moved
            kill()

    def save_or_die(state, path):
        save(state, path)
        if now[0] == step and moment == "checkpoint":
            os.truncate(path, path.stat().st_size // 2)
            kill()

    def unlink_or_die(path, **chosen):
        if path.name == stage.CHECKPOINT and moment == "end":  # all is written
            kill()
        unlink(path, **chosen)

    loop.iterate = iterate_or_die
    register_optimizer_step_pre_hook(step_or_die)
    checkpoint.torch.save = save_or_die
    Path.unlink = unlink_or_die


def train(job, folder):
    given = job["arguments"]
    torch.set_num_threads(job["threads"])
    stage.train(
        Path(given["curriculum"]),
        [Path(path) for path in given["crops"]],
        None,
        None,
        Path(folder),
        ExperimentSettings(**job["settings"]),
        "code",
        [Path(path) for path in given["motion"]],
    )


def main():
    job = json.loads(Path(sys.argv[1]).read_text())
    torch.optim.Adam([torch.zeros(1)])  # the first optimiser of a process loads PyTorch's compiler
    for folder, death in job["attempts"]:
        child = os.fork()
        if not child:
            status = 1
            try:
                if death:
                    die_at(*death)
                train(job, folder)
                status = 0
            except Exception:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        status = os.waitpid(child, 0)[1]
        ended = os.WTERMSIG(status) == signal.SIGKILL if death else status == 0
        if not ended:
            sys.exit(f"{folder}, to die at {death}: ended with {status}")


if __name__ == "__main__":
    main()
