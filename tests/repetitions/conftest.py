"""Feature sequences whose repetitions are known."""

import numpy as np
import pytest


@pytest.fixture
def periodic():
    """Return a maker of features (n, D) that go through the same poses again and again."""

    def make(periods, dimensions=48, noise=0.1, still=0, seed=0):
        """One cycle for each length in `periods` (frames), after `still` frames of rest."""
        rng = np.random.default_rng(seed)
        phase = np.concatenate([np.arange(length) / length for length in periods])
        phase = np.concatenate([np.zeros(still), phase])
        mixes = rng.normal(size=(4, dimensions)) / np.array([[1], [1], [2], [2]])
        angle = 2 * np.pi * phase[:, None]
        waves = np.hstack([np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)])
        base = rng.normal(size=dimensions) * 2
        return base + waves @ mixes + noise * rng.normal(size=(len(phase), dimensions))

    return make
