"""How the report holds up: its size and how fast its pages open, for many videos.

Run as `python bench/report_scale.py --videos 1000 --frames 100` in the repository. The footage
is drawn once and stands for every video; vectors are made up. Needs playwright and Chromium.
"""

import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py

from stpose.artefacts.header import KEY
from stpose.report.stage import ReportInputs, write_report

MADE = Path(__file__).parent.parent / "tests" / "report" / "made_results.py"
CHROMIUM = "/usr/bin/chromium"


def main() -> None:
    """Write the report, measure it, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--dimensions", type=int, default=256)
    options = parser.parse_args()
    spec = importlib.util.spec_from_file_location("made_results", MADE)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["made_results"] = made
    spec.loader.exec_module(made)
    videos = [
        made.MadeVideo(f"folder {n % 20}/video {n}.mp4", options.frames)
        for n in range(options.videos)
    ]
    with TemporaryDirectory() as folder:
        results = Path(folder)
        draw = made.write_pictures
        drawn: list[Path] = []

        def copied(frames: Path, crops: Path, out: Path, settings: object) -> None:
            if not drawn:
                draw(frames, crops, out, settings)
                drawn.append(out)
                return
            out.write_bytes(drawn[0].read_bytes())
            with h5py.File(out, "r+") as file:
                header = json.loads(file.attrs[KEY])
                header["attributes"]["video_id"] = out.stem
                file.attrs[KEY] = json.dumps(header)

        made.write_pictures = copied
        made.write_results(results, videos, options.dimensions)
        inputs = ReportInputs(results, "made", "", [results / "training/st/1/metrics.parquet"], [])
        start = time.perf_counter()
        write_report(inputs, results / "report" / "index.html")
        found = {"seconds to write": round(time.perf_counter() - start, 1)}
        print(json.dumps({**found, **sizes(results / "report"), **times(results / "report")}))


def sizes(site: Path) -> dict[str, float]:
    """Return sizes of parts of the site, MB."""
    parts = {"all": site.rglob("*"), "pictures": site.glob("pages/pictures/*")}
    parts |= {"vectors": site.glob("pages/data/*"), "index": [site / "index.html"]}
    parts |= {"videos table": [site / "pages/videos.html"]}
    return {
        f"MB {name}": round(sum(one.stat().st_size for one in files if one.is_file()) / 1e6, 3)
        for name, files in parts.items()
    }


def times(site: Path) -> dict[str, float]:
    """Return the median seconds until pages are loaded, and until a search has its answer."""
    from playwright.sync_api import sync_playwright

    video = next(iter(sorted(site.glob("pages/video/*.html")))).relative_to(site)
    names = ("index.html", "pages/videos.html", "pages/curriculum.html", str(video))
    found: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(600_000)
        for name in names:
            taken = []
            for _ in range(3):
                start = time.perf_counter()
                page.goto((site / name).as_uri(), wait_until="load")
                taken.append(time.perf_counter() - start)
            found[f"s {Path(name).name if name in names[:3] else 'a video'}"] = sorted(taken)[1]
        start = time.perf_counter()
        page.goto((site / "pages/search.html").as_uri())
        page.wait_for_selector("#results li")
        found["s search, first answer"] = time.perf_counter() - start
        took = page.evaluate(
            """() => {
                const start = performance.now();
                document.getElementById("count").dispatchEvent(new Event("change"));
                return performance.now() - start;
            }"""
        )
        found["s search, next answer"] = took / 1000
        browser.close()
    return {name: round(value, 3) for name, value in found.items()}


if __name__ == "__main__":
    main()
