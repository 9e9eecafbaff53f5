"""A fault, what a plain restart made of it, and how both are counted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from faults.project import Project
from faults.sameness import artefacts, different
from stpose.artefacts.files import PART


@dataclass(frozen=True)
class Trial:
    """One fault put into one run.

    Attributes:
        fault: What was done.
        stage: Where.
        ended_right: Whether the run that followed ended with the results of an undisturbed one;
            None where no run followed, and it was seen alone whether the fault is noticed.
        lost: Artefacts that the fault destroyed beside its target, or that were missing in the end.
        accepted: Artefacts that were taken and are not what an undisturbed run gives.
        says: What went wrong; empty if nothing did.
    """

    fault: str
    stage: str
    ended_right: bool | None
    lost: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    says: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether nothing of what may not happen did."""
        return self.ended_right is not False and not (self.lost or self.accepted or self.says)

    def to_json(self) -> str:
        """Return it as a line, for the record of a long count."""
        return json.dumps(self.__dict__)


@dataclass(frozen=True)
class Bench:
    """What faults are put into.

    Attributes:
        finished: A project whose run was never disturbed; never changed.
        folder: An empty folder for copies of it.
    """

    finished: Project
    folder: Path

    def copy(self, name: str) -> Project:
        """Copy the finished project, times of files kept."""
        return self.finished.copy(self.folder / name)

    def judge(
        self,
        fault: str,
        stage: str,
        project: Project,
        before: Iterable[str] = (),
        arguments: tuple[str, ...] = (),
        says: str = "",
    ) -> Trial:
        """Start a disturbed run again, to its end, and compare with the undisturbed one.

        Args:
            fault: What was done to it.
            stage: Where.
            project: The run. Its lock is taken off, as the README says.
            before: Artefacts that were whole and are not to be made anew.
            arguments: What is asked of snakemake, if not all.
            says: What was already seen to be wrong.
        """
        gone = set(before) - artefacts(project.results)
        project.run("--unlock", *arguments)
        done = project.run(*arguments, check=False)
        made = artefacts(project.results)
        wanted = set(before) if arguments else artefacts(self.finished.results)
        lost = gone | (wanted - made if not done.returncode else set())
        accepted = different(self.finished.results, project.results, made)
        left = [path.name for path in project.results.rglob("*") if PART in path.name]
        if done.returncode:
            says = f"{says} the restart failed: {done.stderr[-1500:]}"
        if left:
            says = f"{says} left behind: {left}"
        right = not done.returncode and not lost and not accepted and not left and not says
        return Trial(fault, stage, right, tuple(sorted(lost)), tuple(accepted), says.strip())
