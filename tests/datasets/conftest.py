"""A server on the loopback whose every misbehaviour a test can order."""

import io
import threading
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stpose.datasets.download import Patience

HASTE = Patience(timeout_s=0.2, attempts=3, wait_s=0.01)


@dataclass
class Asked:
    """A request as the server saw it: the path, its Range header, and bytes of the body sent."""

    path: str
    range: str | None
    sent: int = 0


@dataclass
class Offer:
    """A file as the server has it."""

    content: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    kind: str = "application/octet-stream"


Behaviour = Callable[[BaseHTTPRequestHandler, Offer | None, Asked], None]


@dataclass
class Server:
    """What is on offer, what is to go wrong first, and what was asked for."""

    url: str
    offers: dict[str, Offer] = field(default_factory=dict)
    mishaps: dict[str, list[Behaviour]] = field(default_factory=lambda: defaultdict(list))
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def offer(self, path: str, content: bytes, **about) -> str:
        self.offers[path] = Offer(content, **about)
        return f"{self.url}/{path}"

    def cut_after(self, path: str, count: int) -> None:
        """Once, break the connection after so many bytes of the body."""

        def cut(handler, offer, asked):
            serve(handler, offer, asked, most=count)

        self.mishaps[path].append(cut)

    def stay_silent(self, path: str) -> None:
        """Once, accept the request and say nothing."""
        self.mishaps[path].append(lambda *_: self.closing.wait(5))

    def answer(self, path: str, status: int, headers=(), body: bytes = b"") -> None:
        """Once, answer with a status."""

        def respond(handler, _offer, asked):
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
            asked.sent = len(body)

        self.mishaps[path].append(respond)


def serve(handler, offer: Offer, asked: Asked, most: int | None = None) -> None:
    """Send a file, or the part that is asked for, or no more than `most` bytes of it."""
    start, total = 0, len(offer.content)
    condition = handler.headers.get("If-Range")
    if offer.ranges and asked.range and condition in (None, offer.etag):
        start = int(asked.range.removeprefix("bytes=").rstrip("-"))
    if start >= total > 0:
        handler.send_response(416)
        handler.send_header("Content-Range", f"bytes */{total}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
    if offer.etag:
        handler.send_header("ETag", offer.etag)
    handler.send_header("Content-Type", offer.kind)
    handler.send_header("Content-Length", str(total - start))
    handler.end_headers()
    body = offer.content[start:][:most]
    handler.wfile.write(body)
    asked.sent = len(body)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.lstrip("/")
            asked = Asked(path, self.headers.get("Range"))
            known.asked.append(asked)
            with suppress(ConnectionError):
                if known.mishaps[path]:
                    known.mishaps[path].pop(0)(self, known.offers.get(path), asked)
                elif path in known.offers:
                    serve(self, known.offers[path], asked)
                else:
                    self.send_error(404)

        def log_message(self, *_):
            pass

    host = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.daemon_threads = True
    known = Server(f"http://127.0.0.1:{host.server_port}")
    thread = threading.Thread(target=host.serve_forever, args=(0.02,))
    thread.start()
    yield known
    known.closing.set()
    host.shutdown()
    thread.join()
    host.server_close()


@pytest.fixture(scope="session")
def haste() -> Patience:
    """The patience of a test."""
    return HASTE


@pytest.fixture(scope="session")
def zipped() -> Callable[[dict[str, bytes]], bytes]:
    """What makes the bytes of a zip archive out of names and contents."""

    def make(members: dict[str, bytes]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            for name, content in members.items():
                file.writestr(name, content)
        return buffer.getvalue()

    return make
