rule retrieval:
    input:
        weights=f"{results}/training/{{experiment}}/{{round}}/weights.safetensors",
        embeddings=f"{results}/embeddings/{{experiment}}/{{round}}/embeddings.h5",
        crops=expand(f"{results}/crops/{{video}}.h5", video=plan.videos),
    output:
        f"{results}/retrieval/{{experiment}}/{{round}}/neighbours.parquet",
    log:
        f"{results}/logs/retrieval/{{experiment}}-{{round}}.log",
    benchmark:
        f"{results}/timings/retrieval/{{experiment}}-{{round}}.tsv"
    threads: 16
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(60),
    params:
        settings=plan.settings("retrieval"),
        code=plan.code("retrieval"),
    message:
        "retrieval: neighbours in other videos, {wildcards.experiment}, round {wildcards.round}"
    script:
        "../scripts/retrieval.py"
