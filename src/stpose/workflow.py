"""What a run has to do, worked out from its settings: the Snakefile asks here, and only wires."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from stpose.artefacts.provenance import input_identity
from stpose.artefacts.schemas import VIDEOS
from stpose.artefacts.tables import read_table
from stpose.benchmarks.check import check as check_benchmarks
from stpose.datasets.catalogue import DATASETS
from stpose.datasets.fetch import SOURCE
from stpose.demo.plan import planned_videos
from stpose.errors import InputError
from stpose.fingerprint import code_fingerprint
from stpose.flow.parameters import TorchParameters
from stpose.flow.presets import find_preset
from stpose.models.cards import initial_files
from stpose.people.choose import check as check_people
from stpose.people.choose import needed_files as people_files
from stpose.settings.benchmarks import BENCHMARKS, BenchmarkName
from stpose.settings.config import Config, parse_config
from stpose.settings.tables import TablesSettings
from stpose.tables.paper import PAPER
from stpose.videos.discovery import ID_PATTERN, VideoSource, find_videos, video_id
from stpose.videos.sources import held_out, read_recordings

DEMO = "demo"
DEMO_FOLDERS: Mapping[BenchmarkName, str] = {"olympic_sports": "posture", "lsp": "lsp"}

_MOST = 20  # videos named at the end of a run


@dataclass(frozen=True)
class Plan:
    """A checked configuration and all that follows from it before any job runs.

    Attributes:
        config: The settings of all stages.
        results: The results folder.
        videos: Every video by its id, sorted by path.
        scripts: Folder with one script a rule.
    """

    config: Config
    results: Path
    videos: Mapping[str, VideoSource]
    scripts: Path

    @property
    def is_demo(self) -> bool:
        """Tell whether the run is on the footage that the project renders itself."""
        return self.config.videos == DEMO

    @property
    def video_pattern(self) -> str:
        """Regular expression that every video id matches."""
        return ID_PATTERN

    @property
    def source(self) -> str:
        """Say in words what footage the run is on."""
        return "the demo" if self.is_demo else self.config.videos

    def every_round(self, pattern: str) -> list[str]:
        """Return a path for each round of each experiment.

        Args:
            pattern: A path with EXPERIMENT and ROUND in it.
        """
        return [
            pattern.replace("EXPERIMENT", name).replace("ROUND", str(number))
            for name, experiment in self.config.experiments.items()
            for number in range(1, experiment.rounds + 1)
        ]

    def shown_round(self, pattern: str) -> str:
        """Return a path for the round whose vectors the report shows: the last of the last.

        Args:
            pattern: A path with EXPERIMENT and ROUND in it.
        """
        return self.every_round(pattern)[-1]

    def last_weights(self, experiment: str) -> str:
        """Return the weights of an experiment's last round."""
        rounds = self._experiment(experiment).rounds
        return f"{self.results}/training/{experiment}/{rounds}/weights.safetensors"

    def settings(self, stage: str) -> str:
        """Return the canonical JSON of exactly the settings that a stage uses."""
        return str(getattr(self.config, stage).canonical())

    def training_settings(self, experiment: str, number: str) -> str:
        """Return the canonical JSON of what a round of an experiment depends on.

        Raises:
            InputError: There is no such experiment.
        """
        model = self._experiment(experiment).of_round(int(number))
        # How many rounds there are, and what others change, does not change this one.
        values = model.model_dump(mode="json", exclude={"rounds", "changes"})
        return json.dumps(values, sort_keys=True, separators=(",", ":"))

    def training_processes(self, experiment: str, number: str) -> int:
        """Return the number of processes, one a GPU, that train a round of an experiment."""
        return int(self._experiment(experiment).of_round(int(number)).processes)

    def training_megabytes(self, experiment: str, number: str) -> int:
        """Return the memory (MB) that a training asks for: the crops it may hold, and 4 GB."""
        held = float(self._experiment(experiment).of_round(int(number)).resident_gb)
        return 4000 + round(1000 * held)

    @cached_property
    def recordings(self) -> Mapping[str, str]:
        """The recording of each video that was cut from one with others."""
        return read_recordings(Path(self.config.sources)) if self.config.sources else {}

    def held_out(self, experiment: str) -> tuple[str, ...]:
        """Return the ids of the videos that an experiment does not learn from."""
        share = self._experiment(experiment).held_out_share
        return held_out(self.videos.values(), self.recordings, share) if share else ()

    def motion_maps(self, experiment: str, number: str) -> list[str]:
        """Return the motion maps of all videos, if a round of an experiment learns from them."""
        if not self._experiment(experiment).of_round(int(number)).motion.weight:
            return []
        return [f"{self.results}/flow/{video}.h5" for video in self.videos]

    def code(self, stage: str) -> str:
        """Return the fingerprint of the code that a stage's script reaches."""
        return code_fingerprint(self.scripts / f"{stage}.py")

    def video_files(self, video: str, ancient: Callable[[str], Any]) -> list[Any]:
        """Return the inputs of a video's first job: its file, if it can be read at all.

        The file's age does not matter (`ancient`): its identity is a parameter of the rule, so
        a video that is touched or copied reruns nothing, and one that is replaced does. The
        demo's videos are made by a rule and followed as any other file.
        """
        source = self.videos[video]
        if self.is_demo:
            return [str(source.path)]
        return [ancient(str(source.path))] if source.path.is_file() else []

    @cached_property
    def flow_gpus(self) -> int:
        """Number of GPUs that the flow of a video is computed on."""
        parameters = find_preset(self.config.flow.backend, self.config.flow.preset)
        return int(isinstance(parameters, TorchParameters))

    @cached_property
    def people_files(self) -> str:
        """Hash of the files that the detector reads, so that new weights rerun it."""
        files = people_files(self.config.people)
        return " ".join(input_identity(path) for path in files)

    def mined_before(self, experiment: str, number: str) -> list[str]:
        """Return the pairs mined in the round before a round of training, if it draws from them."""
        settings = self._experiment(experiment).of_round(int(number))
        if int(number) == 1 or not settings.uses_repetitions:
            return []
        return [f"{self.results}/repetitions/{experiment}/{int(number) - 1}/pairs.parquet"]

    def weights_before(self, experiment: str, number: str) -> list[str]:
        """Return the weights that a round starts from, if it starts from the round before."""
        if int(number) == 1 or not self._experiment(experiment).warm_start:
            return []
        return [f"{self.results}/training/{experiment}/{int(number) - 1}/weights.safetensors"]

    def heads_before(self, experiment: str, number: str) -> list[str]:
        """Return the heads that a round starts from: those beside the weights it starts from."""
        return [
            str(Path(path).with_name("heads.safetensors"))
            for path in self.weights_before(experiment, number)
        ]

    def initial_files(self, experiment: str) -> str:
        """Hash of the files of initial weights, so that others rerun the training."""
        files = initial_files(self._experiment(experiment))
        return " ".join(input_identity(path) for path in files)

    @property
    def benchmark_names(self) -> list[BenchmarkName]:
        """Names of the benchmarks that are to be run."""
        return [name for name in BENCHMARKS if getattr(self.config.benchmarks, name) is not None]

    @property
    def benchmark_files(self) -> list[str]:
        """Every benchmark of every experiment."""
        return [
            f"{self.results}/benchmarks/{experiment}/{name}.json"
            for experiment in self.config.experiments
            for name in self.benchmark_names
        ]

    @property
    def benchmark_scores(self) -> list[str]:
        """The scores behind every benchmark of every experiment."""
        return [str(Path(name).with_suffix(".parquet")) for name in self.benchmark_files]

    @property
    def tables_settings(self) -> str:
        """Return the canonical JSON of what the paper's tables depend on."""
        benchmarks = self.config.benchmarks
        return TablesSettings(
            experiments=self.config.experiments,
            benchmarks=tuple(self.benchmark_names),
            bootstrap_samples=benchmarks.bootstrap_samples,
            seed=benchmarks.seed,
        ).canonical()

    @cached_property
    def paper_identity(self) -> str:
        """Hash of the paper's own figures, which are no Python and so in no code fingerprint."""
        return input_identity(PAPER)

    @cached_property
    def claims_template_identity(self) -> str:
        """Hash of the page of claims, which is no Python and so in no code fingerprint."""
        return input_identity(Path(__file__).parent / "claims" / "page.html.jinja")

    def benchmark_settings(self, name: BenchmarkName) -> str:
        """Return the canonical JSON of what one benchmark depends on."""
        return self.config.benchmarks.only(name).canonical()

    def benchmark_folder(self, name: BenchmarkName) -> str:
        """Return the folder with a benchmark's data; empty if it is left out."""
        folder = self._data_folder(name)
        return f"{self._demo_benchmarks}/{DEMO_FOLDERS[name]}" if folder == DEMO else folder

    def benchmark_data(self, name: BenchmarkName) -> list[str]:
        """Return the file that a rule makes before a benchmark can run on the demo's data."""
        is_demo = self._data_folder(name) == DEMO
        return [f"{self._demo_benchmarks}/benchmarks.json"] if is_demo else []

    def _data_folder(self, name: BenchmarkName) -> str:
        settings = getattr(self.config.benchmarks, name)
        return "" if settings is None else str(settings.folder)

    @property
    def downloads(self) -> dict[str, str]:
        """What is said of each dataset that can be downloaded when its download begins."""
        return {one.name: f"{one.title}. Licence: {one.licence}" for one in DATASETS}

    def download_source(self, dataset: str) -> str:
        """Return the file that a dataset's download writes last."""
        return f"{self.config.datasets}/{dataset}/{SOURCE}"

    @property
    def _demo_benchmarks(self) -> str:
        return f"{self.results}/{DEMO}/benchmarks"

    @cached_property
    def site_identity(self) -> str:
        """Hash of the report's templates and scripts, which no code fingerprint covers."""
        folder = Path(__file__).parent / "report"
        files = sorted([*folder.glob("templates/*"), *folder.glob("assets/*")])
        parts = [f"{path.name} {input_identity(path)}" for path in files]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def settings_page(self) -> str:
        """All settings of the run as YAML, for the report."""
        return yaml.safe_dump(self.config.model_dump(mode="json"), sort_keys=False)

    def closing_words(self) -> str:
        """Return the last lines of a run: the videos that were left out and why, and the report."""
        lines = []
        table = self.results / "videos.parquet"
        if table.is_file():
            rows = read_table(table, VIDEOS).to_pylist()
            left_out = [row for row in rows if row["status"] != "ok"]
            lines.append(f"{len(rows) - len(left_out)} of {len(rows)} videos are used.")
            lines += [
                f"  {row['path']}: {row['status']}, {row['reason']}" for row in left_out[:_MOST]
            ]
            if len(left_out) > _MOST:
                lines.append(f"  and {len(left_out) - _MOST} more, listed in {table}")
        report = self.results / "report" / "index.html"
        if report.is_file():
            lines.append(f"The report: {report.resolve()}")
        return "\n" + "\n".join(lines) + "\n"

    def _experiment(self, name: str) -> Any:
        if name not in self.config.experiments:
            known = ", ".join(self.config.experiments)
            message = f"experiments: there is no {name!r}, only {known}"
            raise InputError(message)
        return self.config.experiments[name]


