"""How the report holds up: its size and how fast its pages open, for many videos.

Run as `python bench/report_scale.py --videos 1000 --frames 100` in the repository. One video is
drawn and stands for all; vectors are made up. Needs playwright and Chromium.
"""

import argparse
import importlib.util
import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import h5py

from stpose.artefacts.header import KEY
from stpose.artefacts.store_texts import read_text, write_text
from stpose.report.stage import ReportInputs, write_report

MADE = Path(__file__).parent.parent / "tests" / "report" / "made_results.py"
CHROMIUM = "/usr/bin/chromium"
COPIED = ("people/{}.parquet", "crops/{}.h5", "flow/{}.parquet", "pictures/{}.h5")
KINDS = ("videos", "curriculum", "training", "repetitions", "retrieval")
ROUNDS = 5


def main() -> None:
    """Write the report, measure it, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--keep", type=Path, help="Leave the results in this folder.")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        results = options.keep or Path(temporary)
        if not (results / "videos.parquet").is_file():
            make_results(results, options.videos, options.frames, options.dimensions)
        found = writing(results)
        site = results / "report"
        print(json.dumps(found | sizes(site) | times(site), indent=1))


def make_results(results: Path, videos: int, frames: int, dimensions: int) -> None:
    """Write results of many videos that share one video's footage."""
    made = made_module()
    draw = made._write_footage  # the module of the tests is taken apart here
    drawn: list[str] = []

    def copied(folder: Path, video: "made.MadeVideo", number: int) -> None:
        if not drawn:
            draw(folder, video, number)
            drawn.append(video.video_id)
            return
        for name in COPIED:
            path = folder / name.format(video.video_id)
            path.write_bytes((folder / name.format(drawn[0])).read_bytes())
            if path.suffix == ".h5":
                with h5py.File(path, "r+") as file:
                    header = json.loads(read_text(file, KEY) or "")
                    header["attributes"]["video_id"] = video.video_id
                    del header["checksum"]
                    write_text(file, KEY, json.dumps(header))

    made._write_footage = copied
    names = [f"folder {number % 20}/video {number}.mp4" for number in range(videos)]
    made.write_results(results, [made.MadeVideo(name, frames) for name in names], dimensions)


def made_module() -> ModuleType:
    """Return the tests' module that makes results, which is part of no package."""
    spec = importlib.util.spec_from_file_location("made_results", MADE)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["made_results"] = made
    spec.loader.exec_module(made)
    return made


def writing(results: Path) -> dict[str, float]:
    """Write the report in a process of its own; return what it took."""
    start = time.perf_counter()
    process = multiprocessing.get_context("spawn").Process(target=write, args=(results,))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "s to write": round(time.perf_counter() - start, 1),
        "s of CPU to write": round(used.ru_utime + used.ru_stime, 1),
        "MB of memory to write": round(used.ru_maxrss / 1000),
    }


def write(results: Path) -> None:
    """Write the report of results."""
    metrics = [results / "training/st/1/metrics.parquet"]
    write_report(ReportInputs(results, "made", "", metrics, []), results / "report" / "index.html")


def sizes(site: Path) -> dict[str, float]:
    """Return sizes of parts of the site, MB."""
    assets = [site / "pages/assets" / name for name in ("style.css", "site.js")]
    parts = {
        "all": site.rglob("*"),
        "pictures": site.glob("pages/pictures/*"),
        "vectors": site.glob("pages/data/*"),
        "first page with all it loads": [site / "index.html", *assets],
        "pages of videos": site.glob("pages/video/*"),
        **{name: [site / f"pages/{name}.html"] for name in (*KINDS, "search")},
    }
    return {
        f"MB {name}": round(sum(one.stat().st_size for one in files if one.is_file()) / 1e6, 3)
        for name, files in parts.items()
    }


def times(site: Path) -> dict[str, float]:
    """Return the median seconds until pages are loaded, and until a search has its answer."""
    from playwright.sync_api import sync_playwright

    video = next(iter(sorted(site.glob("pages/video/*.html")))).relative_to(site)
    pages = {"the first page": "index.html", "a video": str(video)}
    pages |= {name: f"pages/{name}.html" for name in KINDS}
    found: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, address in pages.items():
            taken = []
            for _ in range(ROUNDS):
                page = browser.new_page()
                page.set_default_timeout(600_000)
                start = time.perf_counter()
                page.goto((site / address).as_uri(), wait_until="load")
                taken.append(time.perf_counter() - start)
                page.close()
            found[f"s {name}"] = sorted(taken)[ROUNDS // 2]
        page = browser.new_page()
        page.set_default_timeout(600_000)
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
        found["MB of memory of the search page"] = page.evaluate(
            "performance.memory.usedJSHeapSize / 1e6"
        )
        browser.close()
    return {name: round(value, 3) for name, value in found.items()}


if __name__ == "__main__":
    main()
