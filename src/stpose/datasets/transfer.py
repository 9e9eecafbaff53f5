"""One attempt at fetching a file over HTTP, going on where an earlier attempt ended.

What has come so far is in a `.part` file; a note beside it holds the validator (ETag or
Last-Modified) under which the server offered it. The rest is asked for with `Range` and
`If-Range`, so a server whose file has changed, or that knows no ranges, sends the whole file
anew (RFC 9110, sections 13.1.5 and 14.2).
"""

import json
import logging
import shutil
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from ssl import SSLCertVerificationError, SSLError
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tqdm import tqdm

from stpose.artefacts.files import replace_atomically
from stpose.version import VERSION

_CHUNK = 1 << 18
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})

_log = logging.getLogger(__name__)


class TransferInterruptedError(Exception):
    """The transfer ended early; another attempt may go on from there."""


class TransferRefusedError(Exception):
    """The server, or the disk, will not have it; another attempt would end the same way."""


def transfer(url: str, part: Path, timeout_s: float) -> None:
    """Fetch a file, or what is missing of it, into a `.part` file.

    Args:
        url: Its address, http or https; redirects are followed.
        part: Where it goes. Its folder exists.
        timeout_s: Longest silence of the server, s.

    Raises:
        TransferInterruptedError: No answer, an answer that asks for patience, or half a file.
        TransferRefusedError: Any other answer than the file, a web page in its place, or too
            little room on the disk.
    """
    headers = {"User-Agent": f"stpose/{VERSION}", "Accept-Encoding": "identity"}
    offset, validator = _resumable(url, part)
    if validator:
        headers |= {"Range": f"bytes={offset}-", "If-Range": validator}
    try:
        with urlopen(Request(url, headers=headers), timeout=timeout_s) as response:
            _receive(url, response, part, offset)
    except HTTPError as error:
        error.close()
        _explain_refusal(error, part, offset)
    except URLError as error:
        if isinstance(error.reason, SSLCertVerificationError):
            message = f"its certificate is not trusted ({error.reason})"
            raise TransferRefusedError(message) from error
        message = f"no answer ({error.reason})"
        raise TransferInterruptedError(message) from error
    except TimeoutError as error:
        message = f"silent for {timeout_s:g} s after {_size(part)} bytes"
        raise TransferInterruptedError(message) from error
    except (ConnectionError, HTTPException, SSLError) as error:
        message = f"the connection broke after {_size(part)} bytes ({error})"
        raise TransferInterruptedError(message) from error


def forget(part: Path) -> None:
    """Remove a `.part` file and its note."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _receive(url: str, response: HTTPResponse, part: Path, offset: int) -> None:
    """Write an answer into the `.part` file."""
    if response.headers.get_content_type() == "text/html":
        message = f"answered with a web page ({response.url})"
        raise TransferRefusedError(message)
    length = response.headers.get("Content-Length")
    if response.status == 206:
        start, total = _range(response.headers.get("Content-Range", ""))
        if start != offset:
            forget(part)
            message = f"sent bytes from {start}, asked for those from {offset}"
            raise TransferInterruptedError(message)
    else:
        if offset:
            _log.info("%s: starting anew, %d bytes are of no use", part.name, offset)
        offset, total = 0, None if length is None else int(length)
        forget(part)
        _write_note(url, response, part)
    free = shutil.disk_usage(part.parent).free
    if total is not None and total - offset > free:
        message = f"needs {total - offset} bytes more, {part.parent} has {free}"
        raise TransferRefusedError(message)
    _append(response, part, offset, total)
    if total is not None and _size(part) != total:
        message = f"ended after {_size(part)} of {total} bytes"
        raise TransferInterruptedError(message)


def _append(response: HTTPResponse, part: Path, offset: int, total: int | None) -> None:
    """Append the body of an answer, with progress on a terminal or in plain lines."""
    _log.info("%s: from byte %d of %s", part.name, offset, total or "an unknown number")
    tenth = None if not total else 10 * offset // total
    bar = tqdm(total=total, initial=offset, desc=part.stem, unit="B", unit_scale=True, disable=None)
    with bar, part.open("ab") as file:
        while chunk := response.read(_CHUNK):
            file.write(chunk)
            bar.update(len(chunk))
            offset += len(chunk)
            if total and 10 * offset // total != tenth:
                tenth = 10 * offset // total
                _log.info("%s: %d of %d bytes", part.name, offset, total)


def _explain_refusal(error: HTTPError, part: Path, offset: int) -> None:
    """Raise what an error status means; a whole file of which nothing is missing is none."""
    if error.code == 416:
        _, total = _range(error.headers.get("Content-Range", ""))
        if total == offset:
            return
        forget(part)
    message = f"answered {error.code} {error.reason}"
    if error.code == 416 or error.code in _TRY_AGAIN:
        raise TransferInterruptedError(message) from error
    raise TransferRefusedError(message) from error


def _resumable(url: str, part: Path) -> tuple[int, str]:
    """Return how many bytes are there and under which validator; (0, "") if it is of no use."""
    try:
        known = json.loads(_note(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _size(part), ""
    usable = known.get("url") == url and _size(part) > 0
    return (_size(part), known.get("validator", "")) if usable else (_size(part), "")


def _write_note(url: str, response: HTTPResponse, part: Path) -> None:
    etag = response.headers.get("ETag", "")
    # A weak validator may stay the same though bytes differ.
    validator = etag if etag.startswith('"') else response.headers.get("Last-Modified", "")
    with replace_atomically(_note(part)) as temporary:
        temporary.write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")


def _range(text: str) -> tuple[int | None, int | None]:
    """Return start and total of a Content-Range such as "bytes 5-9/10" or "bytes */10"."""
    span, _, total = text.removeprefix("bytes ").partition("/")
    start = span.partition("-")[0]
    return int(start) if start.isdigit() else None, int(total) if total.isdigit() else None


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0
