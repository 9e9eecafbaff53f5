rule embeddings:
    input:
        weights=f"{results}/training/{{experiment}}/{{round}}/weights.safetensors",
        crops=expand(f"{results}/crops/{{video}}.h5", video=plan.videos),
    output:
        f"{results}/embeddings/{{experiment}}/{{round}}/embeddings.h5",
    log:
        f"{results}/logs/embeddings/{{experiment}}-{{round}}.log",
    benchmark:
        f"{results}/timings/embeddings/{{experiment}}-{{round}}.tsv"
    threads: 16
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(240),
        gpu=1,
    params:
        settings=plan.settings("embeddings"),
        code=plan.code("embeddings"),
    message:
        "embeddings: vectors of all crops, {wildcards.experiment}, round {wildcards.round}"
    script:
        "../scripts/embeddings.py"
