"""Pages follow ids that changed, and hold the exit codes written on them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.transcript import Ids, performed

SETTING = "---\nclock: 2026-02-01T19:00:00+07:00\nby: siti\nlang: en\n---\n"


def test_an_id_that_changed_is_followed_wherever_it_is_named() -> None:
    ids = Ids()
    ids.learn(
        "recorded b07d51e2\n  aaaaaaaa  2026-02-01  Rp5.000\n  cccccccc  2026-02-02  Rp7.000\n",
        "recorded 0123abcd\n  33333333   2026-02-02  Rp7.000\n  1111aaaa   2026-02-01  Rp5.000\n",
    )
    assert ids.follow("wksbm reverse b07d, aaaaaaaa and cccc") == "wksbm reverse 0123, 1111aaaa and 3333"
    assert ids.follow("an amount of 5000, a word like dead-end and b07d51e2-aa") == (
        "an amount of 5000, a word like dead-end and b07d51e2-aa"
    )


def test_an_id_in_full_may_get_more_digits() -> None:
    ids = Ids()
    ids.learn("b07d51e2a9c4 = { x }\n", "3f9a0c17be42b07d51e2a9c4aabbccdd = { x }\n")
    assert ids.follow("b07d51e2a9c4 or b07d51e2") == "3f9a0c17be42 or 3f9a0c17"


def test_a_page_is_written_anew_with_its_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"""{SETTING}
```console
$ wksbm init Melati
$ wksbm org add rt-07 "RT 07"
$ wksbm fund add rt-07/kas Kas --type social
$ wksbm income kas 5000 --from Bank
```
"""
    (tmp_path / "now").mkdir()
    now = performed(page, tmp_path / "now", monkeypatch)
    found = re.search(r"\b(?=\d*[a-f])[0-9a-f]{8}\b", now)
    assert found is not None
    old = now.replace(found[0], "beefbeef") + (
        "\n```console\n$ wksbm reverse beef --reason Salah\n```\nIt cancels `beefbeef`.\n"
    )
    (tmp_path / "again").mkdir()
    again = performed(old, tmp_path / "again", monkeypatch)
    assert "beef" not in again
    assert "[exit" not in again


def test_an_exit_code_is_never_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="ended otherwise than written"):
        performed(f"{SETTING}\n```console\n$ wksbm balance\nNothing is wrong.\n```\n", tmp_path, monkeypatch)
