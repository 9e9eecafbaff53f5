"""One embedding on the posture benchmark of J-HMDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from stpose.benchmarks.jhmdb_posture.construction import make_posture_set
from stpose.benchmarks.jhmdb_posture.data import is_annotated
from stpose.benchmarks.jhmdb_posture.rule import Rule

BENCHMARK = "jhmdb-posture"


@contextmanager
def posture_set(data: Path) -> Iterator[Path]:
    """Give a folder in the published format.

    Args:
        data: Such a folder; or one of J-HMDB with joints, from which the set is made by the
            default rule and thrown away at the end.

    Raises:
        InputError: The set cannot be made from the folder.
    """
    if not is_annotated(data):
        yield data
        return
    with TemporaryDirectory(prefix="stpose-") as folder:
        made = Path(folder) / "jhmdb_posture"
        make_posture_set(data, made, Rule())
        yield made
