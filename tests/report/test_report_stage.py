"""The site's files, without a browser."""

import json
import re
from html import unescape

import cv2
import pytest
from plotly.offline import get_plotlyjs_version

from stpose.report.pages import page_entries
from stpose.report.stage import ReportInputs, write_report
from stpose.videos.discovery import video_id

STRANGE = 'b/<img src=x onerror="alert(1)">&amp;.mp4'


def test_every_page_is_there_and_names_are_escaped(site):
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert len(pages) == 7 + 4
    for name in pages:
        assert "<img src=x" not in (site / name).read_text(encoding="utf-8"), name
    table = (site / "pages/videos.html").read_text(encoding="utf-8")
    assert STRANGE in unescape(table)
    assert "not a video" in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(site):
    for path in [*site.rglob("*.html"), *(site / "pages/assets").glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href)=["'](https?:)?//""", text), path
        assert "url(http" not in text, path


def test_the_first_page_is_small(site):
    style = (site / "pages/assets/style.css").stat().st_size
    script = (site / "pages/assets/site.js").stat().st_size
    assert (site / "index.html").stat().st_size + style + script < 50_000
    assert "plotly" not in (site / "index.html").read_text(encoding="utf-8")


def test_the_script_that_draws_fits_the_package_that_describes(site):
    """plotly.js reads what the Python package writes: the same main version, and these traces."""
    script = (site / "pages/assets/plotly-cartesian.min.js").read_text(encoding="utf-8")
    found = re.search(r"plotly.js \(cartesian - minified\) v(\d+)\.", script[:300])
    assert found.group(1) == get_plotlyjs_version().split(".")[0]
    assert (site / "pages/assets/plotly-cartesian-LICENSE.txt").is_file()
    assert len(script) < 2e6


def test_a_video_page_holds_what_its_script_draws(site):
    text = (site / f"pages/video/{video_id('a/one.mp4')}.html").read_text(encoding="utf-8")
    found = re.search(
        r'<script type="application/json" id="content">(.*?)</script>', text, re.DOTALL
    )
    content = json.loads(found.group(1))
    assert content["frames"] == list(range(40))
    assert [len(people) for people in content["boxes"]] == [1] * 40
    track, x1, y1, x2, y2, filled = content["boxes"][3][0]
    assert (track, filled) == (1, 1)
    assert (x1, y1, x2, y2) == pytest.approx((34 / 128, 12 / 96, 94 / 128, 92 / 96), abs=1e-3)
    assert content["ratios"][0]["frame"] == list(range(1, 40))
    assert set(content["blocks"]) == {f"1:{frame}" for frame in range(1, 40, 2)}
    (repeating,) = content["tracks"]
    assert (repeating["count"], repeating["period"], repeating["crops"]) == (3, 12.0, 40)
    assert [0, 12, 0.9] in repeating["groups"]


def test_a_page_of_claims_is_linked_where_it_is_made():
    assert "claims.html" not in {address for address, _, _ in page_entries(claims=False)}
    assert page_entries(claims=True)[-1][0] == "claims.html"


def test_figures_for_snakemakes_report(site):
    for name in ("curriculum", "training", "repetitions", "retrieval"):
        assert cv2.imread(str(site / "figures" / f"{name}.png")) is not None


def test_pages_are_replaced_as_a_whole(made, tmp_path):
    results = tmp_path / "results"
    made.write_results(results, [made.MadeVideo("x.mp4", 26), made.MadeVideo("y.mp4", 26)])
    metrics = [results / "training/st/1/metrics.parquet"]
    page = results / "report" / "index.html"
    (results / "report/pages").mkdir(parents=True)
    (results / "report/pages/old.html").touch()
    (results / "report/claims.html").touch()
    write_report(ReportInputs(results, "x", "", metrics, [], claims=True), page)
    assert not (results / "report/pages/old.html").exists()
    assert (results / "report/claims.html").is_file()
    assert 'href="claims.html"' in page.read_text(encoding="utf-8")
    assert {path.name for path in (results / "report").iterdir()} == {
        *("index.html", "claims.html", "pages", "figures")
    }
