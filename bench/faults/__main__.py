"""Put faults into whole runs and print a table of what came of them: python -m faults.

The footage is tiny, so that a run takes a minute and a half on two cores; all faults together
take half an hour and more. Results are compared with those of a run that nothing disturbed.
"""

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from faults import damage, disk, kills, runs, videos
from faults.project import Project, finished_project, render_footage
from faults.trial import Bench, Trial

SECTIONS: dict[str, Callable[[Bench], Iterator[Trial]]] = {
    "kills": kills.trials,
    "disk": disk.trials,
    "videos": videos.trials,
    "damage": damage.trials,
    "runs": runs.trials,
}
_HEAD = (
    "| fault | stage | injected | ended right after a plain restart | artefacts lost "
    "| wrong results accepted |\n|---|---|---|---|---|---|"
)


def table(trials: list[Trial]) -> str:
    """Return the counts of trials, by fault and stage, as Markdown."""
    groups: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[trial.fault, trial.stage].append(trial)
    lines = [_line(fault, stage, group) for (fault, stage), group in groups.items()]
    return "\n".join([_HEAD, *lines, _line("all", "", trials)])


def _line(fault: str, stage: str, trials: list[Trial]) -> str:
    followed = [trial.ended_right for trial in trials if trial.ended_right is not None]
    right = f"{sum(followed)} of {len(followed)}" if followed else "no run"
    lost = sum(len(trial.lost) for trial in trials)
    accepted = sum(len(trial.accepted) for trial in trials)
    return f"| {fault} | {stage} | {len(trials)} | {right} | {lost} | {accepted} |"


def main() -> int:
    """Run all faults, or some, and print; the exit status is 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--only", choices=SECTIONS, action="append", help="sections to run")
    parser.add_argument("--finished", type=Path, help="an undisturbed project of before")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    if asked.finished:
        finished = Project(asked.finished.absolute())
    else:
        finished = finished_project(folder / "finished", render_footage(folder / "footage"))
    if not disk.can_mount():
        print("Disks are left out: mounting them needs root.", file=sys.stderr)
    trials: list[Trial] = []
    try:
        for name in asked.only or SECTIONS:
            bench = Bench(finished, folder / name)
            bench.folder.mkdir()
            for trial in SECTIONS[name](bench):
                trials.append(trial)
                print(trial.to_json(), file=sys.stderr, flush=True)
    finally:  # half an hour's counts are not lost with one trial
        print(table(trials))
    shutil.rmtree(folder)
    return 0 if all(trial.is_well for trial in trials) else 1


if __name__ == "__main__":
    sys.exit(main())
