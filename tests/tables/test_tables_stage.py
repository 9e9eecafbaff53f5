"""Our figures beside the paper's: which are taken, over seeds, and how they differ."""

import numpy as np
import pytest

from stpose.artefacts.schemas import DIFFERENCES, SCORES, TABLES
from stpose.artefacts.tables import read_table
from stpose.errors import ArtefactError
from stpose.settings.experiment import ExperimentSettings
from stpose.tables.seeds import alike
from stpose.tables.stage import write_tables


def tables_of(run):
    out = run.results / "tables"
    write_tables(run.results, out, run.settings, "code")
    rows = read_table(out / "tables.parquet", TABLES).to_pandas()
    gains = read_table(out / "differences.parquet", DIFFERENCES).to_pandas()
    return rows, gains, (out / "tables.md").read_text(encoding="utf-8")


def of_table(rows, table):
    rows = rows[(rows["table"] == table) & rows["headline"]]
    return {row["row"]: row for row in rows.to_dict("records")}


def test_trainings_that_differ_in_the_seed_alone_are_alike():
    experiments = {
        "a": ExperimentSettings(seed=0),
        "b": ExperimentSettings(seed=1, device="cpu", log_every=7),
        "c": ExperimentSettings(seed=2, rounds=1),
        "d": ExperimentSettings(seed=0),
    }
    assert alike(experiments) == {"a": ("a", "b"), "b": ("b", "a"), "c": ("c",), "d": ("d", "b")}


def test_seeds_are_a_mean_with_a_spread(run):
    means = (0.70, 0.72, 0.77)
    for seed, mean in enumerate(means):
        name = f"temporal-{seed}" if seed else "temporal"
        run.train(name, placement_weight=0, seed=seed)
        run.measure_posture(name, mean)
    rows, _, text = tables_of(run)
    row = of_table(rows, "2")["temporal (T)"]
    assert row["value"] == pytest.approx(np.mean(means))
    assert row["spread"] == pytest.approx(np.std(means, ddof=1))
    assert (row["seeds"], row["n"]) == (3, 1033)
    assert row["experiments"] == "temporal, temporal-1, temporal-2"
    assert row["low"] < row["value"] < row["high"]
    assert row["paper"] == 0.630
    assert "0.730 ± 0.036" in text
    assert of_table(rows, "1")["temporal (T), with curriculum"]["value"] == row["value"]


def test_what_needs_no_training_stands_in_every_posture_table(run):
    run.train("st")
    run.measure_posture("st", 0.7)
    rows, _, _ = tables_of(run)
    for table in ("1", "2", "S1"):
        found = of_table(rows, table)
        assert list(found)[-4:] == ["time", "aspect", "hog", "random weights"]
        assert found["time"]["value"] == pytest.approx(0.70)
        assert np.isnan(found["time"]["paper"])
        assert found["random weights"]["spread"] == pytest.approx(np.std([0.59, 0.61], ddof=1))
        assert "random weights (raw)" not in found


def test_a_benchmark_that_did_not_run_leaves_its_figures_empty(run):
    run.train("st")
    run.measure_posture("st", 0.7)
    rows, _, text = tables_of(run)
    assert rows[rows["table"].isin(["3", "4"])]["value"].isna().all()
    assert set(of_table(rows, "4")) == {"Ours", "Shuffle&Learn", "Random init.", "Alexnet"}
    assert "| Ours | 73.3 | - |" in text


def test_without_frames_there_are_the_cues_alone(run):
    run.train("st")
    run.train("mine", ordering_weight=0.3)
    for name in ("st", "mine"):
        run.measure_posture_without_frames(name)
    rows, gains, _ = tables_of(run)
    found = of_table(rows, "2")
    assert list(found)[-2:] == ["time", "aspect"]
    assert np.isnan(found["S&T with repetitions"]["value"])
    assert "mine" not in found
    assert gains.empty


