"""Logging of a rule's script: plain lines in a file, and errors where people look."""

import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Send all that is logged or written to standard error into a file while the block runs.

    This catches what libraries in C write as well (FFmpeg does). An error leaves its traceback
    in the file and its message, with the name of the file, on the real standard error.

    Args:
        path: The log file, written anew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    terminal = os.dup(2)
    with path.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 2)
        logging.basicConfig(
            level=logging.INFO,
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
            force=True,
        )
        logging.captureWarnings(True)
        try:
            yield
        except Exception as error:
            traceback.print_exc()
            os.write(terminal, f"{type(error).__name__}: {error} (see {path})\n".encode())
            raise SystemExit(1) from error
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
