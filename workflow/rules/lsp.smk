rule lsp:
    input:
        weights=lambda wildcards: plan.last_weights(wildcards.experiment),
        data=plan.benchmark_data("lsp"),
    output:
        table=f"{results}/benchmarks/{{experiment}}/lsp.json",
        scores=f"{results}/benchmarks/{{experiment}}/lsp.parquet",
        picture=f"{results}/benchmarks/{{experiment}}/lsp.png",
    log:
        f"{results}/logs/benchmarks/{{experiment}}-lsp.log",
    benchmark:
        f"{results}/timings/lsp/{{experiment}}.tsv"
    threads: 16
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(120),
        gpu=1,
    params:
        folder=plan.benchmark_folder("lsp"),
        settings=plan.benchmark_settings("lsp"),
        code=plan.code("lsp"),
    message:
        "lsp: poses of nearest neighbours, {wildcards.experiment}"
    script:
        "../scripts/lsp.py"
