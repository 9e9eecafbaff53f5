"""Parts that are drawn once."""

import json

import numpy as np
import pytest

from stpose.artefacts.documents import write_document
from stpose.artefacts.header import KEY
from stpose.artefacts.provenance import derive
from stpose.benchmarks.mpii import split as module
from stpose.benchmarks.mpii.people import make_people
from stpose.benchmarks.mpii.split import draw_split, read_split, write_split
from stpose.errors import ArtefactError, InputError


def make_crowd(path, images, seed=0, missing=()):
    """Return people of whom `images[i]` are in image i; some lack a joint."""
    names = [f"{image:04d}.jpg" for image, count in enumerate(images) for _ in range(count)]
    numbers = [number for count in images for number in range(count)]
    joints = np.random.default_rng(seed).uniform(5, 90, (len(names), 16, 2))
    present = np.ones((len(names), 16), bool)
    present[list(missing), 3] = False
    path.write_text("[]")
    return make_people(path, names, numbers, joints, present, present)


@pytest.fixture
def people(tmp_path):
    counts = np.random.default_rng(3).integers(1, 6, 120).tolist()
    return make_crowd(tmp_path / "list.json", counts, missing=range(0, 300, 7))


def images_of(people, rows):
    return {people.images[row] for row in rows}


def test_no_image_is_in_two_parts(people):
    for seed in range(5):
        split = draw_split(people, seed)
        parts = [split.train, split.queries, split.gallery]
        for one in range(3):
            assert people.present[parts[one]].all()
            assert len(set(parts[one].tolist())) == len(parts[one]) > 0
            for other in range(one):
                assert not images_of(people, parts[one]) & images_of(people, parts[other])


def test_parts_keep_the_proportions_of_the_paper(people):
    count = len(people.complete())
    split = draw_split(people, 0)
    assert len(split.queries) == count * 1919 // 19919
    assert len(split.gallery) == count * 8000 // 19919
    # At each of the two boundaries at most the rest of an image is lost.
    assert count * 10000 // 19919 - 10 <= len(split.train) <= count * 10000 // 19919


def test_more_people_than_the_paper_has_are_not_used(people, monkeypatch):
    monkeypatch.setattr(module, "PARTS", {"queries": 7, "gallery": 20, "train": 30})
    assert draw_split(people, 1).counts() == {"train": 30, "queries": 7, "gallery": 20}


def test_the_draw_hangs_on_the_seed_alone(people):
    again, other = draw_split(people, 0), draw_split(people, 1)
    first = draw_split(people, 0)
    np.testing.assert_array_equal(first.gallery, again.gallery)
    assert set(first.gallery.tolist()) != set(other.gallery.tolist())
    # The same people in another order, as another file might have them.
    order = np.random.default_rng(0).permutation(len(people))
    shuffled = people.take(order)
    for part in ("train", "queries", "gallery"):
        rows = order[getattr(draw_split(shuffled, 0), part)]
        assert sorted(rows.tolist()) == getattr(first, part).tolist()


def test_a_file_names_people(tmp_path, people):
    split = draw_split(people, 5)
    write_split(tmp_path / "split.json", people, split, 5)
    content = json.loads((tmp_path / "split.json").read_text())
    assert content["seed"] == 5
    assert content["counts"] == split.counts()
    assert content["complete_people"] == len(people.complete())
    image, number = content["parts"]["queries"][0]
    row = split.queries[0]
    assert (people.images[row], people.person[row]) == (image, number)
    # Other rows, the same people.
    order = np.random.default_rng(2).permutation(len(people))
    read = read_split(tmp_path / "split.json", people.take(order))
    for part in ("train", "queries", "gallery"):
        assert sorted(order[getattr(read, part)].tolist()) == getattr(split, part).tolist()
    assert read.origin == str(tmp_path / "split.json")


def change(path, edit):
    content = json.loads(path.read_text())
    header = content.pop(KEY)
    edit(content)
    write_document(path, header["kind"], header["version"], content, derive("test", "{}"))


def test_files_that_do_not_fit_are_explained(tmp_path, people):
    path = tmp_path / "split.json"
    with pytest.raises(ArtefactError, match="no such file"):
        read_split(path, people)
    incomplete = next(row for row in range(len(people)) if not people.present[row].all())
    lacking = [people.images[incomplete], int(people.person[incomplete])]
    split = draw_split(people, 0)
    row = split.train[0]
    trained = [people.images[row], int(people.person[row])]
    for edit, message in (
        (lambda parts: parts["gallery"].append(["x.jpg", 0]), "gallery: person 0 of x.jpg is not"),
        (lambda parts: parts["train"].append(lacking), "person . of .*jpg lacks joints in"),
        (lambda parts: parts["queries"].append(trained), "is in queries and in train"),
        (lambda parts: parts["train"].append(parts["train"][0]), "names a person twice"),
        (lambda parts: parts.pop("train"), "no list 'train' of"),
        (lambda parts: parts["train"].append("x.jpg"), "no list 'train' of"),
    ):
        write_split(path, people, split, 0)
        change(path, lambda content, edit=edit: edit(content["parts"]))
        with pytest.raises(InputError, match=message):
            read_split(path, people)


def test_too_few_people_are_explained(tmp_path):
    few = make_crowd(tmp_path / "few.json", [1] * 10)
    with pytest.raises(InputError, match="10 people with all joints, expected at least 11"):
        draw_split(few, 0)
    assert draw_split(make_crowd(tmp_path / "few.json", [1] * 11), 0).counts()["queries"] == 1
