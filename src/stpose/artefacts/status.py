"""Whether a video went well so far, and if not, why."""

from dataclasses import dataclass

CODES = ("ok", "unreadable", "no_frames", "too_short", "no_person")


@dataclass(frozen=True)
class Status:
    """The state of a video after a stage.

    Attributes:
        code: One of `CODES`; anything but "ok" takes the video out of the later stages.
        reason: A sentence for people; empty when all is well.
    """

    code: str
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse codes that no reader would know."""
        if self.code not in CODES or not isinstance(self.reason, str):
            message = f"status {self.code!r}, {self.reason!r}: expected one of {', '.join(CODES)}"
            raise ValueError(message)

    @classmethod
    def ok(cls) -> "Status":
        """Return the status of a video with which nothing is wrong."""
        return cls("ok")

    @property
    def is_ok(self) -> bool:
        """Tell whether later stages should work on the video."""
        return self.code == "ok"