def read_plan(raw: Mapping[str, Any], basedir: Path) -> Plan:
    """Check a configuration as Snakemake hands it over, and find the videos.

    Args:
        raw: The merged configuration.
        basedir: The folder of the Snakefile.

    Raises:
        InputError: A key is unknown, a value out of range, a file or folder missing.
    """
    config = parse_config(raw)
    check_people(config.people)
    check_benchmarks(config.benchmarks)
    results = Path(config.results)
    if config.videos == DEMO:
        videos = _demo_videos(config, results)
    else:
        videos = find_videos(Path(config.videos), results / ".video_identities.json")
    by_id = {source.video_id: source for source in videos}
    plan = Plan(config, results, by_id, basedir / "workflow" / "scripts")
    _check_experiments(plan)
    return plan


def _check_experiments(plan: Plan) -> None:
    """Find out before any work what each experiment starts from and learns from.

    Raises:
        InputError: The file of sources cannot be read, an experiment holds out every video, or
            it starts from weights that do not fit its network.
    """
    _ = plan.recordings
    for name, experiment in plan.config.experiments.items():
        initial_files(experiment)
        if len(plan.held_out(name)) == len(plan.videos):
            message = (
                f"experiments.{name}.held_out_share: all {len(plan.videos)} videos are held out, "
                "nothing is left to learn from"
            )
            raise InputError(message)


def _demo_videos(config: Config, results: Path) -> tuple[VideoSource, ...]:
    folder = results / DEMO / "videos"
    names = [video.name for video in planned_videos(config.demo)]
    return tuple(VideoSource(video_id(name), folder / name, name, "demo") for name in names)
