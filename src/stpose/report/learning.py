"""What the report says of trainings and benchmarks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from stpose.artefacts.documents import read_document
from stpose.artefacts.schemas import METRICS
from stpose.artefacts.tables import read_table

_LAST_SHARE = 0.2


@dataclass(frozen=True)
class TaskRow:
    """How a task stood over the last fifth of a training's rows.

    Attributes:
        experiment: Name of the experiment.
        round_number: Round, from 1.
        task: Name of the task.
        loss: Mean loss, nat.
        trivial_loss: The best that no look at a picture reaches, nat.
        accuracy: Mean accuracy, 0 to 1; None for a task without right answers.
        chance: What always giving the commoner answer would reach; likewise.
        images_per_second: Median throughput.
    """

    experiment: str
    round_number: int
    task: str
    loss: float
    trivial_loss: float
    accuracy: float | None
    chance: float | None
    images_per_second: float


def task_rows(metrics_path: Path, experiment: str, round_number: int) -> list[TaskRow]:
    """Summarise a training's metrics, a row a task.

    Raises:
        ArtefactError: The table is missing or damaged.
    """
    metrics = read_table(metrics_path, METRICS).to_pandas()
    rows = []
    for task, lines in metrics.groupby("task", sort=True):
        last = lines.tail(max(1, round(len(lines) * _LAST_SHARE)))
        rows.append(
            TaskRow(
                experiment=experiment,
                round_number=round_number,
                task=str(task),
                loss=float(last["loss"].mean()),
                trivial_loss=float(last["trivial_loss"].mean()),
                accuracy=_mean(last["accuracy"]),
                chance=_mean(last["chance"]),
                images_per_second=float(lines["images_per_second"].median()),
            )
        )
    return rows


def _mean(values: "pd.Series[float]") -> float | None:
    return None if values.isna().all() else float(values.mean())


def benchmark_table(path: Path, results: Path) -> dict[str, Any]:
    """Return a benchmark's document with its rows sorted, best first, and what it was measured on.

    Args:
        path: The benchmark's document.
        results: The results folder; a run without data of its own is measured on its demo.

    Raises:
        ArtefactError: The document is missing or damaged.
    """
    content = read_document(path, "benchmark")
    content["rows"] = sorted(content["rows"], key=lambda row: -row["value"])
    folder = Path(content["data"]["folder"])
    is_demo = folder.resolve().is_relative_to(results.resolve() / "demo")
    content["measured_on"] = "rendered people of the demo" if is_demo else f"the data in {folder}"
    return content


def gain_in_words(content: dict[str, Any]) -> str:
    """Return one sentence: how much better the trained network is than what needs no training.

    The differences are paired over the benchmark's samples; their intervals are 95% ones.
    """
    rows = {row["name"]: row for row in content["rows"] if row["headline"]}
    trained = next((row for row in rows.values() if row["kind"] == "trained"), None)
    if trained is None:
        return ""
    parts = []
    for kind, words in (("random", "random weights"), ("no-pixel", "the best cue without pixels")):
        others = [name for name, row in rows.items() if row["kind"] == kind]
        if others:
            best = max(others, key=lambda name: float(rows[name]["value"]))
            gain = next(one for one in content["differences"] if one["against"] == best)
            interval = f"[{gain['low']:+.3f}, {gain['high']:+.3f}]"
            parts.append(f"{gain['value']:+.3f} {interval} to {words}")
    found = f"{content['benchmark']}, on {content['measured_on']}: {trained['value']:.3f}"
    return f"{found}; difference {' and '.join(parts)}."
