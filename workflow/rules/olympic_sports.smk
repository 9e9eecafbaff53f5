rule olympic_sports:
    input:
        weights=lambda wildcards: plan.last_weights(wildcards.experiment),
        data=plan.benchmark_data("olympic_sports"),
    output:
        table=f"{results}/benchmarks/{{experiment}}/olympic_sports.json",
        scores=f"{results}/benchmarks/{{experiment}}/olympic_sports.parquet",
    log:
        f"{results}/logs/benchmarks/{{experiment}}-olympic_sports.log",
    benchmark:
        f"{results}/timings/olympic_sports/{{experiment}}.tsv"
    threads: 16
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(120),
        gpu=1,
    params:
        folder=plan.benchmark_folder("olympic_sports"),
        settings=plan.benchmark_settings("olympic_sports"),
        code=plan.code("olympic_sports"),
    message:
        "olympic_sports: posture, {wildcards.experiment}"
    script:
        "../scripts/olympic_sports.py"
