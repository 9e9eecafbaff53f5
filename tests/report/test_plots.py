"""The plots hold the numbers of their tables."""

import numpy as np
import pytest

from stpose.artefacts.provenance import derive
from stpose.artefacts.schemas import CURRICULUM
from stpose.artefacts.tables import write_table
from stpose.report.plots import Training, curriculum_plot, plot_content, training_plot


def curriculum(path, rows):
    columns = {
        "video_id": [video for video, _, _ in rows],
        "track": [1] * len(rows),
        "frame": range(len(rows)),
        "ratio": [ratio for _, ratio, _ in rows],
        "block": [block for _, _, block in rows],
    }
    write_table(path, CURRICULUM, columns, derive("curriculum", "{}"))
    return path


def test_bars_add_up_to_the_blocks(tmp_path):
    rows = [("a--x-00000000", 5.0, 0), ("b--y-00000000", 4.0, 1), ("top-00000000", 3.0, 1)]
    found = curriculum_plot(curriculum(tmp_path / "c.parquet", rows))
    bars = [trace for trace in found.data if trace.type == "bar"]
    assert {trace.name for trace in bars} == {"a", "b", "videos"}
    assert np.sum([trace.y for trace in bars], axis=0).tolist() == [1, 2]
    (words,) = (trace for trace in found.data if trace.type == "scatter")
    assert list(words.text) == ["5.0<br>5.0", "4.0<br>3.0"]


def test_folders_beyond_twenty_are_one(tmp_path):
    rows = [(f"f{n}--x-00000000", 1.0, 0) for n in range(25)]
    found = curriculum_plot(curriculum(tmp_path / "c.parquet", rows))
    bars = [trace for trace in found.data if trace.type == "bar"]
    assert len(bars) == 21
    assert bars[-1].name == "others"
    assert list(bars[-1].y) == [5]
    assert len({trace.marker.color for trace in bars[:20]}) == 20


def test_no_frames_give_an_empty_plot(tmp_path):
    content = plot_content(curriculum_plot(curriculum(tmp_path / "c.parquet", [])))
    assert "template" not in content["layout"]


@pytest.mark.parametrize(
    ("measure", "names"),
    [
        ("loss", {"st, round 1: motion", "st, round 1: placement"}),
        ("accuracy", {"st, round 1: placement"}),
        ("images_per_second", {"st, round 1"}),
    ],
)
def test_a_task_without_a_measure_has_no_curve(results, measure, names):
    training = Training("st", 1, results / "training/st/1/metrics.parquet")
    found = training_plot([training], measure, measure)
    shown = [trace for trace in found.data if trace.showlegend is None]
    assert {trace.name for trace in shown} == names
    updates = [trace for trace in found.data if trace.mode == "markers"]
    assert all(list(trace.x) == [30] for trace in updates)
    assert len(updates) == len(names)
