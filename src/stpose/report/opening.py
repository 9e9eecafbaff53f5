"""The frame that a video's page opens on: one where there is something to see."""

from collections.abc import Sequence

import pandas as pd


def opening_frame(flow: pd.DataFrame, shown: Sequence[int]) -> int:
    """Return the shown frame in which a person stands out most by motion.

    It is the clearest ratio among the half of the frames in which people move most: where hardly
    anything moves, a ratio may be large and the flow still nothing to look at. Without any ratio
    it is the middle frame; the first one would have no flow.

    Args:
        flow: Rows of the video's flow table (frame, inside, ratio).
        shown: Source frame numbers of which there are pictures, rising, at least one.
    """
    known = flow[flow["frame"].isin(shown)].dropna(subset=["ratio"])
    if known.empty:
        return int(shown[len(shown) // 2])
    moving = known[known["inside"] >= known["inside"].median()]
    return int(moving["frame"].iloc[int(moving["ratio"].to_numpy().argmax())])
