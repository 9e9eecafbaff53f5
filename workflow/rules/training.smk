rule training:
    input:
        curriculum=f"{results}/curriculum.parquet",
        crops=expand(f"{results}/crops/{{video}}.h5", video=plan.videos),
        motion=lambda wildcards: plan.motion_maps(wildcards.experiment, wildcards.round),
        repetitions=lambda wildcards: plan.mined_before(
            wildcards.experiment, wildcards.round
        ),
        weights=lambda wildcards: plan.weights_before(
            wildcards.experiment, wildcards.round
        ),
        heads=lambda wildcards: plan.heads_before(wildcards.experiment, wildcards.round),
    output:
        weights=f"{results}/training/{{experiment}}/{{round}}/weights.safetensors",
        heads=f"{results}/training/{{experiment}}/{{round}}/heads.safetensors",
        metrics=f"{results}/training/{{experiment}}/{{round}}/metrics.parquet",
        card=f"{results}/training/{{experiment}}/{{round}}/model.json",
    log:
        f"{results}/logs/training/{{experiment}}-{{round}}.log",
    benchmark:
        f"{results}/timings/training/{{experiment}}-{{round}}.tsv"
    threads: 16
    resources:
        mem_mb=doubling(
            lambda wildcards: plan.training_megabytes(
                wildcards.experiment, wildcards.round
            )
        ),
        runtime=2880,
        gpu=lambda wildcards: plan.training_processes(
            wildcards.experiment, wildcards.round
        ),
    params:
        settings=lambda wildcards: plan.training_settings(
            wildcards.experiment, wildcards.round
        ),
        held_out=lambda wildcards: plan.held_out(wildcards.experiment),
        initial=lambda wildcards: plan.initial_files(wildcards.experiment),
        code=plan.code("training"),
    message:
        "training: {wildcards.experiment}, round {wildcards.round}"
    script:
        "../scripts/training.py"
