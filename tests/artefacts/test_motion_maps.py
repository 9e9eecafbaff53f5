"""Motion maps as bytes."""

import numpy as np
import pytest

from stpose.artefacts.motion_maps import decode_motion, encode_motion
from stpose.errors import ArtefactError


def test_lengths_come_back_within_a_level():
    magnitude = np.random.default_rng(0).gamma(1.0, 3.0, (30, 40)).astype(np.float32)
    found = decode_motion(encode_motion(magnitude, 40, largest=32.0), 32.0, "map")
    wanted = np.minimum(magnitude, 32)
    # A level is 1/255 of the root, so a length is off by at most half a level's slope.
    bound = 32 * (np.sqrt(wanted / 32) / 255 + (0.5 / 255) ** 2) + 1e-6
    assert (np.abs(found - wanted) <= bound).all()


def test_a_large_map_is_averaged_down():
    magnitude = np.zeros((60, 80), np.float32)
    magnitude[:4, :4] = 16
    found = decode_motion(encode_motion(magnitude, 20, largest=32.0), 32.0, "map")
    assert found.shape == (15, 20)
    assert found[0, 0] == pytest.approx(16, abs=0.2)
    assert np.count_nonzero(found) == 1


def test_damage_is_named():
    with pytest.raises(ArtefactError, match=r"flow/a\.h5: map 3 cannot be decoded"):
        decode_motion(b"nothing", 1.0, "flow/a.h5: map 3")
