"""Whether the data that benchmarks are to run on can be read, before any work starts."""

from pathlib import Path

from stpose.settings.benchmarks import BenchmarkSettings

DEMO = "demo"


def check(settings: BenchmarkSettings) -> None:
    """Read the labels, lists, boxes, joints and people of the user's own benchmark folders.

    The demo's own benchmarks are made during the run and need no check.

    Raises:
        InputError: A file is missing or of another shape; the message names it.
    """
    posture, lsp = settings.olympic_sports, settings.lsp
    # Imported here because few runs need them, and every run asks.
    if posture is not None and posture.folder != DEMO:
        from stpose.benchmarks.olympic_sports.protocol import load_categories

        load_categories(Path(posture.folder))
    if settings.deeppose is not None:
        from stpose.benchmarks.mpii.deeppose.stage import read_task

        read_task(settings.deeppose)
    if lsp is not None and lsp.folder != DEMO:
        from stpose.benchmarks.lsp.data import load_lsp
        from stpose.benchmarks.lsp.protocol import choose_images

        extended = load_lsp(Path(lsp.extended)) if lsp.extended else None
        choose_images(load_lsp(Path(lsp.folder)), extended, lsp)
