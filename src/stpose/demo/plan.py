"""Which demo videos there are; imports nothing heavy, so that a workflow can ask for it."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from stpose.settings.demo import DemoSettings

MOTIONS = ("running", "jumping_jacks", "squats", "throws", "walking", "lift", "spin")
FIRST_HELDOUT_PERSON = 5001


@dataclass(frozen=True)
class DemoVideo:
    """One video of the demo.

    Attributes:
        name: Path below the videos folder, with forward slashes.
        motion: One of `MOTIONS`.
        person: Number of the main person; nobody appears in two videos.
        seed: Seed of everything drawn for this video, other than every other video's.
        heldout: True for the videos that only the benchmarks are made from.
    """

    name: str
    motion: str
    person: int
    seed: tuple[int, int]
    heldout: bool

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return str(PurePosixPath(self.name).with_suffix(""))


def planned_videos(settings: DemoSettings, heldout: bool = False) -> tuple[DemoVideo, ...]:
    """Return the videos for training, or with `heldout` those for the benchmarks.

    The two sets share no person, clothes, background or camera path. A video does not depend
    on how many others there are: with more videos asked for, the first ones stay the same.
    """
    count = settings.heldout_videos if heldout else settings.videos
    first = FIRST_HELDOUT_PERSON if heldout else 1
    return tuple(
        _video(MOTIONS[i % len(MOTIONS)], first + i, settings.seed, heldout) for i in range(count)
    )


def _video(motion: str, person: int, seed: int, heldout: bool) -> DemoVideo:
    name = f"{motion}/person_{person:02d}.mp4"
    return DemoVideo(name, motion, person, (seed, person), heldout)
