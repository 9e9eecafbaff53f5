"""The report's pictures, each with a title and what to see in it."""

import base64
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from stpose.artefacts.schemas import CROPS, CURRICULUM, REPETITION_TRACKS
from stpose.artefacts.stores import open_store
from stpose.artefacts.tables import read_table
from stpose.inspect.canvas import Image, evenly, fit, label, sheet
from stpose.inspect.footage import decode, flow_ratio_picture, people_picture
from stpose.inspect.learning import curriculum_picture, metrics_picture
from stpose.inspect.repetition import repetitions_picture


@dataclass(frozen=True)
class ReportFigure:
    """A picture on the page.

    Attributes:
        title: What it is.
        caption: What can be seen in it.
        source: The picture itself, as a data address.
    """

    title: str
    caption: str
    source: str


def report_figure(title: str, caption: str, image: Image, photographic: bool) -> ReportFigure:
    """Return a picture ready for the page: JPEG for photographs, PNG for plots."""
    kind = "jpg" if photographic else "png"
    options = [cv2.IMWRITE_JPEG_QUALITY, 85] if photographic else []
    _, encoded = cv2.imencode(f".{kind}", image, options)
    mime = "jpeg" if photographic else "png"
    content = base64.b64encode(encoded.tobytes()).decode()
    return ReportFigure(title, caption, f"data:image/{mime};base64,{content}")


def repetition_figures(tracks_path: Path, most: int = 3) -> list[ReportFigure]:
    """Return the clearest repetitions, one track a folder of videos as far as there are several.

    Raises:
        ArtefactError: A table, the embeddings or the crops are missing or damaged.
    """
    tracks = read_table(tracks_path, REPETITION_TRACKS).to_pandas()
    tracks = tracks[tracks["repeats"]].sort_values("strength", ascending=False)
    folder = tracks["video_id"].str.rsplit("--", n=1).str[0]
    chosen = pd.concat([tracks[~folder.duplicated()], tracks[folder.duplicated()]]).head(most)
    caption = (
        "Left to right and top to bottom: the frames of one track; bright where two look alike. "
        "Lines beside the diagonal are repetitions, dots are those that were mined. On the right, "
        "each row is a frame and the frames found to repeat it."
    )
    return [
        report_figure(
            f"{row['video_id']}: {int(row['count'])} cycles of {row['period']:.1f} frames",
            caption,
            repetitions_picture(tracks_path, str(row["video_id"]), int(row["track"])),
            photographic=True,
        )
        for _, row in chosen.iterrows()
    ]


def training_figure(metrics_path: Path, experiment: str, round_number: int) -> ReportFigure:
    """Return the curves of one training."""
    return report_figure(
        f"{experiment}, round {round_number}",
        "Loss and accuracy of each task; dashed is chance, grey lines are curriculum updates.",
        metrics_picture(metrics_path),
        photographic=False,
    )


def curriculum_figures(results: Path) -> list[ReportFigure]:
    """Return the curriculum's histogram and its easiest and hardest frames."""
    path = results / "curriculum.parquet"
    histogram = report_figure(
        "Training frames by block",
        "Training begins with block 1, where people move most clearly against the background. "
        "Above each bar: the largest and smallest ratio in the block.",
        curriculum_picture(path),
        photographic=False,
    )
    table = read_table(path, CURRICULUM).to_pandas()
    if table.empty:
        return [histogram]
    rows = [table.iloc[evenly(len(table) // 10 or 1, 10)], table.iloc[-(len(table) // 10 or 1) :]]
    rows[1] = rows[1].iloc[evenly(len(rows[1]), 10)]
    cells = [_crop_of(results, row) for part in rows for _, row in part.iterrows()]
    examples = report_figure(
        "Easiest and hardest frames",
        "First row: from the tenth with the highest ratios; second row: from the lowest.",
        sheet(cells, 10),
        photographic=True,
    )
    return [histogram, examples]


def _crop_of(results: Path, row: "pd.Series[int]") -> Image:
    with open_store(results / "crops" / f"{row['video_id']}.h5", CROPS) as store:
        here = (store["frame"] == row["frame"]) & (store["track"] == row["track"])
        found = np.flatnonzero(here)
        if len(found) == 0:
            return np.full((96, 96, 3), 255, dtype=np.uint8)
        picture = decode(store.encoded("image", int(found[0])))
    return label(fit(picture, 96), f"{row['ratio']:.1f}")


def video_figures(results: Path, video_ids: list[str], most: int = 2) -> list[ReportFigure]:
    """Return the people found in some videos, and their flow."""
    figures = []
    for video_id in [video_ids[index] for index in evenly(len(video_ids), most)]:
        people = people_picture(results / "people" / f"{video_id}.parquet", 6)
        flow = flow_ratio_picture(results / "flow" / f"{video_id}.parquet")
        people_caption = "People found and followed; thin boxes were filled in between."
        flow_caption = (
            "How much faster a person moves than the background, over time, and the frame of the "
            "median ratio with its flow: hue is the direction, saturation the speed."
        )
        figures += [
            report_figure(f"{video_id}: people", people_caption, people, photographic=True),
            report_figure(f"{video_id}: flow", flow_caption, flow, photographic=True),
        ]
    return figures
