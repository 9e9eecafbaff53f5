rule pictures:
    input:
        frames=f"{results}/frames/{{video}}.h5",
        crops=f"{results}/crops/{{video}}.h5",
    output:
        f"{results}/pictures/{{video}}.h5",
    log:
        f"{results}/logs/pictures/{{video}}.log",
    benchmark:
        f"{results}/timings/pictures/{{video}}.tsv"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(60),
    params:
        settings=plan.settings("pictures"),
        code=plan.code("pictures"),
    message:
        "pictures: draw what the page of {wildcards.video} shows"
    script:
        "../scripts/pictures.py"
