rule people:
    input:
        f"{results}/frames/{{video}}.h5",
    output:
        f"{results}/people/{{video}}.parquet",
    log:
        f"{results}/logs/people/{{video}}.log",
    benchmark:
        f"{results}/timings/people/{{video}}.tsv"
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(240),
    params:
        settings=plan.settings("people"),
        code=plan.code("people"),
        weights=plan.people_files,
    message:
        "people: find and follow them in {wildcards.video}"
    script:
        "../scripts/people.py"
