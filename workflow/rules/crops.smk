rule crops:
    input:
        frames=f"{results}/frames/{{video}}.h5",
        people=f"{results}/people/{{video}}.parquet",
    output:
        f"{results}/crops/{{video}}.h5",
    log:
        f"{results}/logs/crops/{{video}}.log",
    benchmark:
        f"{results}/timings/crops/{{video}}.tsv"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(60),
    params:
        settings=plan.settings("crops"),
        code=plan.code("crops"),
    message:
        "crops: cut the people out of {wildcards.video}"
    script:
        "../scripts/crops.py"
