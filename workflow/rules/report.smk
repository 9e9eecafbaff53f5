rule report:
    input:
        videos=f"{results}/videos.parquet",
        curriculum=f"{results}/curriculum.parquet",
        people=expand(f"{results}/people/{{video}}.parquet", video=plan.videos),
        crops=expand(f"{results}/crops/{{video}}.h5", video=plan.videos),
        flow=expand(f"{results}/flow/{{video}}.parquet", video=plan.videos),
        pictures=expand(f"{results}/pictures/{{video}}.h5", video=plan.videos),
        metrics=plan.every_round(f"{results}/training/EXPERIMENT/ROUND/metrics.parquet"),
        embeddings=plan.shown_round(
            f"{results}/embeddings/EXPERIMENT/ROUND/embeddings.h5"
        ),
        search=plan.shown_round(f"{results}/search/EXPERIMENT/ROUND/codes.h5"),
        retrieval=plan.shown_round(
            f"{results}/retrieval/EXPERIMENT/ROUND/neighbours.parquet"
        ),
        repetitions=plan.every_round(
            f"{results}/repetitions/EXPERIMENT/ROUND/tracks.parquet"
        ),
        benchmarks=plan.benchmark_files,
    output:
        page=f"{results}/report/index.html",
        curriculum=report(
            f"{results}/report/figures/curriculum.png",
            caption="../captions/curriculum.rst",
            category="Curriculum",
            labels={"figure": "training frames by block"},
        ),
        training=report(
            f"{results}/report/figures/training.png",
            caption="../captions/training.rst",
            category="Training",
            labels={"figure": "loss and accuracy"},
        ),
        repetitions=report(
            f"{results}/report/figures/repetitions.png",
            caption="../captions/repetitions.rst",
            category="Repetitions",
            labels={"figure": "the clearest track"},
        ),
        retrieval=report(
            f"{results}/report/figures/retrieval.png",
            caption="../captions/retrieval.rst",
            category="Retrieval",
            labels={"figure": "nearest poses in other videos"},
        ),
    log:
        f"{results}/logs/report.log",
    benchmark:
        f"{results}/timings/report.tsv"
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(120),
    params:
        source=plan.source,
        settings=plan.settings_page,
        site=plan.site_identity,
        code=plan.code("report"),
    message:
        "report: write the site"
    script:
        "../scripts/report.py"
