"""The report stage: a site of static pages with the run's numbers and pictures."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
from tqdm import tqdm

from stpose.artefacts.files import replace_atomically, replace_folder_atomically
from stpose.artefacts.schemas import REPETITION_TRACKS
from stpose.artefacts.tables import read_table
from stpose.report.collection import Collection, read_collection
from stpose.report.examples import Examples
from stpose.report.figures import report_figures
from stpose.report.learning import benchmark_table, gain_in_words, task_rows
from stpose.report.packs import packs_of, write_packs
from stpose.report.pages import PAGES, PageMaker, page_entries
from stpose.report.plots import Training, curriculum_plot, plot_content, training_plot
from stpose.report.sheets import copy_sheets
from stpose.report.timings import read_timings
from stpose.report.video_page import read_learned_tables, video_content
from stpose.report.videos import VideoRow, video_rows

ASSETS = Path(__file__).parent / "assets"

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
    "deeppose",
    "tables",
    "claims",
    "pictures",
    "search",
    "retrieval",
)
COLUMNS = (
    ("video", "text"),
    ("status", "text"),
    ("frames", "number"),
    ("tracks", "number"),
    ("with a person", "number"),
    ("median ratio", "number"),
    ("repetitions", "number"),
    ("period", "number"),
)


@dataclass(frozen=True)
class ReportInputs:
    """What a report is made of.

    Attributes:
        results: The results folder of a finished run.
        source: What footage the run was on, in words.
        settings: The settings of the run, as text.
        metrics: Metrics of every round, `training/EXPERIMENT/ROUND/metrics.parquet`; the vectors
            that are shown and searched are those of the last one.
        benchmarks: Results of benchmarks, `benchmarks/EXPERIMENT/NAME.json`.
        claims: Whether the run makes a page of claims, which is then linked to.
    """

    results: Path
    source: str
    settings: str
    metrics: Sequence[Path]
    benchmarks: Sequence[Path]
    claims: bool = False

    @property
    def trainings(self) -> list[Training]:
        """Return all rounds."""
        return [
            Training(path.parent.parent.name, int(path.parent.name), path) for path in self.metrics
        ]

    def shown(self, stage: str) -> Path:
        """Return the folder of a stage for the round that is shown."""
        last = self.trainings[-1]
        return self.results / stage / last.experiment / str(last.round_number)


def write_report(inputs: ReportInputs, out_path: Path) -> None:
    """Write the report of a run: pages to open from disk that need no server and no network.

    Beside `index.html` lie `pages/`, which is replaced as a whole, and `figures/`, the figures of
    Snakemake's own report.

    Args:
        inputs: What it is made of.
        out_path: The first page, `index.html`; it is written last.

    Raises:
        ArtefactError: An artefact of the run is missing or damaged.
    """
    folder = out_path.parent
    videos = video_rows(inputs.results, inputs.shown("repetitions") / "tracks.parquet")
    collection = read_collection(
        inputs.shown("embeddings") / "embeddings.h5", inputs.shown("search") / "codes.h5"
    )
    maker = PageMaker(inputs.source, page_entries(claims=inputs.claims))
    figures = report_figures(inputs.results, inputs.trainings, inputs.shown)
    for name, image in figures.items():
        with replace_atomically(folder / "figures" / f"{name}.png") as temporary:
            cv2.imwrite(str(temporary), image)
    with replace_folder_atomically(folder / "pages") as pages:
        for part in ("video", "pictures", "data"):
            (pages / part).mkdir()
        shutil.copytree(ASSETS, pages / "assets")
        _write_videos(inputs, maker, videos, collection, pages)
        _write_learning(inputs, maker, videos, collection, pages)
    page = maker.render("index", "index.html", **_overview(inputs, videos, collection, maker))
    with replace_atomically(out_path) as temporary:
        temporary.write_bytes(page)


def _write_videos(
    inputs: ReportInputs,
    maker: PageMaker,
    videos: list[VideoRow],
    collection: Collection,
    pages: Path,
) -> None:
    """Write the table of videos, the page of each, their pictures and codes."""
    packs = packs_of(collection)
    write_packs(collection, packs, videos, pages / "data")
    pack_of = {video_id: pack for pack in packs for video_id in pack.videos}
    tables = read_learned_tables(inputs.results / "curriculum.parquet", inputs.shown("repetitions"))
    for number, video in enumerate(tqdm(videos, unit="video", disable=None)):
        name = f"{video.video_id}.h5"
        pictures = copy_sheets(inputs.results / "pictures" / name, pages / "pictures")
        content = video_content(inputs.results, video, pictures, tables, collection, pack_of)
        page = maker.render(
            "video",
            f"pages/video/{video.video_id}.html",
            video=video,
            content=content,
            before=videos[number - 1].video_id if number else "",
            after=videos[number + 1].video_id if number + 1 < len(videos) else "",
        )
        (pages / "video" / f"{video.video_id}.html").write_bytes(page)
    statuses = sorted({video.status for video in videos})
    page = maker.render(
        "videos", "pages/videos.html", videos=videos, statuses=statuses, columns=COLUMNS
    )
    (pages / "videos.html").write_bytes(page)


def _write_learning(
    inputs: ReportInputs,
    maker: PageMaker,
    videos: list[VideoRow],
    collection: Collection,
    pages: Path,
) -> None:
    """Write the pages on what was learned, and of the search."""
    examples = Examples(collection, {video.video_id: video for video in videos})
    curriculum = inputs.results / "curriculum.parquet"
    trainings = inputs.trainings
    repeating, tracks = _repeating(inputs)
    truths = []
    for path in inputs.benchmarks:
        if (picture := path.with_suffix(".png")).is_file():
            name = f"{path.parent.name}-{path.stem}.png"
            shutil.copyfile(picture, pages / "pictures" / name)
            truths.append((f"{path.stem}, {path.parent.name}", f"pictures/{name}"))
    content: dict[str, dict[str, Any]] = {
        "curriculum": {
            "histogram": plot_content(curriculum_plot(curriculum)),
            "rows": examples.curriculum(curriculum),
        },
        "training": {
            "accuracy": plot_content(training_plot(trainings, "accuracy", "accuracy")),
            "loss": plot_content(training_plot(trainings, "loss", "loss (nat)")),
            "throughput": plot_content(
                training_plot(trainings, "images_per_second", "images a second")
            ),
            "tasks": [
                row
                for one in trainings
                for row in task_rows(one.path, one.experiment, one.round_number)
            ],
        },
        "repetitions": {
            "repeating": repeating,
            "tracks": tracks,
            "examples": examples.repetitions(inputs.shown("repetitions")),
        },
        "retrieval": {
            "examples": examples.retrieval(inputs.shown("retrieval") / "neighbours.parquet"),
            "truths": truths,
        },
        "search": {
            "dimensions": len(collection.scale),
            "recall": collection.recall,
            "queries": collection.queries,
            "results": str(inputs.results),
        },
    }
    for name, values in content.items():
        page = maker.render(name, f"pages/{name}.html", **values)
        (pages / f"{name}.html").write_bytes(page)


def _overview(
    inputs: ReportInputs, videos: list[VideoRow], collection: Collection, maker: PageMaker
) -> dict[str, Any]:
    repeating, tracks = _repeating(inputs)
    tables = [
        (path.parent.name, benchmark_table(path, inputs.results)) for path in inputs.benchmarks
    ]
    left_out = [video for video in videos if video.status != "ok"]
    examples = Examples(collection, {video.video_id: video for video in videos})
    return {
        "videos": videos,
        "used": len(videos) - len(left_out),
        "left_out": left_out,
        "frames": sum(video.frames for video in videos),
        "crops": len(collection),
        "repeating": repeating,
        "tracks": tracks,
        "clearest": examples.repetitions(inputs.shown("repetitions"))[:1],
        "gains": [f"{experiment}: {gain_in_words(table)}" for experiment, table in tables],
        "benchmarks": tables,
        "cards": [entry for entry in maker.entries if entry[0] != PAGES[0][0]],
        "timings": read_timings(inputs.results / "timings", STAGES),
        "settings": inputs.settings,
    }


def _repeating(inputs: ReportInputs) -> tuple[int, int]:
    """Return the number of tracks that repeat, and of all tracks."""
    path = inputs.shown("repetitions") / "tracks.parquet"
    repeats = read_table(path, REPETITION_TRACKS)["repeats"].to_pylist()
    return sum(repeats), len(repeats)
