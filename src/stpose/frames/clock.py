"""Times of frames that always increase, whatever the container says."""

import math
from dataclasses import dataclass


@dataclass
class Clock:
    """Turns the container's timestamps into times that always increase.

    A timestamp that is missing or does not increase is replaced by counting on from the frame
    before at the nominal rate.
    """

    fps: float
    replaced: int = 0
    _last: tuple[int, float] | None = None

    def tick(self, number: int, milliseconds: float) -> float:
        """Return the time (s) of frame `number`, whose timestamp is `milliseconds`."""
        time = milliseconds / 1000
        if self._last is None:
            if not math.isfinite(time):
                time = number / self.fps
        elif not math.isfinite(time) or time <= self._last[1]:
            time = self._last[1] + (number - self._last[0]) / self.fps
            self.replaced += 1
        self._last = (number, time)
        return time
