"""Pictures of the curriculum, of trainings and of benchmarks."""

from pathlib import Path

import numpy as np

from stpose.artefacts.documents import read_document
from stpose.artefacts.schemas import CURRICULUM, METRICS
from stpose.artefacts.tables import read_table
from stpose.inspect.canvas import Image, draw, new_figure

_KIND_COLOURS = {
    "trained": "#3a7bd5",
    "random": "#999999",
    "hand-made": "#c9a227",
    "no-pixel": "#b0603a",
    "oracle": "#dddddd",
}


def curriculum_picture(path: Path) -> Image:
    """Return the histogram of samples by block, stacked by category, and the ratios of blocks.

    A category is the part of a video's id before "--", which is the folder it lies in. This is
    figure 1 of the supplement.
    """
    table = read_table(path, CURRICULUM).to_pandas()
    figure = new_figure(9.0, 4.2)
    axes = figure.subplots()
    category = (
        table["video_id"]
        .str.rsplit("--", n=1)
        .str[0]
        .where(table["video_id"].str.contains("--"), "videos")
    )
    counts = table.groupby(["block", category.rename("category")]).size().unstack(fill_value=0)
    bottom = np.zeros(len(counts))
    for name in counts.columns[:20]:
        axes.bar(counts.index + 1, counts[name], bottom=bottom, label=name)
        bottom += counts[name].to_numpy()
    rest = counts[counts.columns[20:]].sum(axis=1)
    if rest.any():
        axes.bar(counts.index + 1, rest, bottom=bottom, label="others", color="#cccccc")
    for block, rows in table.groupby("block"):
        text = f"{rows['ratio'].max():.1f}-{rows['ratio'].min():.1f}"
        axes.annotate(text, (int(str(block)) + 1, len(rows)), ha="center", va="bottom", fontsize=8)
    axes.set(xlabel="curriculum block (ratio of foreground to background flow)", ylabel="frames")
    if len(counts):
        figure.legend(loc="outside right upper", fontsize="small")
    return draw(figure)


def metrics_picture(path: Path) -> Image:
    """Return loss and accuracy of each task over time, updates of the curriculum marked.

    The loss that needs no look at a picture, and the accuracy by chance, are dashed.
    """
    table = read_table(path, METRICS).to_pandas()
    figure = new_figure(9.0, 3.6)
    loss, accuracy = figure.subplots(1, 2)
    for task, rows in table.groupby("task"):
        (line,) = loss.plot(rows["step"], rows["loss"], label=task)
        dashed = {"linestyle": "--", "color": line.get_color(), "linewidth": 0.8}
        loss.plot(rows["step"], rows["trivial_loss"], **dashed)
        judged = rows.dropna(subset=["accuracy"])
        if len(judged):
            accuracy.plot(judged["step"], judged["accuracy"], color=line.get_color(), label=task)
            accuracy.plot(judged["step"], judged["chance"], **dashed)
    steps = table.drop_duplicates("block")["step"].to_numpy()[1:]
    for axes in (loss, accuracy):
        for step in steps:
            axes.axvline(step, color="#cccccc", linewidth=0.8, zorder=0)
        axes.set_xlabel("iteration")
    loss.set_ylabel("loss (nat)")
    accuracy.set_ylabel("accuracy (chance dashed)")
    if len(table):
        loss.legend(loc="upper right", fontsize="small")
    return draw(figure)


def benchmark_picture(path: Path) -> Image:
    """Return a bar for each row of a benchmark's table, with its interval."""
    content = read_document(path, "benchmark")
    rows = sorted(content["rows"], key=lambda row: float(row["value"]))
    figure = new_figure(9.0, 1.2 + 0.28 * len(rows))
    axes = figure.subplots()
    values = np.array([row["value"] for row in rows])
    colours = [_KIND_COLOURS.get(row["kind"], "#999999") for row in rows]
    axes.barh(range(len(rows)), values, color=colours)
    for place, row in enumerate(rows):
        axes.plot([row["low"], row["high"]], [place, place], color="black", linewidth=1)
    axes.set_yticks(
        range(len(rows)), [f"{row['name']} ({row['kind']})" for row in rows], fontsize=8
    )
    axes.set(xlabel=content["metric"].upper(), title=content["benchmark"])
    return draw(figure)
