"""Resources that grow from attempt to attempt."""

import inspect

import pytest

from stpose.attempts import doubling


def test_each_attempt_asks_for_twice_as_much():
    memory = doubling(1000)
    assert [memory(None, attempt) for attempt in (1, 2, 3, 4)] == [1000, 2000, 4000, 8000]


def test_an_amount_can_follow_from_the_job():
    memory = doubling(lambda wildcards: 10 * wildcards)
    assert [memory(job, attempt) for job in (1, 3) for attempt in (1, 2)] == [10, 20, 30, 60]


def test_arguments_have_the_names_that_snakemake_knows():
    assert list(inspect.signature(doubling(1)).parameters) == ["wildcards", "attempt"]


def test_nothing_cannot_double():
    with pytest.raises(ValueError, match="found 0, expected 1 or more"):
        doubling(0)
