# Rules that run only when they are asked for by name: `snakemake download_lsp`.
for dataset, announcement in plan.downloads.items():

    rule:
        name:
            f"download_{dataset}"
        output:
            # The checksums of the first download, which a later one is compared with.
            update(plan.download_source(dataset)),
        log:
            f"{results}/logs/download_{dataset}.log",
        # Nodes of a cluster often reach no network.
        localrule: True
        params:
            dataset=dataset,
        message:
            announcement
        script:
            "../scripts/download.py"
