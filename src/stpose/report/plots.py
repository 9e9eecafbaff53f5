"""The report's plots, as Plotly draws them; their colours are the page's own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.colors import qualitative

from stpose.artefacts.schemas import CURRICULUM, METRICS
from stpose.artefacts.tables import read_table

_MOST_CATEGORIES = 20
_COLOURS = ("#3a7bd5", "#d9772b", "#3f9b57", "#b5489a", "#8a6d3b", "#2aa3a3", "#c0392b", "#7f7f7f")
_WITHOUT_A_LOOK = {"accuracy": "chance", "loss": "trivial_loss"}
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Training:
    """The metrics of one round: experiment, round from 1, and the table's path."""

    experiment: str
    round_number: int
    path: Path

    @property
    def name(self) -> str:
        """Return what a legend calls it."""
        return f"{self.experiment}, round {self.round_number}"


def plot_content(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as the JSON that the page's script hands to Plotly."""
    content = json.loads(figure.to_json())
    content["layout"].pop("template", None)
    return dict(content)


def category_of(video_id: str) -> str:
    """Return the folder that a video lies in, from its id; "videos" for those at the top."""
    return video_id.rsplit("--", 1)[0] if "--" in video_id else "videos"


def curriculum_plot(path: Path) -> go.Figure:
    """Return the training frames by block and folder (figure 1 of the supplement).

    Raises:
        ArtefactError: The curriculum is missing or damaged.
    """
    table = read_table(path, CURRICULUM).to_pandas()
    figure = go.Figure()
    categories = table["video_id"].map(category_of)
    counts = pd.crosstab(table["block"], categories)
    largest = counts.sum().sort_values(ascending=False).index
    for name, colour in zip(largest[:_MOST_CATEGORIES], qualitative.Dark24, strict=False):
        bars = {"x": counts.index + 1, "y": counts[name], "marker_color": colour}
        figure.add_bar(name=escape(str(name)), **bars)
    if len(largest) > _MOST_CATEGORIES:
        rest = counts[largest[_MOST_CATEGORIES:]].sum(axis=1)
        figure.add_bar(x=counts.index + 1, y=rest, name="others")
    limits = table.groupby("block")["ratio"].agg(["max", "min", "size"])
    figure.add_scatter(
        x=limits.index + 1,
        y=limits["size"],
        text=[
            f"{high:.1f}<br>{low:.1f}"
            for high, low in zip(limits["max"], limits["min"], strict=True)
        ],
        mode="text",
        textposition="top center",
        showlegend=False,
        hoverinfo="skip",
    )
    figure.update_layout(
        barmode="stack",
        showlegend=len(largest) > 1,
        xaxis={"title": "curriculum block, 1 is the easiest", "dtick": 1},
        yaxis={"title": "training frames", "range": [0, 1.25 * limits["size"].max()]},
    )
    return figure


def training_plot(trainings: Sequence[Training], measure: str, title: str) -> go.Figure:
    """Return a measure of all rounds over the iterations, updates of the curriculum marked.

    A colour is a round, a dash a task. Accuracy has what chance reaches beside it, a loss what is
    reached without a look at the picture. Tasks without right answers have no accuracy.

    Args:
        trainings: Rounds of experiments.
        measure: "loss", "accuracy" or "images_per_second" of the metrics.
        title: What the axis says.

    Raises:
        ArtefactError: A table is missing or damaged.
    """
    figure = go.Figure()
    tasks: list[str] = []
    for number, training in enumerate(trainings):
        table = read_table(training.path, METRICS).to_pandas().dropna(subset=[measure])
        colour = _COLOURS[number % len(_COLOURS)]
        if measure == "images_per_second":
            table = table.drop_duplicates("step").assign(task="")
        for task, rows in table.groupby("task"):
            tasks += [str(task)] if task not in tasks else []
            dash = _DASHES[tasks.index(str(task)) % len(_DASHES)]
            name = f"{training.name}: {task}" if task else training.name
            line = {"color": colour, "dash": dash}
            figure.add_scatter(x=rows["step"], y=rows[measure], name=name, mode="lines", line=line)
            updates = rows[rows["block"].diff() > 0]
            figure.add_scatter(
                x=updates["step"],
                y=updates[measure],
                mode="markers",
                marker={"symbol": "diamond", "size": 8, "color": colour},
                showlegend=False,
                hovertext=[f"blocks 1 to {block}" for block in updates["block"]],
            )
            if measure in _WITHOUT_A_LOOK:
                figure.add_scatter(
                    x=rows["step"],
                    y=rows[_WITHOUT_A_LOOK[measure]],
                    mode="lines",
                    line={"color": colour, "width": 1, "dash": "dot"},
                    opacity=0.5,
                    showlegend=False,
                    hovertext=f"{name}, without a look at the picture",
                )
    figure.update_layout(xaxis={"title": "iteration"}, yaxis={"title": title})
    return figure
