"""After each change exactly the jobs that it makes invalid run again."""

import os
import shutil
import subprocess
import time
from collections import Counter

import pytest

pytestmark = pytest.mark.pipeline

PER_VIDEO = ("frames", "people", "crops", "flow", "pictures")
ROUNDS = 2
BENCHMARKS = Counter(olympic_sports=1, lsp=1, tables=1, claims=1)
SHOWN = Counter(search=1, retrieval=1, report=1)
LEARNING = BENCHMARKS + SHOWN + Counter(training=ROUNDS, embeddings=ROUNDS, repetitions=ROUNDS)


def of_videos(count: int, *rules: str) -> Counter[str]:
    return Counter(dict.fromkeys(rules, count))


def test_nothing_changed_nothing_runs(project):
    assert project.planned() == Counter()


def test_a_flow_setting(project):
    again = project.planned({"flow": "{epsilon: 0.2}"})
    assert again == of_videos(3, "flow") + Counter(curriculum=1) + LEARNING


def test_a_training_setting_of_one_experiment(project):
    assert project.planned({"experiments": "{st: {seed: 8}}"}) == LEARNING


def test_another_experiment_leaves_the_first_alone(project):
    """The two experiments' jobs have the same rules, so that the count tells whose they are."""
    assert project.planned({"experiments": "{other: {seed: 8}}"}) == LEARNING


def test_one_round_more(project):
    again = project.planned({"experiments": "{st: {rounds: 3}}"})
    assert again == BENCHMARKS + SHOWN + Counter(training=1, embeddings=1, repetitions=1)


def test_a_video_added(project):
    first = next(project.videos.rglob("*.mp4"))
    shutil.copy(first, project.videos / "new.mp4")
    expected = of_videos(1, *PER_VIDEO) + Counter(videos=1, curriculum=1) + LEARNING
    assert project.planned() == expected


def test_a_video_replaced_by_an_older_file(project):
    first, second = sorted(project.videos.rglob("*.mp4"))[:2]
    first.write_bytes(second.read_bytes())
    os.utime(first, (1_000_000_000, 1_000_000_000))
    expected = of_videos(1, *PER_VIDEO) + Counter(videos=1, curriculum=1) + LEARNING
    assert project.planned() == expected


def test_a_video_removed(project):
    next(project.videos.rglob("*.mp4")).unlink()
    assert project.planned() == Counter(videos=1, curriculum=1) + LEARNING


def test_a_video_touched(project):
    for path in project.videos.rglob("*.mp4"):
        path.touch()
    assert project.planned() == Counter()


def test_a_line_of_code_in_the_flow_module(project):
    with (project.folder / "src/stpose/flow/ratio.py").open("a") as file:
        file.write("\nMARK = 1\n")
    assert project.planned() == of_videos(3, "flow") + Counter(curriculum=1) + LEARNING


def test_a_line_in_a_module_that_only_the_report_uses(project):
    with (project.folder / "src/stpose/report/timings.py").open("a") as file:
        file.write("\nMARK = 1\n")
    assert project.planned() == Counter(report=1)


def test_a_figure_of_the_paper(project):
    project.edit("src/stpose/tables/paper.yaml", "{AUC: 0.592}", "{AUC: 0.593}")
    assert project.planned() == Counter(tables=1, claims=1)


def test_a_figure_of_the_paper_and_a_page_of_the_report_at_once(project):
    # Snakemake passes over jobs that depend on one that runs: the report must not depend on claims.
    project.edit("src/stpose/tables/paper.yaml", "{AUC: 0.592}", "{AUC: 0.593}")
    project.edit("src/stpose/report/assets/search.js", "No video fits.", "None fits.")
    assert project.planned() == Counter(tables=1, claims=1, report=1)


def test_the_page_of_claims(project):
    project.edit("src/stpose/claims/page.html.jinja", "<h1>Claims", "<h1>THE claims")
    assert project.planned() == Counter(claims=1)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("src/stpose/report/templates/index.html.jinja", "<h1>Overview</h1>", "<h1>All</h1>"),
        ("src/stpose/report/assets/search.js", "No video fits.", "None fits."),
    ],
)
def test_a_page_or_script_of_the_report(project, name, old, new):
    project.edit(name, old, new)
    assert project.planned() == Counter(report=1)


def test_the_size_of_small_pictures(project):
    assert project.planned({"pictures": "{crop_px: 48}"}) == of_videos(3, "pictures") + Counter(
        report=1
    )


def test_what_a_search_may_lose(project):
    assert project.planned({"search": "{loss: 0.05}"}) == Counter(search=1, report=1)


def test_a_line_of_code_that_only_the_command_line_reaches(project):
    with (project.folder / "src/stpose/pose_embedder.py").open("a") as file:
        file.write("\nMARK = 1\n")
    assert project.planned() == Counter()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("src/stpose/flow/stage.py", '"""', '"""Other words. '),
        ("src/stpose/flow/ratio.py", "\nimport numpy", "\n# a remark\nimport numpy"),
        ("README.md", "stpose", "STPOSE"),
        ("workflow/rules/flow.smk", "rule flow:", "# a remark\nrule flow:"),
    ],
)
def test_text_reruns_nothing(project, name, old, new):
    project.edit(name, old, new)
    assert project.planned() == Counter()


def test_a_switch_of_branch_and_back(project):
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        command = ("git", *identity, *arguments)
        subprocess.run(command, cwd=project.folder, check=True, capture_output=True)

    (project.folder / ".gitignore").write_text("out/\nvideos/\n.snakemake/\n")
    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "one")
    git("checkout", "-b", "side")
    project.edit("src/stpose/flow/ratio.py", "import numpy", "import math\nimport numpy")
    git("commit", "-am", "two")
    assert project.planned()["flow"] == 3
    time.sleep(1)  # so that the files that come back have a later time
    git("checkout", "main")
    assert project.planned() == Counter()


def test_what_is_planned_is_what_runs(project):
    """The one case that is run for real after its dry run."""
    (project.results / "report" / "index.html").unlink()
    assert project.planned() == Counter(report=1)
    project.run()
    assert (project.results / "report" / "index.html").is_file()
    assert project.planned() == Counter()
