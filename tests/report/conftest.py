"""A report on made results, and a browser that looks at it."""

import importlib.util
import sys
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")


def _made_results():
    """Load the module beside this one, which the test importer does not look for."""
    path = Path(__file__).with_name("made_results.py")
    spec = importlib.util.spec_from_file_location("made_results", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["made_results"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made():
    return _made_results()


STRANGE = 'b/<img src=x onerror="alert(1)">&amp;.mp4'


@pytest.fixture(scope="session")
def results(made, tmp_path_factory) -> Path:
    """A results folder of three videos and one that cannot be read."""
    folder = tmp_path_factory.mktemp("made") / "results"
    videos = [
        made.MadeVideo("a/one.mp4", 40),
        made.MadeVideo(STRANGE, 60),
        made.MadeVideo("c/two words.mp4", 30),
        made.MadeVideo("broken.mp4", 0, usable=False),
    ]
    made.write_results(folder, videos)
    return folder


@pytest.fixture(scope="session")
def site(results) -> Path:
    """The folder of its report."""
    from stpose.report.stage import ReportInputs, write_report

    metrics = [results / "training/st/1/metrics.parquet"]
    inputs = ReportInputs(results, "made footage", "videos: made\n", metrics, [])
    write_report(inputs, results / "report" / "index.html")
    return results / "report"


@pytest.fixture(scope="session")
def chromium():
    """A browser without a window; skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="skipped: no playwright")
    if not CHROMIUM.is_file():
        pytest.skip(f"skipped: no {CHROMIUM}")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Visit:
    """Pages of a site, opened from disk; whatever goes wrong in them is gathered."""

    def __init__(self, context, site: Path) -> None:
        self.problems: list[str] = []
        self.site = site
        self.page = context.new_page()
        self.page.set_default_timeout(180_000)  # machines that run tests may be busy
        self.page.on("pageerror", lambda error: self.problems.append(f"error {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("requestfailed", lambda request: self.problems.append(f"no {request.url}"))

    def _dialog(self, dialog) -> None:
        self.problems.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type} {message.text}")

    def open(self, name: str, place: str = ""):
        """Open a page and wait until its scripts have run."""
        self.page.goto((self.site / name).as_uri() + place, wait_until="load")
        return self.page


@pytest.fixture
def visit(chromium, site):
    """Open pages as a person does; in the end nothing may have gone wrong."""
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    made = Visit(context, site)
    yield made
    context.close()
    assert made.problems == []
