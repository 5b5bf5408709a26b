"""A report's file is whole or as it was, wherever it is asked to be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.conftest import Typist
from wksbm_cli.cli.files import replace_report
from wksbm_cli.domain.problem import Trouble


def test_folders_on_the_way_are_made_and_nothing_is_left_beside(tmp_path: Path) -> None:
    path = tmp_path / "laporan" / "rt-07" / "2026-02.txt"
    replace_report(path, "pertama\n")
    replace_report(path, "kedua · Rp5.000\n")
    assert path.read_bytes() == "kedua · Rp5.000\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    replace_report(tmp_path / "a.xlsx", b"PK\x00\r\n")
    assert (tmp_path / "a.xlsx").read_bytes() == b"PK\x00\r\n"


def test_rights_stay_and_a_link_keeps_leading_where_it_leads(tmp_path: Path) -> None:
    real = tmp_path / "www" / "index.html"
    replace_report(real, "lama")
    real.chmod(0o640)
    link = tmp_path / "terbaru.html"
    link.symlink_to(real)
    replace_report(link, "baru")
    assert link.is_symlink() and real.read_text() == "baru"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, Path(), Path("/")):
        with pytest.raises(Trouble, match="a folder"):
            replace_report(path, "x")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "laporan").write_text("a file")
    with pytest.raises(Trouble, match="not a folder"):
        replace_report(tmp_path / "laporan" / "a.txt", "x")
    assert (tmp_path / "laporan").read_text() == "a file"


@pytest.mark.parametrize("name", ["x" * 300, "\N{GRINNING FACE}" * 100])
def test_a_name_too_long_is_told_as_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble, match="too long"):
        replace_report(tmp_path / name, "x")
    assert list(tmp_path.iterdir()) == []


def test_the_longest_names_there_are_can_be_written(tmp_path: Path) -> None:
    for name in ("x" * 255, "\N{GRINNING FACE}" * 63):
        replace_report(tmp_path / name, "isi")
        assert (tmp_path / name).read_text() == "isi"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    replace_report(path, "lama")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(Trouble, match="may not be written"):
            replace_report(path, "baru")
        assert path.read_text() == "lama"
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("refusal", ["write", "fsync", "replace"])
def test_on_a_full_disk_the_old_file_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: str) -> None:
    path = tmp_path / "a.txt"
    replace_report(path, "lama")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if refusal == "write":
        path.unlink()
        path.symlink_to("/dev/full")  # where every write finds the disk full
    elif refusal == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Trouble, match="disk is full"):
        replace_report(path, "baru")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    if refusal != "write":
        assert path.read_text() == "lama"


def test_a_pipe_or_device_is_written_to_and_never_replaced() -> None:
    replace_report(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device()


def test_a_ring_of_links_is_told(tmp_path: Path) -> None:
    one, two = tmp_path / "satu", tmp_path / "dua"
    one.symlink_to(two)
    two.symlink_to(one)
    with pytest.raises(Trouble):
        replace_report(one, "x")


def test_what_no_file_can_be_called_is_refused_in_words(typist: Typist) -> None:
    for name, told in (
        ("\ud800", "'\\ud800' holds a character that no file name can have.\n"),
        ("a\0b", "The text 'a\\x00b' holds a line break or a control character.\n"),
    ):
        answer = typist("review", name, lang="en")
        assert (answer.code, answer.err) == (2, told)