def test_parts_stand_beside_the_mean(run):
    run.benchmarks = ("lsp",)
    run.train("st")
    run.measure_lsp("st", 0.4)
    rows, _, text = tables_of(run)
    found = rows[(rows["table"] == "3") & (rows["row"] == "S&T with repetitions")]
    ours = dict(zip(found["column"], found["value"], strict=True))
    assert ours == pytest.approx(
        {
            "head": 40,
            "torso": 41,
            "upper_arms": 42,
            "lower_arms": 43,
            "upper_legs": 44,
            "lower_legs": 45,
            "mean": 40,
        }
    )
    truth = of_table(rows, "3")["ground truth"]
    assert (truth["paper"], round(truth["value"], 1)) == (69.2, 69.2)
    assert "pose" not in of_table(rows, "3")
    assert "| S&T with repetitions | here | 40.0 | 41.0 |" in text


def test_differences_are_paired(run):
    for name, curriculum, mean in (
        ("temporal", True, 0.64),
        ("temporal-no-curriculum", False, 0.62),
    ):
        run.train(name, placement_weight=0, curriculum=curriculum)
        run.measure_posture(name, mean)
    rows, gains, _ = tables_of(run)
    gains = gains[gains["table"] == "1"].set_index(["row", "against"])
    gain = gains.loc["temporal (T), with curriculum", "temporal (T), without curriculum"]
    assert gain["value"] == pytest.approx(0.02)
    assert gain["paper"] == 0.038
    row = of_table(rows, "1")["temporal (T), with curriculum"]
    assert gain["high"] - gain["low"] < 0.3 * (row["high"] - row["low"])
    against = gains.loc["temporal (T), with curriculum"].index.tolist()
    assert against == ["temporal (T), without curriculum", "random weights", "time"]


def test_other_samples_are_not_paired(run):
    run.benchmarks = ("lsp",)
    for name, queries in (("st", 1000), ("imagenet", 500)):
        run.train(name, iterations=40_000 if name == "st" else 0)
        run.measure_lsp(name, 0.4, queries)
    _, gains, _ = tables_of(run)
    assert "Alexnet" not in set(gains[gains["row"] == "S&T with repetitions"]["against"])


def test_trainings_that_are_none_of_the_papers_are_listed(run):
    run.train("mine", ordering_weight=0.3)
    run.measure_posture("mine", 0.8)
    rows, _, _ = tables_of(run)
    assert of_table(rows, "2")["mine"]["value"] == pytest.approx(0.8)
    assert "mine" not in of_table(rows, "1")


def test_data_and_training_are_told_and_compared_with_the_papers(run):
    run.train("st", rounds=2)
    run.measure_posture("st", 0.7)
    run.train("spatial", videos=30, ordering_weight=0)
    run.measure_posture("spatial", 0.7, {"folder": "x", "categories": 10, "exemplars": 665})
    run.train("imagenet", videos=30, iterations=0, initial_weights="imagenet")
    run.measure_posture("imagenet", 0.7)
    found = of_table(tables_of(run)[0], "2")
    best = found["S&T with repetitions"]
    assert (best["comparable"], best["training_comparable"]) == (True, True)
    assert best["measured_on"] == "1033 exemplars; categories: 16; in OS"
    assert best["trained_on"] == (
        "680 videos, 68000 crops; 40000 + 40000 iterations from random weights; AlexNet x 1, 227 px"
    )
    spatial = found["spatial (S)"]
    assert (spatial["comparable"], spatial["training_comparable"]) == (False, False)
    assert found["Alexnet"]["training_comparable"] is None
    assert found["Alexnet"]["trained_on"].startswith("nothing: imagenet weights")


def test_scores_that_are_not_the_tables_are_named(run):
    for name in ("st", "spatial"):
        run.train(name)
    run.measure_posture("st", 0.7)
    run.benchmarks = ("lsp",)
    run.measure_lsp("st", 0.4, 7)
    run.measure_lsp("spatial", 0.4, 9)
    folders = run.results / "benchmarks"
    (folders / "spatial" / "lsp.parquet").replace(folders / "st" / "lsp.parquet")
    assert len(read_table(folders / "st" / "lsp.parquet", SCORES)) == 6 * 9
    with pytest.raises(ArtefactError, match=r"lsp\.parquet: 9 scores of 'pose', expected 7"):
        tables_of(run)
