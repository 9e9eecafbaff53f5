"""Results folders with benchmarks and model cards as the stages write them."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from stpose.artefacts.documents import write_document
from stpose.artefacts.provenance import derive
from stpose.benchmarks.document import write_benchmark
from stpose.benchmarks.metrics import PARTS
from stpose.benchmarks.rows import Row
from stpose.settings.benchmarks import BenchmarkSettings
from stpose.settings.experiment import ExperimentSettings
from stpose.settings.tables import TablesSettings

PAPERS_DATA = {"folder": "OS", "categories": 16, "exemplars": 1033}
COUNTS = (500, 533)


@dataclass
class Run:
    """A results folder, filled bit by bit."""

    results: Path
    experiments: dict[str, ExperimentSettings] = field(default_factory=dict)
    benchmarks: tuple[str, ...] = ("olympic_sports",)

    @property
    def settings(self) -> TablesSettings:
        return TablesSettings(
            experiments=self.experiments, benchmarks=self.benchmarks, bootstrap_samples=200
        )

    def train(self, name: str, videos: int = 680, **settings) -> None:
        """Leave the model cards of an experiment."""
        experiment = ExperimentSettings(**{"rounds": 1, **settings})
        self.experiments[name] = experiment
        card = {
            "settings": experiment.model_dump(mode="json"),
            "data": {"videos": videos, "crops": 100 * videos},
            "iterations": experiment.iterations,
        }
        for number in range(1, experiment.rounds + 1):
            path = self.results / "training" / name / str(number) / "model.json"
            write_document(path, "model", 1, card, derive("training", "{}"))

    def measure_posture(self, name: str, mean: float, data: dict | None = None) -> None:
        """Leave a posture table in which the training scores `mean`."""
        groups = np.repeat([0, 1], COUNTS)
        self._measure(name, "olympic_sports", mean, data or PAPERS_DATA, groups, ())

    def measure_posture_without_frames(self, name: str) -> None:
        """Leave a posture table with the cues that need no frames alone."""
        self._measure(
            name, "olympic_sports", None, PAPERS_DATA, np.repeat([0, 1], COUNTS), (), 1033
        )

    def measure_lsp(self, name: str, mean: float, queries: int = 1000) -> None:
        """Leave a table of Leeds Sports Pose."""
        data = {"folder": "LSP", "gallery": 4945, "queries": queries}
        self._measure(name, "lsp", mean, data, None, PARTS, queries)

    def _measure(self, name, benchmark, mean, data, groups, parts, count=1033) -> None:
        known = np.zeros(count, np.int64) if groups is None else groups

        def centred(noise):
            """Noise that moves no group's mean."""
            means = np.bincount(known, noise) / np.bincount(known)
            return noise - means[known]

        def row(called, kind, value, seed, **further):
            # The same samples are hard for all, so that pairing takes most of the noise away.
            noise = np.random.default_rng(0).normal(0, 0.2, count)
            own = np.random.default_rng(seed).normal(0, 0.01, count)
            samples = value + centred(noise) + centred(own)
            by = {part: value + 0.01 * place for place, part in enumerate(parts)}
            return Row(called, kind, samples, by, **further)

        rows = [
            row("pose", "oracle", 0.692, 9),
            row("time", "no-pixel", 0.70, 1),
            row("aspect", "no-pixel", 0.66, 2),
            row("hog", "hand-made", 0.65, 3),
            row("random weights", "random", 0.60, 4, further={"seeds": [0.59, 0.61]}),
            row("random weights (raw)", "random", 0.1, 5, headline=False),
        ]
        if mean is None:
            rows = [row for row in rows if row.kind == "no-pixel"]
        else:
            rows.append(row("trained", "trained", mean, len(name)))
        path = self.results / "benchmarks" / name / f"{benchmark}.json"
        content = {"benchmark": benchmark, "data": data}
        write_benchmark(path, content, rows, groups, BenchmarkSettings(), "", [], [])


@pytest.fixture
def run(tmp_path) -> Run:
    return Run(tmp_path)
