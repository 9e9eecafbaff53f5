rule claims:
    input:
        f"{results}/tables/tables.parquet",
    output:
        table=f"{results}/report/claims.parquet",
        text=f"{results}/report/claims.md",
        page=report(
            f"{results}/report/claims.html",
            category="Tables",
            labels={"page": "the paper's claims"},
        ),
    log:
        f"{results}/logs/claims.log",
    benchmark:
        f"{results}/timings/claims.tsv"
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        source=plan.source,
        settings=plan.tables_settings,
        paper=plan.paper_identity,
        template=plan.claims_template_identity,
        code=plan.code("claims"),
    message:
        "claims: judge what the paper says by the tables"
    script:
        "../scripts/claims.py"
