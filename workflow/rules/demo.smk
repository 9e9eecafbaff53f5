rule demo:
    output:
        video=f"{results}/demo/videos/{{name}}.mp4",
        joints=f"{results}/demo/joints/{{name}}.parquet",
    log:
        f"{results}/logs/demo/{{name}}.log",
    benchmark:
        f"{results}/timings/demo/{{name}}.tsv"
    wildcard_constraints:
        name=r"\w+/\w+",
    resources:
        mem_mb=doubling(1000),
        runtime=doubling(30),
    params:
        settings=plan.settings("demo"),
        code=plan.code("demo"),
    message:
        "demo: render {wildcards.name}"
    script:
        "../scripts/demo.py"


rule demo_benchmarks:
    output:
        f"{results}/demo/benchmarks/benchmarks.json",
    log:
        f"{results}/logs/demo_benchmarks.log",
    benchmark:
        f"{results}/timings/demo_benchmarks.tsv"
    resources:
        mem_mb=doubling(2000),
        runtime=doubling(30),
    params:
        settings=plan.settings("demo"),
        code=plan.code("demo_benchmarks"),
    message:
        "demo: render the benchmarks"
    script:
        "../scripts/demo_benchmarks.py"
