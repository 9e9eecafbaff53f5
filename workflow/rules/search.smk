rule search:
    input:
        f"{results}/embeddings/{{experiment}}/{{round}}/embeddings.h5",
    output:
        f"{results}/search/{{experiment}}/{{round}}/codes.h5",
    log:
        f"{results}/logs/search/{{experiment}}-{{round}}.log",
    benchmark:
        f"{results}/timings/search/{{experiment}}-{{round}}.tsv"
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(60),
    params:
        settings=plan.settings("search"),
        code=plan.code("search"),
    message:
        "search: codes for the page, {wildcards.experiment}, round {wildcards.round}"
    script:
        "../scripts/search.py"
