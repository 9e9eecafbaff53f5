rule report:
    input:
        videos=f"{results}/videos.parquet",
        curriculum=f"{results}/curriculum.parquet",
        frames=expand(f"{results}/frames/{{video}}.h5", video=plan.videos),
        people=expand(f"{results}/people/{{video}}.parquet", video=plan.videos),
        crops=expand(f"{results}/crops/{{video}}.h5", video=plan.videos),
        flow=expand(f"{results}/flow/{{video}}.parquet", video=plan.videos),
        metrics=plan.every_round(f"{results}/training/EXPERIMENT/ROUND/metrics.parquet"),
        embeddings=plan.every_round(
            f"{results}/embeddings/EXPERIMENT/ROUND/embeddings.h5"
        ),
        tracks=plan.every_round(
            f"{results}/repetitions/EXPERIMENT/ROUND/tracks.parquet"
        ),
        groups=plan.every_round(
            f"{results}/repetitions/EXPERIMENT/ROUND/groups.parquet"
        ),
        benchmarks=plan.benchmark_files,
    output:
        report(
            f"{results}/report/index.html",
            category="Report",
            labels={"page": "everything"},
        ),
    log:
        f"{results}/logs/report.log",
    benchmark:
        f"{results}/timings/report.tsv"
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        source=plan.source,
        settings=plan.settings_page,
        template=plan.template_identity,
        code=plan.code("report"),
    script:
        "../scripts/report.py"
