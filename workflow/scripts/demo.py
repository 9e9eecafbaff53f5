"""Render one video of the demo."""

from pathlib import Path

from stpose.demo.footage import write_demo_video
from stpose.demo.plan import planned_videos
from stpose.log import logging_to
from stpose.settings.demo import DemoSettings

with logging_to(Path(snakemake.log[0])):
    settings = DemoSettings.model_validate_json(snakemake.params.settings)
    videos = {video.stem: video for video in planned_videos(settings)}
    write_demo_video(
        videos[snakemake.wildcards.name],
        settings,
        Path(snakemake.output.video),
        Path(snakemake.output.joints),
        snakemake.params.code,
    )
