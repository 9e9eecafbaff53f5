rule frames:
    input:
        lambda wildcards: plan.video_files(wildcards.video, ancient),
    output:
        f"{results}/frames/{{video}}.h5",
    log:
        f"{results}/logs/frames/{{video}}.log",
    benchmark:
        f"{results}/timings/frames/{{video}}.tsv"
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(60),
    params:
        path=lambda wildcards: str(plan.videos[wildcards.video].path),
        relative=lambda wildcards: plan.videos[wildcards.video].relative,
        identity=lambda wildcards: plan.videos[wildcards.video].identity,
        settings=plan.settings("frames"),
        code=plan.code("frames"),
    message:
        "frames: decode {wildcards.video}"
    script:
        "../scripts/frames.py"
