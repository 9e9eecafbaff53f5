rule repetitions:
    input:
        f"{results}/embeddings/{{experiment}}/{{round}}/embeddings.h5",
    output:
        tracks=f"{results}/repetitions/{{experiment}}/{{round}}/tracks.parquet",
        groups=f"{results}/repetitions/{{experiment}}/{{round}}/groups.parquet",
        pairs=f"{results}/repetitions/{{experiment}}/{{round}}/pairs.parquet",
    log:
        f"{results}/logs/repetitions/{{experiment}}-{{round}}.log",
    benchmark:
        f"{results}/timings/repetitions/{{experiment}}-{{round}}.tsv"
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(120),
    params:
        settings=plan.settings("repetitions"),
        code=plan.code("repetitions"),
    message:
        "repetitions: mine every track, {wildcards.experiment}, round {wildcards.round}"
    script:
        "../scripts/repetitions.py"
