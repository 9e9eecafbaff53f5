"""Archives: the wanted folder is found, and nothing lands outside."""

import io
import tarfile
import zipfile

import pytest

from stpose.datasets.unpack import merge, unpack
from stpose.errors import InputError


def write_tar(path, members, compression="gz"):
    with tarfile.open(path, f"w:{compression}") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                file.addfile(info)
            else:
                info.size = len(content)
                file.addfile(info, io.BytesIO(content))


def write_zip(path, members):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)


KINDS = {"zip": write_zip, "tar": write_tar}


@pytest.fixture(params=KINDS)
def opened(request, tmp_path):
    """Writes an archive of each kind and unpacks it."""

    def run(members, *holds):
        archive = tmp_path / "archive"
        KINDS[request.param](archive, members)
        folder = tmp_path / "deep" / "in"
        folder.mkdir(parents=True)
        return unpack(archive, request.param, folder, holds)

    return run


@pytest.mark.parametrize("around", ["", "lsp_dataset/", "home/sam/lsp_dataset/"])
def test_the_folder_is_found_by_what_it_holds(opened, around):
    found = opened(
        {
            f"{around}joints.mat": b"j",
            f"{around}images/im0001.jpg": b"1",
            f"{around}visualized/im0001.jpg": b"v",
        },
        "joints.mat",
        "images/im*",
    )
    assert (found / "joints.mat").read_bytes() == b"j"
    assert (found / "images" / "im0001.jpg").read_bytes() == b"1"


def test_what_macos_adds_is_left_out(opened):
    found = opened(
        {
            "__MACOSX/videos/clap/._a.avi": b"junk",
            "videos/.DS_Store": b"junk",
            "videos/.AppleDouble/b/c.avi": b"junk",
            "videos/clap/._a.avi": b"junk",
            "videos/clap/a.avi": b"a",
        },
        "*/*.avi",
    )
    assert found.name == "videos"
    assert [path.name for path in found.rglob("*") if path.is_file()] == ["a.avi"]


def test_another_archive_is_named_with_what_it_holds(opened):
    with pytest.raises(InputError, match=r"holds other, expected a folder with joints\.mat and im"):
        opened({"other/x.txt": b"x"}, "joints.mat", "images/im*")


@pytest.mark.parametrize("member", ["../../evil", "in/../../../evil"])
def test_no_member_leads_outside(opened, tmp_path, member):
    with pytest.raises(InputError, match="leads outside"):
        opened({"good": b"g", member: b"e"}, "good")
    assert not list(tmp_path.rglob("evil"))


def test_an_absolute_member_of_a_zip_is_refused(tmp_path):
    write_zip(tmp_path / "a", {"good": b"g", f"{tmp_path}/evil": b"e"})
    with pytest.raises(InputError, match="leads outside"):
        unpack(tmp_path / "a", "zip", tmp_path, ["good"])
    assert not (tmp_path / "evil").exists()


def test_a_link_of_a_tar_that_leads_outside_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    write_tar(tmp_path / "a", {"link": "../..", "link/evil": b"e"})
    with pytest.raises(InputError, match="'link', which leads outside"):
        unpack(tmp_path / "a", "tar", tmp_path / "in", ["*"])
    assert not list(tmp_path.parent.glob("evil"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_archive_is_called_damaged(tmp_path, kind):
    path = tmp_path / "archive"
    KINDS[kind](path, {"a": bytes(range(256)) * 400, "b": b"b"})
    path.write_bytes(path.read_bytes()[:-300])
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError, match="archive: damaged"):
        unpack(path, kind, tmp_path / "in", ["a"])


def test_folders_of_two_archives_are_merged(tmp_path):
    for name, path in (("one", "Venus/frame10.png"), ("two", "Venus/flow10.flo")):
        file = tmp_path / name / path
        file.parent.mkdir(parents=True)
        file.write_text(name)
    merge(tmp_path / "one", tmp_path / "all")
    merge(tmp_path / "two", tmp_path / "all")
    names = sorted(path.name for path in (tmp_path / "all" / "Venus").iterdir())
    assert names == ["flow10.flo", "frame10.png"]


def test_a_file_in_two_archives_is_refused(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(name)
    merge(tmp_path / "one", tmp_path / "all")
    with pytest.raises(InputError, match=r"a\.txt: is in two archives"):
        merge(tmp_path / "two", tmp_path / "all")
    assert (tmp_path / "all" / "a.txt").read_text() == "one"


def test_a_member_that_no_file_can_be_called_is_damage(opened):
    with pytest.raises(InputError, match="damaged"):
        opened({"x" * 300: b"x"}, "x*")
