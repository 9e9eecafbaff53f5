import numpy as np

from stpose.flow.picture import flow_picture


def test_colours_show_direction_length_and_unknown():
    flow = np.array([[[0, 0], [4, 0], [0, 4], [-4, 0], [0, -4], [2, 0], [np.nan, 0]]], np.float32)
    picture = flow_picture(flow, longest=4)[0].astype(int)
    assert picture.shape == (7, 3)
    assert picture[0].tolist() == [255, 255, 255]
    assert picture[1].tolist() == [0, 0, 255]
    assert picture[3].tolist() == [255, 255, 0]
    assert len({tuple(colour) for colour in picture[1:5]}) == 4
    assert picture[5].tolist() == [128, 128, 255]
    assert picture[6].tolist() == [0, 0, 0]


def test_still_and_unknown_flows():
    assert (flow_picture(np.zeros((3, 4, 2))) == 255).all()
    assert (flow_picture(np.full((3, 4, 2), np.nan)) == 0).all()
