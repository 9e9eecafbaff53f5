rule tables:
    input:
        benchmarks=plan.benchmark_files,
        scores=plan.benchmark_scores,
        cards=plan.every_round(f"{results}/training/EXPERIMENT/ROUND/model.json"),
    output:
        rows=f"{results}/tables/tables.parquet",
        differences=f"{results}/tables/differences.parquet",
        text=report(
            f"{results}/tables/tables.md",
            category="Tables",
            labels={"page": "the paper's tables"},
        ),
    log:
        f"{results}/logs/tables.log",
    benchmark:
        f"{results}/timings/tables.tsv"
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        settings=plan.tables_settings,
        paper=plan.paper_identity,
        code=plan.code("tables"),
    message:
        "tables: benchmarks beside the paper's"
    script:
        "../scripts/tables.py"
