"""Numbers of identity and family cards are kept out of the books."""

from __future__ import annotations

import pytest

from tests.conftest import Typist
from wksbm_cli.domain.problem import Refused
from wksbm_cli.domain.slug import check_slug, check_text


@pytest.mark.parametrize(
    "text",
    [
        "3404015708900003",
        "NIK 3404015708900003, sakit",
        "KK:3404011701100003.",
        "3404 0157 0890 0003",
        "340401-570890-0003",
        "34.04.01.570890.0003",
        "0000000000000000",
        "3404/0157/0890/0003",
        "340401_570890_0003",
        "340401\u2013570890\u20130003",
        "3404 - 0157 - 0890 - 0003",
        "3404  0157  0890  0003",
        "\uff13\uff14\uff10\uff14 \uff10\uff11\uff15\uff17 \uff10\uff18\uff19\uff10 \uff10\uff10\uff10\uff13",
        "3404\u00a00157\u00a00890\u00a00003",
    ],
)
def test_sixteen_digits_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        check_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "rekening 123456789012345",  # 15 digits
        "nota 12345678901234567",  # 17
        "iuran 2023 2024 2025 2026",
        "libur 2026-01-01 2026-02-01",
        "kuitansi 001/RT07/II/2026",
        "50.000 50.000 50.000",
        "12/01/2025 12/02/2025",
        "2025/01/02 2025/03/04",
        "0812 3456 7890 1234",
    ],
)
def test_other_numbers_are_text(text: str) -> None:
    assert check_text(text) == text


def test_a_member_id_is_no_identity_number() -> None:
    with pytest.raises(Refused):
        check_slug("3404015708900003")


def test_a_note_with_one_changes_nothing_and_is_not_repeated(book: Typist) -> None:
    before = book.files()
    answer = book("opening", "kas-sosial", "1jt", "--date", "2026-01-01", "--note", "NIK 3404015708900003")
    assert answer.code == 3
    assert book.files() == before
    assert "NIK" in answer.err and "3404015708900003" not in answer.err + answer.out
