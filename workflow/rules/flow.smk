rule flow:
    input:
        frames=f"{results}/frames/{{video}}.h5",
        people=f"{results}/people/{{video}}.parquet",
    output:
        table=f"{results}/flow/{{video}}.parquet",
        maps=f"{results}/flow/{{video}}.h5",
    log:
        f"{results}/logs/flow/{{video}}.log",
    benchmark:
        f"{results}/timings/flow/{{video}}.tsv"
    resources:
        mem_mb=doubling(4000 if plan.flow_gpus else 1000),
        runtime=doubling(480),
        gpu=plan.flow_gpus,
    params:
        settings=plan.settings("flow"),
        code=plan.code("flow"),
    message:
        "flow: how the people of {wildcards.video} move against their background"
    script:
        "../scripts/flow.py"
