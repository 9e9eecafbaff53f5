"""One file over HTTP: every way in which a server can fail, on the loopback."""

import hashlib
import logging
import os
import shutil
from types import SimpleNamespace

import pytest

from stpose.datasets.dataset import File
from stpose.datasets.download import download
from stpose.errors import InputError

CONTENT = os.urandom(40_000)
BY_HAND = "Ask the authors."


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def get(tmp_path, server, haste):
    """Downloads data.bin with what is published about it."""

    def run(recorded=None, mirror=None, url=None, name="data.bin", **published):
        file = File(url or f"{server.url}/{name}", name, **published)
        record = tmp_path / "SOURCE.json"
        return download(file, tmp_path / "in", BY_HAND, record, recorded, mirror, haste)

    return run


def left_over(tmp_path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "in").rglob("*"))


def test_a_good_file_is_verified_and_stands_alone(tmp_path, server, get):
    server.offer("data.bin", CONTENT)
    fetched = get(checksum=f"sha256:{sha256(CONTENT)}", size=len(CONTENT))
    assert fetched.path.read_bytes() == CONTENT
    assert (fetched.sha256, fetched.verified) == (sha256(CONTENT), "published")
    assert left_over(tmp_path) == ["data.bin"]


def test_md5_is_a_published_checksum_too(server, get):
    server.offer("data.bin", CONTENT)
    assert get(checksum=f"md5:{hashlib.md5(CONTENT).hexdigest().upper()}").verified == "published"


def test_after_a_broken_connection_only_the_rest_is_sent(server, get):
    server.offer("data.bin", CONTENT)
    server.cut_after("data.bin", 15_000)
    server.cut_after("data.bin", 10_000)
    assert get().path.read_bytes() == CONTENT
    assert [(one.range, one.sent) for one in server.asked] == [
        (None, 15_000),
        ("bytes=15000-", 10_000),
        ("bytes=25000-", 15_000),
    ]


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(tmp_path, server, get):
    server.offer("data.bin", CONTENT)
    server.cut_after("data.bin", 9_000)
    for _ in range(3):
        server.answer("data.bin", 503)
    with pytest.raises(InputError, match="answered 503"):
        get()
    assert left_over(tmp_path) == ["data.bin.part", "data.bin.part.json"]
    assert get().path.read_bytes() == CONTENT
    assert (server.asked[-1].range, server.asked[-1].sent) == ("bytes=9000-", 31_000)


def test_failures_count_from_the_last_gain(server, get):
    server.offer("data.bin", CONTENT)
    for step in range(10):
        if step % 2:
            server.answer("data.bin", 502)
        else:
            server.cut_after("data.bin", 3_000)
    assert get().path.read_bytes() == CONTENT


def test_a_server_that_always_breaks_at_the_same_place_is_given_up(server, get):
    server.offer("data.bin", CONTENT, ranges=False)
    for _ in range(10):
        server.cut_after("data.bin", 5_000)
    with pytest.raises(InputError, match="ended after 5000 of 40000 bytes"):
        get()
    assert len(server.asked) == 3


@pytest.mark.parametrize("about", [{"ranges": False}, {"etag": None}, {"etag": 'W/"weak"'}])
def test_without_ranges_or_a_validator_the_whole_is_sent_again(server, get, about):
    server.offer("data.bin", CONTENT, **about)
    server.cut_after("data.bin", 15_000)
    assert get().path.read_bytes() == CONTENT
    assert server.asked[-1].sent == len(CONTENT)


def test_a_file_that_changed_meanwhile_is_not_patched_together(server, get):
    server.offer("data.bin", b"x" * 20_000, etag='"old"')
    server.cut_after("data.bin", 15_000)
    for _ in range(3):
        server.answer("data.bin", 500)
    with pytest.raises(InputError, match="answered 500"):
        get()
    server.offer("data.bin", CONTENT, etag='"new"')
    assert get().path.read_bytes() == CONTENT
    assert (server.asked[-1].range, server.asked[-1].sent) == ("bytes=15000-", len(CONTENT))


def test_what_one_mirror_began_is_not_continued_from_another(server, get):
    server.offer("one/data.bin", b"x" * 40_000)
    server.cut_after("one/data.bin", 15_000)
    server.answer("one/data.bin", 404)
    with pytest.raises(InputError, match="answered 404"):
        get(mirror=f"{server.url}/one")
    server.offer("two/data.bin", CONTENT)
    assert get(mirror=f"{server.url}/two").path.read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_not_sent_again(tmp_path, server, get):
    server.offer("data.bin", CONTENT)
    path = get().path
    (tmp_path / "in" / "data.bin.part").write_bytes(path.read_bytes())
    note = f'{{"url": "{server.url}/data.bin", "validator": "\\"one\\""}}'
    (tmp_path / "in" / "data.bin.part.json").write_text(note)
    path.unlink()
    assert get().path.read_bytes() == CONTENT
    assert server.asked[-1].sent == 0


