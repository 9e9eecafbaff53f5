rule deeppose:
    input:
        weights=lambda wildcards: plan.last_weights(wildcards.experiment),
    output:
        table=f"{results}/benchmarks/{{experiment}}/deeppose.json",
        scores=f"{results}/benchmarks/{{experiment}}/deeppose.parquet",
    log:
        f"{results}/logs/benchmarks/{{experiment}}-deeppose.log",
    benchmark:
        f"{results}/timings/deeppose/{{experiment}}.tsv"
    threads: 16
    resources:
        mem_mb=doubling(8000),
        runtime=2880,
        gpu=1,
    params:
        settings=plan.benchmark_settings("deeppose"),
        code=plan.code("deeppose"),
    message:
        "deeppose: joints of MPII from the weights of {wildcards.experiment}"
    script:
        "../scripts/deeppose.py"
