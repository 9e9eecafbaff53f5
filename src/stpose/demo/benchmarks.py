"""The benchmarks of the demo: a posture benchmark and an LSP-format set."""

import shutil
from dataclasses import asdict
from pathlib import Path

from stpose.artefacts.documents import write_document
from stpose.artefacts.provenance import derive
from stpose.demo.lsp_set import write_lsp_set
from stpose.demo.posture_set import write_posture_set
from stpose.settings.demo import DemoSettings

SUMMARY = "benchmarks.json"


def write_demo_benchmarks(settings: DemoSettings, folder: Path, code: str = "") -> None:
    """Render the benchmarks from videos that nobody trains on (and LSP's gallery from others).

    Args:
        settings: Which videos and how many images.
        folder: Gets `posture/` (see `stpose.demo.posture_set`), `lsp/` (`stpose.demo.lsp_set`)
            and, last of all, `benchmarks.json`, which counts what is in them. A folder of the
            set appears when it is complete.
        code: Fingerprint of the code.

    Raises:
        InputError: The held-out videos hold too few like postures.
    """
    folder = Path(folder)
    (folder / SUMMARY).unlink(missing_ok=True)
    unfinished = folder / ".unfinished"
    _remove(unfinished)  # what a killed run left
    content = {
        "posture": asdict(write_posture_set(settings, unfinished / "posture")),
        "lsp": {"images": write_lsp_set(settings, unfinished / "lsp")},
    }
    for part in content:
        _remove(folder / part)  # what other settings left
        (unfinished / part).replace(folder / part)
    unfinished.rmdir()
    provenance = derive("demo_benchmarks", settings, code)
    write_document(folder / SUMMARY, "demo_benchmarks", 1, content, provenance)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
