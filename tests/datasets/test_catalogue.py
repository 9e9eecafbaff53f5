"""The catalogue of datasets is whole and safe to use."""

import re
from pathlib import PurePosixPath
from typing import get_args

import pytest

from stpose.datasets.catalogue import DATASETS, OLYMPIC_SPORTS_LABELS, find_dataset
from stpose.errors import InputError
from stpose.settings.datasets import DatasetName

FILES = [(dataset, file) for dataset in DATASETS for file in dataset.files]


def test_every_name_of_the_settings_is_there_once():
    assert [dataset.name for dataset in DATASETS] == list(get_args(DatasetName))


def test_every_dataset_says_what_its_users_must_know():
    for dataset in DATASETS:
        assert dataset.files
        for text in (dataset.title, dataset.licence, dataset.by_hand, dataset.citation):
            assert text, dataset.name


def test_files_are_well_formed():
    for dataset, file in FILES:
        assert re.match(r"https?://\w", file.url), file.url
        assert file.url.endswith(PurePosixPath(file.name).name)
        assert ".." not in file.name
        assert not PurePosixPath(file.name).is_absolute()
        assert (file.archive is None) == (not file.holds), f"{dataset.name}: {file.name}"
        if file.checksum is not None:
            assert re.fullmatch(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}", file.checksum)


def test_no_two_files_of_a_dataset_share_a_name():
    for dataset in DATASETS:
        assert len({file.name for file in dataset.files}) == len(dataset.files)


def test_an_unknown_name_is_answered_with_the_known_ones():
    assert find_dataset("quva").title == "QUVA Repetition"
    with pytest.raises(InputError, match="'lps' is no dataset, expected one of lsp, lsp_extended"):
        find_dataset("lps")


def test_names_of_the_posture_labels_are_those_of_the_published_ones(shared_data):
    folder = shared_data / "olympic_sports"
    known = {file.name for file in OLYMPIC_SPORTS_LABELS.files}
    there = [*folder.glob("labels_hdf5_*/*.hdf5"), *folder.glob("image_pathes/*.txt")]
    assert there
    assert {path.relative_to(folder).as_posix() for path in there} <= known