def test_a_silent_server_is_asked_again(server, get):
    server.offer("data.bin", CONTENT)
    server.stay_silent("data.bin")
    assert get().path.read_bytes() == CONTENT
    assert len(server.asked) == 2


def test_a_server_that_stays_silent_is_given_up(server, get):
    for _ in range(3):
        server.stay_silent("data.bin")
    with pytest.raises(InputError, match=r"silent for 0\.2 s") as caught:
        get()
    assert BY_HAND in str(caught.value)


@pytest.mark.parametrize("code", [403, 404, 410])
def test_a_refusal_is_final_and_says_what_to_do_by_hand(tmp_path, server, get, code):
    server.answer("data.bin", code, body=b"<html>no</html>")
    with pytest.raises(InputError, match=f"answered {code}") as caught:
        get()
    for words in (f"{server.url}/data.bin", BY_HAND, str(tmp_path / "in" / "data.bin")):
        assert words in str(caught.value)
    assert len(server.asked) == 1
    assert left_over(tmp_path) == []


def test_no_server_at_all(server, get):
    server.offer("data.bin", CONTENT)
    with pytest.raises(InputError, match="no answer") as caught:
        get(url="http://127.0.0.1:9/data.bin")
    assert BY_HAND in str(caught.value)


@pytest.mark.parametrize(
    ("published", "says"),
    [
        ({"checksum": f"sha256:{sha256(b'other')}"}, [sha256(CONTENT), sha256(b"other")]),
        ({"checksum": "md5:00"}, [hashlib.md5(CONTENT).hexdigest(), "expected md5:00"]),
        ({"size": 7}, ["40000 bytes", "expected 7"]),
        ({"recorded": sha256(b"first")}, [sha256(CONTENT), sha256(b"first"), "SOURCE.json"]),
    ],
)
def test_a_wrong_file_is_named_with_what_was_expected(tmp_path, server, get, published, says):
    server.offer("data.bin", CONTENT)
    with pytest.raises(InputError) as caught:
        get(**published)
    for words in says:
        assert words in str(caught.value)
    assert left_over(tmp_path) == []


PAGE = b"\n<!DOCTYPE html><html><body>This page has moved.</body></html>"


@pytest.mark.parametrize("name", ["data.zip", "data.tar.gz"])
@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/zip"])
def test_a_web_page_is_no_archive(tmp_path, server, get, name, kind):
    server.offer(name, PAGE, kind=kind)
    with pytest.raises(InputError, match="a web page"):
        get(name=name)
    assert left_over(tmp_path) == []


def test_a_web_page_in_place_of_a_file_is_refused(tmp_path, server, get):
    server.offer("data.bin", PAGE, kind="text/html")
    with pytest.raises(InputError, match="answered with a web page"):
        get()
    assert left_over(tmp_path) == []


def test_a_full_disk_is_noticed_before_the_download(server, get, monkeypatch):
    server.offer("data.bin", CONTENT)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=39_999))
    with pytest.raises(InputError, match=r"needs 40000 bytes more, .* has 39999"):
        get()


def test_an_answer_that_begins_elsewhere_is_not_appended(server, get):
    server.offer("data.bin", CONTENT)
    server.cut_after("data.bin", 15_000)
    server.answer("data.bin", 206, [("Content-Range", "bytes 9-40000/40000")], b"wrong")
    assert get().path.read_bytes() == CONTENT


def test_redirects_are_followed_also_when_going_on(server, get):
    server.offer("new/data.bin", CONTENT)
    server.cut_after("new/data.bin", 15_000)
    for _ in range(2):
        server.answer("data.bin", 302, [("Location", "/new/data.bin")])
    assert get().path.read_bytes() == CONTENT
    assert server.asked[-1].sent == len(CONTENT) - 15_000


def test_a_mirror_stands_in_for_the_official_address(server, get):
    server.offer("ours/data.bin", CONTENT)
    fetched = get(url="http://127.0.0.1:9/official", mirror=f"{server.url}/ours/")
    assert fetched.url == f"{server.url}/ours/data.bin"


def test_a_file_put_there_by_hand_is_verified_and_kept(tmp_path, server, get):
    path = tmp_path / "in" / "data.bin"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    assert get(checksum=f"sha256:{sha256(CONTENT)}").url is None
    with pytest.raises(InputError, match="expected 7; remove it"):
        get(size=7)
    assert path.read_bytes() == CONTENT
    assert server.asked == []


def test_trust_on_first_use_is_told(server, get, caplog):
    server.offer("data.bin", CONTENT)
    with caplog.at_level(logging.WARNING):
        assert get().verified is None
    assert f"sha256 {sha256(CONTENT)} is trusted" in caplog.text


def test_the_log_has_a_line_for_each_tenth(server, get, caplog):
    server.offer("data.bin", os.urandom(30 << 18))
    with caplog.at_level(logging.INFO):
        get()
    lines = [line for line in caplog.messages if f" of {30 << 18} bytes" in line]
    assert 5 <= len(lines) <= 11
