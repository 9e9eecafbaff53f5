"""stpose: from a folder of videos to pose embeddings. This file is the table of contents."""

import os
from pathlib import Path

from stpose.artefacts.times import check_times
from stpose.attempts import doubling  # the rules' memory and time
from stpose.workflow import read_plan

# For all jobs: PyTorch's threads sleep while they wait for each other. On a machine that does
# other things too, threads that spin instead take twice the CPU time.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


configfile: "config/config.yaml"


container: "docker://stpose/stpose:0.1.0"


# What there is to do: typed settings, the videos found, and a fingerprint of each stage's code.
# A mistake in the settings or a missing file ends the run here, before any work starts.
plan = read_plan(config, Path(workflow.basedir))
results = plan.results


wildcard_constraints:
    video=plan.video_pattern,
    experiment=r"[A-Za-z0-9_-]+",
    round=r"\d+",


include: "workflow/rules/demo.smk"
include: "workflow/rules/frames.smk"
include: "workflow/rules/people.smk"
include: "workflow/rules/crops.smk"
include: "workflow/rules/flow.smk"
include: "workflow/rules/videos.smk"
include: "workflow/rules/curriculum.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/embeddings.smk"
include: "workflow/rules/repetitions.smk"
include: "workflow/rules/olympic_sports.smk"
include: "workflow/rules/lsp.smk"
include: "workflow/rules/deeppose.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/pictures.smk"
include: "workflow/rules/search.smk"
include: "workflow/rules/retrieval.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/downloads.smk"


rule all:
    default_target: True
    input:
        f"{results}/report/index.html",
        f"{results}/report/claims.html",


onstart:
    check_times(results)
    # Snakemake looks for jobs again some seconds after every look, without end and once more for
    # each job that has ended; with hundreds of jobs done that takes a core. It does so only to
    # keep to a rate of submissions, and there is none to keep to here.
    workflow.scheduler.job_rate_limiter = None


onsuccess:
    print(plan.closing_words())


onerror:
    print(plan.closing_words())
