"""Fuzz all readers and print a table of counts: python -m fuzzing --cases 100000.

Each reader runs in a process of its own, a fork, which is watched: a case that kills it or takes
longer than half a minute is a find, and the run goes on behind it. Files that were found are kept.
"""

import argparse
import json
import multiprocessing
import multiprocessing.connection
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from fuzzing.reader import Reader
from fuzzing.readers import READERS
from fuzzing.worker import LOG, work

_HANG_SECONDS = 30
_MOST_DEATHS = 20


@dataclass
class Tally:
    """What came of one reader's cases."""

    counts: Counter[str] = field(default_factory=Counter)
    finds: Counter[str] = field(default_factory=Counter)
    says: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """Number of cases that ran."""
        return sum(self.counts.values())

    def add_find(self, find: str, says: str) -> None:
        """Count a find; of several alike the first is shown."""
        self.finds[find] += 1
        self.says.setdefault(find, says)


def fuzz(reader: Reader, cases: int, seed: int, folder: Path) -> Tally:
    """Run the cases of one reader, with a new process behind each case that ends one."""
    tally = Tally()
    for attempt in range(_MOST_DEATHS):
        left = cases - tally.cases
        if left <= 0:
            break
        before = tally.cases
        ended = _one_process(reader, left, seed + attempt, folder, tally)
        if ended:
            kept = folder / f"{ended.replace(' ', '-')}-{attempt}{Path(reader.file).suffix}"
            case = folder / "case" / reader.file
            if case.is_file():
                kept.write_bytes(case.read_bytes())
            tally.counts["wrong"] += 1
            tally.add_find(ended, str(kept))
        elif tally.cases - before < left // 2:
            break  # there are no more different cases
    return tally


def _one_process(reader: Reader, cases: int, seed: int, folder: Path, tally: Tally) -> str:
    """Run one process to its end; return how it ended, if it should not have."""
    folder.mkdir(parents=True, exist_ok=True)
    arguments = (reader, seed, cases, folder)
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    hangs = _watch(process, folder / "case" / reader.file)
    counts: Counter[str] = Counter()
    for line in (folder / LOG).read_text().splitlines():
        told = json.loads(line)
        if "counts" in told:
            counts = Counter(told["counts"])
        else:
            tally.add_find(told["find"], f"{told['says']} ({told['file']})")
    tally.counts += counts
    if hangs:
        return "hangs"
    return f"ends the process with {process.exitcode}" if process.exitcode else ""


def _watch(process: BaseProcess, case: Path) -> bool:
    """Wait for a process; end it and return True if it stays too long at one case."""
    seen, since = 0, time.monotonic()
    while not multiprocessing.connection.wait([process.sentinel], timeout=1.0):
        now = case.stat().st_mtime_ns if case.is_file() else 0
        if now != seen:
            seen, since = now, time.monotonic()
        elif seen and time.monotonic() - since > _HANG_SECONDS:
            process.kill()
            process.join()
            return True
    process.join()
    return False


def main() -> int:
    """Fuzz and print; the exit status is 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="fuzzing", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="of all readers together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="readers whose name holds this")
    parser.add_argument("--keep", type=Path, default=None, help="folder for files that were found")
    asked = parser.parse_args()
    chosen = [reader for reader in READERS if asked.only in reader.name]
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="fuzzing-"))
    share = asked.cases / sum(reader.weight for reader in chosen)
    print("| reader | cases | refused | taken | wrong | seconds |\n|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    finds: list[str] = []
    for number, reader in enumerate(chosen):
        begun = time.monotonic()
        cases = -int(-share * reader.weight // 1)
        tally = fuzz(reader, cases, asked.seed + 1000 * number, folder / str(number))
        seconds = time.monotonic() - begun
        row = [tally.counts[name] for name in ("refused", "taken", "wrong")]
        print(
            f"| {reader.name} | {tally.cases} | {' | '.join(map(str, row))} | {seconds:.0f} |",
            flush=True,
        )
        total += tally.counts
        finds += [
            f"{reader.name}: {count} times {find}: {tally.says[find]}"
            for find, count in tally.finds.most_common()
        ]
    row = [total[name] for name in ("refused", "taken", "wrong")]
    print(f"| all | {sum(total.values())} | {' | '.join(map(str, row))} | |")
    print("\n".join(["", *finds, f"Files: {folder}"]))
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
