"""The site in a browser: every page opens, and what can be clicked does what it says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from stpose.search.query import find_round, query_in_video, search
from stpose.videos.discovery import video_id

STRANGE = 'b/<img src=x onerror="alert(1)">&amp;.mp4'
ONE = f"pages/video/{video_id('a/one.mp4')}.html"
PAGES = [
    "index.html",
    *(f"pages/{name}.html" for name in ("videos", "curriculum", "training", "repetitions")),
    *("pages/retrieval.html", "pages/search.html", ONE),
    *(f"pages/video/{video_id(path)}.html" for path in (STRANGE, "broken.mp4")),
]

FRAMES = r"all => all.map((one) => Number(one.hash.match(/frame=(\d+)/)[1]))"


def text_of(page, selector):
    return page.locator(selector).inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_fits_a_phone_and_has_whole_links(visit, site, name):
    page = visit.open(name)
    assert page.locator("h1").count() == 1
    assert page.locator("nav a").count() == 7
    assert not page.evaluate("document.body.innerHTML.includes('<img src=x')")
    addresses = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
    for address in set(addresses):
        path = Path(address.removeprefix("file://").partition("#")[0])
        assert path.is_relative_to(site), address
        assert path.is_file(), address
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_table_is_sorted_and_filtered(visit):
    page = visit.open("pages/videos.html")
    names = "tbody tr:not([hidden]) th"
    page.get_by_role("button", name="frames").click()
    assert page.locator(names).all_inner_texts()[0] == STRANGE
    assert page.locator("[aria-sort=descending]").inner_text() == "frames"
    page.get_by_role("button", name="frames").click()
    assert page.locator(names).all_inner_texts()[-1] == STRANGE
    page.get_by_role("button", name="video", exact=True).click()
    assert page.locator(names).all_inner_texts()[0] == "a/one.mp4"
    page.get_by_label("Name").fill("WORDS")
    assert page.locator(names).all_inner_texts() == ["c/two words.mp4"]
    assert text_of(page, "#shown") == "1 of 4 videos"
    page.get_by_label("Name").fill("")
    page.get_by_label("Status").select_option("unreadable")
    assert page.locator(names).all_inner_texts() == ["broken.mp4"]


def test_scrubbing_moves_frame_boxes_and_plot(visit):
    page = visit.open(ONE)
    before = page.locator("#frame").get_attribute("style")
    slider = page.get_by_label("Frame of the video")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert text_of(page, "#now").startswith("frame 3, 0.12 s · track 1: ratio ")
    assert "curriculum block" in text_of(page, "#now")
    assert page.locator("#frame").get_attribute("style") != before
    assert page.locator("#boxes rect").get_attribute("stroke-dasharray") == "4 4"
    assert page.evaluate("document.getElementById('ratio').layout.shapes[0].x0") == 3
    page.get_by_role("checkbox", name="flow").uncheck()
    assert not page.locator("#flow").is_visible()


def test_a_video_opens_where_there_is_something_to_see(visit):
    """The made ratio is 1 + 4 |sin(frame)|, so that it is the clearest at frame 11."""
    page = visit.open(ONE)
    assert text_of(page, "#now").startswith("frame 11,")
    assert page.evaluate("document.getElementById('ratio').layout.shapes[0].x0") == 11
    # A frame without flow is white there.
    image = cv2.imdecode(np.frombuffer(page.locator("#flow").screenshot(), np.uint8), 1)
    assert np.ptp(image[8:-8, 8:-8].astype(int), axis=2).max() > 60


def test_an_address_with_a_frame_opens_on_it(visit):
    assert text_of(visit.open(ONE, "#frame=0"), "#now").startswith("frame 0,")


def test_playing_moves_on(visit):
    page = visit.open(ONE, "#frame=0")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.getElementById('time').value) > 2")
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").count() == 1


def test_a_click_on_the_matrix_shows_both_frames(visit):
    page = visit.open(ONE)
    assert text_of(page, "#repetition").startswith("3 cycles of 12.0 frames")
    page.locator("#matrix").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """() => {
            const plot = document.getElementById("matrix");
            const { left, top } = plot.getBoundingClientRect();
            const { xaxis, yaxis } = plot._fullLayout;
            return [left + xaxis._offset + xaxis.d2p(30), top + yaxis._offset + yaxis.d2p(6)];
        }"""
    )
    page.mouse.click(x, y)
    page.wait_for_function("document.getElementById('row-frame').textContent === 'frame 6'")
    assert text_of(page, "#column-frame") == "frame 30"
    assert text_of(page, "#now").startswith("frame 6,")
    # Frames two cycles apart look alike; a slider moves on to one that is no nearer.
    alike = float(text_of(page, "#alike").split()[-1])
    page.locator("#column").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    assert text_of(page, "#column-frame") == "frame 24"
    assert float(text_of(page, "#alike").split()[-1]) <= alike


def test_the_pose_of_the_page_is_searched(visit):
    page = visit.open(ONE, "#frame=20&track=1")
    page.get_by_role("link", name="Search this pose in all videos").click()
    page.wait_for_selector("#results li")
    assert "a/one.mp4, track 1, 0.80 s" in text_of(page, "#query")


def test_searching_filtering_and_leaving_out(visit):
    page = visit.open("pages/search.html")
    page.wait_for_selector("#results li")
    page.locator("#videos").select_option(label="a/one.mp4 (40)")
    page.locator("#poses button").nth(5).click()
    assert "a/one.mp4, track 1, 0.20 s" in text_of(page, "#query")
    videos = "all => all.map((one) => one.dataset.video)"
    own = video_id("a/one.mp4")
    found = page.eval_on_selector_all("#results li", videos)
    assert found
    assert own not in found
    page.get_by_label("Only videos whose path has").fill("two words")
    assert set(page.eval_on_selector_all("#results li", videos)) == {video_id("c/two words.mp4")}
    page.get_by_label("Only videos whose path has").fill("nothing like it")
    assert text_of(page, "#found") == "No video fits."
    page.get_by_label("Only videos whose path has").fill("one.mp4")
    page.get_by_label("Leave out").select_option("near")
    frames = page.eval_on_selector_all("#results a", FRAMES)
    assert frames
    assert all(abs(frame - 5) > 25 for frame in frames)
    page.get_by_label("Leave out").select_option("self")
    page.get_by_label("only the best of each second").uncheck()
    assert page.locator("#results li").count() == 24
    page.locator("#results a").first.click()
    page.wait_for_function("document.getElementById('now')?.textContent.startsWith('frame ')")


def test_on_a_phone_the_query_is_seen_beside_its_long_name(visit):
    page = visit.open("pages/search.html", "#row=5")
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_selector("#results li")
    page.evaluate("document.querySelector('#query > span').textContent = 'x'.repeat(300)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#query a").bounding_box()["width"] > 60


def test_search_finds_what_an_exact_search_does(visit, results):
    embeddings = find_round(results, None)
    query = query_in_video(results, embeddings, "a/one.mp4", 0.2)
    exact = [(one.video_id, one.frame) for one in search(results, embeddings, query, 3)]
    page = visit.open("pages/search.html", "#row=5")
    page.wait_for_selector("#results li")
    videos = page.eval_on_selector_all("#results li", "all => all.map((one) => one.dataset.video)")
    frames = page.eval_on_selector_all("#results a", FRAMES)
    found = list(zip(videos, frames, strict=True))
    assert found[0] == exact[0]
    assert len(set(found[:3]) & set(exact)) >= 2


def test_in_the_dark_text_is_light(chromium, site):
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    colours = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    context.close()
    text, ground = (sum(map(int, one[4:-1].split(","))) for one in colours)
    assert text > 3 * 200
    assert ground < 3 * 60
