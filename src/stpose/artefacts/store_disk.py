"""The disk under a store that is being written: what goes wrong there is told in the end.

HDF5 crashes when it closes a file that it could not write, on a full disk for one. So it is told
that all went well, and who writes the store is told what did not.
"""

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import h5py

# In this form of HDF5 metadata have checksums; in the earliest, damage to them can make the
# library loop for ever.
_FORM = ("v110", "v110")


class StoreDisk(io.RawIOBase):
    """A file that keeps the first error of writing to itself until it is asked."""

    def __init__(self, path: Path) -> None:
        """Make the file."""
        self._file = path.open("w+b", buffering=0)
        self._error: OSError | None = None

    def check(self) -> None:
        """Raise what went wrong so far.

        Raises:
            OSError: Something did.
        """
        if self._error is not None:
            raise self._error

    def write(self, data: "memoryview | bytes") -> int:  # type: ignore[override]
        """Write all of it, or keep the error and forget the rest."""
        view = memoryview(data).cast("B")
        done = 0
        try:
            while self._error is None and done < len(view):
                done += self._file.write(view[done:])
        except OSError as error:
            self._error = error
        return len(view)

    def truncate(self, size: int | None = None) -> int:
        """Set the file's length."""
        try:
            return self._file.truncate(size)
        except OSError as error:
            self._error = self._error or error
            return size or 0

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Read into a buffer."""
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


@contextmanager
def new_store_file(path: Path) -> Iterator[tuple[h5py.File, StoreDisk]]:
    """Open a new HDF5 file for writing.

    Raises:
        OSError: It could not be written in full. What HDF5 says of it is of no interest then.
    """
    with closing(StoreDisk(path)) as disk:
        try:
            with h5py.File(disk, "w", libver=_FORM) as file:
                yield file, disk
        finally:
            disk.check()
