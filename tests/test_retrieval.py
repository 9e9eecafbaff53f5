"""Examples of neighbours: learned ones and those by chance."""

import numpy as np

from stpose.retrieval import one_a_video


def test_each_neighbour_is_of_another_video():
    distance = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    video = np.array([0, 0, 1, 1, 2, 3])
    assert one_a_video(distance, video, 0, 2) == [2, 4]
    assert one_a_video(distance, video, 0, 9) == [2, 4, 5]


def test_a_query_is_never_its_own_neighbour():
    assert one_a_video(np.zeros(3), np.zeros(3, int), 1, 5) == []
