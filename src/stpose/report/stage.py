"""The report stage: one page with the run's numbers and pictures, to open from disk."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from stpose.artefacts.files import replace_atomically
from stpose.artefacts.schemas import EMBEDDINGS, REPETITION_TRACKS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.report.figures import (
    ReportFigure,
    curriculum_figures,
    repetition_figures,
    report_figure,
    training_figure,
    video_figures,
)
from stpose.report.learning import benchmark_table, gain_in_words, task_rows
from stpose.report.timings import read_timings
from stpose.report.videos import video_rows
from stpose.version import VERSION

STAGES = (
    "demo",
    "demo_benchmarks",
    "frames",
    "people",
    "crops",
    "flow",
    "videos",
    "curriculum",
    "training",
    "embeddings",
    "repetitions",
    "olympic_sports",
    "lsp",
)


def write_report(
    results: Path,
    out_path: Path,
    source: str,
    metrics_paths: Sequence[Path],
    benchmark_paths: Sequence[Path],
    settings: str,
) -> None:
    """Write the report of a run: a single HTML file that needs nothing beside it.

    Args:
        results: The results folder of a finished run.
        out_path: The page to write.
        source: What footage the run was on, in words.
        metrics_paths: Metrics of every round, `training/EXPERIMENT/ROUND/metrics.parquet`.
        benchmark_paths: Results of benchmarks, `benchmarks/EXPERIMENT/NAME.json`.
        settings: The settings of the run, as text.

    Raises:
        ArtefactError: An artefact of the run is missing or damaged.
    """
    rounds = [(path.parent.parent.name, int(path.parent.name), path) for path in metrics_paths]
    experiment, last, _ = rounds[-1]
    folder = results / "repetitions" / experiment / str(last)
    videos = video_rows(results, folder / "tracks.parquet")
    tracks = read_table(folder / "tracks.parquet", REPETITION_TRACKS)
    tables = [(path.parent.name, benchmark_table(path)) for path in benchmark_paths]
    with open_store(
        results / "embeddings" / experiment / str(last) / "embeddings.h5", EMBEDDINGS
    ) as store:
        crops = len(store)
    page = _template().render(
        version=VERSION,
        source=source,
        settings=settings,
        videos=videos,
        frames=sum(row.frames for row in videos),
        crops=crops,
        gains=[gain_in_words(table) for _, table in tables],
        benchmarks=tables,
        learned_figures=_learned_figures(benchmark_paths),
        tracks=len(tracks),
        repeating=sum(tracks["repeats"].to_pylist()),
        repetition_figures=repetition_figures(folder / "tracks.parquet"),
        tasks=[row for name, number, path in rounds for row in task_rows(path, name, number)],
        training_figures=[training_figure(path, name, number) for name, number, path in rounds],
        curriculum_figures=curriculum_figures(results),
        video_figures=video_figures(
            results, [row.video_id for row in videos if row.status == "ok"]
        ),
        timings=read_timings(results / "timings", STAGES),
    )
    with replace_atomically(out_path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("page.html.jinja")


def _learned_figures(benchmark_paths: Sequence[Path]) -> list[ReportFigure]:
    figures = []
    for path in benchmark_paths:
        picture = path.with_suffix(".png")
        if picture.is_file():
            image = np.asarray(cv2.imread(str(picture)), dtype=np.uint8)
            caption = (
                "Queries with their own joints, each beside its nearest neighbour by the learned "
                "vectors and that neighbour's joints."
            )
            title = f"Nearest neighbours ({path.parent.name})"
            figures.append(report_figure(title, caption, image, photographic=True))
    return figures
