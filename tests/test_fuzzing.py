"""A few cases of `make fuzz` for each reader: it takes what is right and refuses the rest."""

import pytest
from hypothesis import HealthCheck, given, settings

from fuzzing.readers import READERS
from fuzzing.worker import outcome, prepare


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_reader(reader, tmp_path):
    path = prepare(reader, tmp_path / "case")
    (tmp_path / "whole").mkdir()

    @settings(
        max_examples=20,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(reader.cases(tmp_path / "whole"))
    def check(content):
        path.write_bytes(content)
        outcome(reader, tmp_path / "case")

    check()
