"""The nearest-neighbour protocol on Leeds Sports Pose, and its reference figures."""

import numpy as np
import pytest

from stpose.benchmarks.embedders import Contender, Hog, Pixels
from stpose.benchmarks.joint_frame import FRAME_PX
from stpose.benchmarks.lsp.data import load_lsp
from stpose.benchmarks.lsp.protocol import (
    aspect_neighbours,
    choose_images,
    make_pool,
    pose_neighbours,
    random_neighbour_score,
    score_neighbours,
)
from stpose.benchmarks.lsp.table import picture_rows, pixel_free_rows
from stpose.benchmarks.metrics import strict_pcp
from stpose.errors import InputError
from stpose.settings.benchmarks import BenchmarkSettings, LspSettings

HAND_MADE = (
    Contender("pixels", "hand-made", (Pixels(),)),
    Contender("hog", "hand-made", (Hog(),)),
)


def test_squares_are_the_smallest_around_the_joints(lsp_folder):
    lsp = load_lsp(lsp_folder)
    pool = make_pool([(lsp, 2), (lsp, 7)])
    for row, number in enumerate((2, 7)):
        joints = lsp.joints[number - 1]
        extent = np.ptp(joints, axis=0)
        x1, y1, x2, y2 = pool.regions[row]
        assert x2 - x1 == pytest.approx(extent.max())
        assert y2 - y1 == pytest.approx(extent.max())
        middle = (joints.min(axis=0) + joints.max(axis=0)) / 2
        np.testing.assert_allclose([(x1 + x2) / 2, (y1 + y2) / 2], middle)
        expected = (joints - [x1, y1]) * FRAME_PX / extent.max()
        np.testing.assert_allclose(pool.joints[row], expected)
        assert pool.aspect[row] == pytest.approx(np.log(extent[0] / extent[1]))


def test_neighbours_by_pose_are_brute_force(lsp_folder):
    gallery, queries = choose_images(load_lsp(lsp_folder), None, LspSettings())
    assert (len(gallery), len(queries)) == (12, 12)
    found = pose_neighbours(gallery, queries)
    for query in range(len(queries)):
        distance = [
            np.linalg.norm(queries.joints[query] - pose, axis=1).mean() for pose in gallery.joints
        ]
        assert found[query].tolist() == np.argsort(distance)[:5].tolist()
        ratio = np.abs(gallery.aspect - queries.aspect[query])
        assert aspect_neighbours(gallery, queries)[query, 0] == np.argmin(ratio)


def test_scores_are_of_the_first_and_of_five(lsp_folder):
    gallery, queries = choose_images(load_lsp(lsp_folder), None, LspSettings())
    neighbours = pose_neighbours(gallery, queries)
    score = score_neighbours(gallery, queries, neighbours)
    for query in range(len(queries)):
        parts = [
            strict_pcp(gallery.joints[row], queries.joints[query]) for row in neighbours[query]
        ]
        np.testing.assert_allclose(score.first[query], parts[0])
        np.testing.assert_allclose(score.five[query], np.mean(parts, axis=0))
    chance = random_neighbour_score(gallery, queries)
    expected = [strict_pcp(pose, queries.joints[3]) for pose in gallery.joints]
    np.testing.assert_allclose(chance.first[3], np.mean(expected, axis=0))


def test_fully_visible_extended_images_join_the_gallery(lsp_folder, extended_folder):
    lsp, extended = load_lsp(lsp_folder), load_lsp(extended_folder)
    settings = LspSettings(gallery="1-6", queries="20,22-23")
    gallery, queries = choose_images(lsp, extended, settings)
    assert [number for _, number in gallery.members] == [1, 2, 3, 4, 5, 6, 1, 3, 4, 6]
    assert [known is extended for known, _ in gallery.members] == [False] * 6 + [True] * 4
    assert [number for _, number in queries.members] == [20, 22, 23]


@pytest.mark.parametrize(
    ("gallery", "queries", "message"),
    [
        ("1-25", "7", "gallery '1-25', expected numbers up to 24"),
        ("1-10", "10-12", "image 10 is in the gallery and in the queries"),
        ("1-4", "5-6", "4 images in the gallery and 2 queries, expected at least 5 and 1"),
    ],
)
def test_lists_that_do_not_fit_are_explained(lsp_folder, gallery, queries, message):
    settings = LspSettings(gallery=gallery, queries=queries)
    with pytest.raises(InputError, match=message):
        choose_images(load_lsp(lsp_folder), None, settings)


@pytest.mark.parametrize("value", [np.nan, 7.0])
def test_joints_without_extent_are_explained(lsp_folder, value):
    lsp = load_lsp(lsp_folder)
    lsp.joints[4] = value
    with pytest.raises(InputError, match=r"joints\.mat: the joints of image 5 span no box"):
        make_pool([(lsp, 1), (lsp, 5)])


def test_copies_of_the_queries_are_found(tmp_path, formats):
    """A gallery that holds the same pictures gives every embedder the best score."""
    joints = np.random.default_rng(8).uniform((5, 5), (75, 55), (8, 14, 2))
    twice = np.concatenate([joints, joints])
    formats.write_lsp(tmp_path / "lsp", twice, np.zeros((16, 14), bool), extended=False)
    gallery, queries = choose_images(load_lsp(tmp_path / "lsp"), None, LspSettings())
    rows, neighbours = picture_rows(gallery, queries, HAND_MADE, BenchmarkSettings())
    for row in rows:
        assert row.samples.tolist() == [1.0] * 8
        assert neighbours[row.name][:, 0].tolist() == list(range(8))
        assert set(row.by.values()) == {1.0}


@pytest.fixture(scope="module")
def halves(shared_data):
    settings = LspSettings(gallery="1-500", queries="501-1000")
    return choose_images(load_lsp(shared_data / "lsp"), None, settings)


def test_reference_figures_without_pictures(halves):
    rows = {row.name: row for row in pixel_free_rows(*halves)}
    assert round(100 * rows["pose"].samples.mean(), 1) == 64.8
    # The reference drew one neighbour a query; this is the mean over all draws.
    assert 100 * rows["random-neighbour"].samples.mean() == pytest.approx(22.4, abs=1)
    assert len(rows["aspect"].samples) == 500


def test_one_random_draw_agrees_with_the_mean_of_all(halves):
    gallery, queries = halves
    drawn = np.random.default_rng(0).integers(len(gallery), size=(len(queries), 5))
    once = score_neighbours(gallery, queries, drawn).five.mean()
    assert once == pytest.approx(random_neighbour_score(gallery, queries).first.mean(), abs=0.01)


def test_reference_figures_of_pictures(halves):
    rows, _ = picture_rows(*halves, HAND_MADE, BenchmarkSettings())
    found = {row.name: row for row in rows}
    assert 100 * found["pixels"].samples.mean() == pytest.approx(32.7, abs=0.5)
    assert 100 * found["hog"].samples.mean() == pytest.approx(40.5, abs=0.3)
    assert 100 * found["hog"].further["k5"] == pytest.approx(36.9, abs=0.3)
