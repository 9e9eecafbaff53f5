rule curriculum:
    input:
        expand(f"{results}/flow/{{video}}.parquet", video=plan.videos),
    output:
        f"{results}/curriculum.parquet",
    log:
        f"{results}/logs/curriculum.log",
    benchmark:
        f"{results}/timings/curriculum.tsv"
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        settings=plan.settings("curriculum"),
        code=plan.code("curriculum"),
    message:
        "curriculum: sort the frames of all videos from easy to hard"
    script:
        "../scripts/curriculum.py"
