rule videos:
    input:
        frames=expand(f"{results}/frames/{{video}}.h5", video=plan.videos),
        people=expand(f"{results}/people/{{video}}.parquet", video=plan.videos),
    output:
        f"{results}/videos.parquet",
    log:
        f"{results}/logs/videos.log",
    benchmark:
        f"{results}/timings/videos.tsv"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(30),
    params:
        code=plan.code("videos"),
    message:
        "videos: how each one fared"
    script:
        "../scripts/videos.py"
