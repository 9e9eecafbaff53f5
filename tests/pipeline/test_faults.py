"""A few faults of `make faults`: restarts end right, nothing is lost, nothing wrong is taken."""

import pytest

from faults import damage, disk, runs
from faults.trial import Bench

pytestmark = pytest.mark.pipeline


@pytest.fixture
def bench(finished, tmp_path):
    return Bench(finished, tmp_path)


@pytest.mark.parametrize("fault", [damage.truncate, damage.flip, damage.make_older])
def test_damage_to_any_kind_of_artefact_is_noticed(bench, fault):
    trials = list(damage.strike(bench, fault.__name__, fault, 2))
    assert len({trial.stage for trial in trials}) > 10
    assert [trial for trial in trials if not trial.is_well] == []


def test_a_run_names_the_damaged_artefact_that_it_meets(bench):
    pattern = "retrieval/*/2/neighbours.parquet"
    trial = damage.met_by_a_run(bench, damage.OLD, damage.make_older, pattern)
    assert trial.is_well, trial
    assert not list(bench.folder.iterdir())  # the next trial begins with a copy of its own


@pytest.mark.skipif(not disk.can_mount(), reason="mounting a small disk needs root")
def test_a_full_disk(bench):
    trial = disk.fill(bench, disk.ROOMS[0], ("--until", "frames"))
    assert trial.is_well, trial


def test_a_second_run_is_refused(bench):
    trial = runs.at_once(bench, "tables")
    assert trial.is_well, trial


def test_a_clock_set_back(bench):
    trial = runs.set_clock(bench, "pictures", -1e7)
    assert trial.is_well, trial
