"""People cut out for retrieval."""

import numpy as np
import pytest

from stpose.benchmarks.mpii.data import load_mpii
from stpose.benchmarks.mpii.pools import aspect_neighbours, make_pool
from stpose.errors import InputError


def test_people_are_cut_out_by_the_smallest_square(tmp_path, mpii):
    generator = np.random.default_rng(0)
    people = [mpii.draw_person(generator, f"{number}.jpg") for number in range(60)]
    mpii.write_json(tmp_path / "list.json", people)
    read = load_mpii(tmp_path / "list.json")
    pool = make_pool(read)
    for row in (0, 17):
        joints = people[row].joints - 0.5
        extent = np.ptp(joints, axis=0)
        x1, y1, x2, y2 = pool.regions[row]
        assert x2 - x1 == pytest.approx(extent.max())
        assert y2 - y1 == pytest.approx(extent.max())
        middle = (joints.min(axis=0) + joints.max(axis=0)) / 2
        np.testing.assert_allclose([(x1 + x2) / 2, (y1 + y2) / 2], middle)
        np.testing.assert_allclose(pool.joints[row], (joints - [x1, y1]) * 227 / extent.max())
        ratio = np.abs(pool.aspect - np.log(extent[0] / extent[1]))
        assert aspect_neighbours(pool, pool)[row].tolist() == np.argsort(ratio)[:50].tolist()


def test_people_without_a_box_are_named(tmp_path, mpii, crowd):
    flat = mpii.replace(crowd[6], joints=np.full((16, 2), 9.0), image="flat.jpg")
    mpii.write_json(tmp_path / "list.json", [crowd[6], flat, crowd[0]])
    read = load_mpii(tmp_path / "list.json")
    for row, name in ((1, "flat"), (2, "a")):
        with pytest.raises(InputError, match=rf"person 0 of {name}\.jpg: the joints span no box"):
            make_pool(read.take(np.array([0, row])))
