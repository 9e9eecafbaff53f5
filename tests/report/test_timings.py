"""Timings of stages."""

from stpose.report.timings import read_timings

HEAD = "s\th:m:s\tmax_rss\tcpu_time\n"


def test_jobs_of_a_stage_are_added_up(tmp_path):
    (tmp_path / "flow").mkdir()
    (tmp_path / "flow" / "a.tsv").write_text(HEAD + "1.5\t0:00:01\t100\t2.0\n")
    (tmp_path / "flow" / "b.tsv").write_text(HEAD + "2.5\t0:00:02\t50\t1.0\n")
    (tmp_path / "videos.tsv").write_text(HEAD + "0.5\t0:00:00\t10\t0.1\n")
    flow, videos = read_timings(tmp_path, ("flow", "videos", "report"))
    assert (flow.stage, flow.jobs, flow.wall_seconds, flow.cpu_seconds) == ("flow", 2, 4.0, 3.0)
    assert flow.memory_mb == 100 * 1.048576
    assert videos.jobs == 1


def test_jobs_too_short_to_measure_count_as_nothing(tmp_path):
    (tmp_path / "flow.tsv").write_text(HEAD + "0.1\t0:00:00\tNA\tNA\n")
    (row,) = read_timings(tmp_path, ("flow",))
    assert (row.cpu_seconds, row.memory_mb) == (0.0, 0.0)
